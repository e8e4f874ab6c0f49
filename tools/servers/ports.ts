import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { Stop } from '../cli/stop.ts';

const loopback = '127.0.0.1';

/** Whether nobody listens on a port of this machine, on any of its addresses. */
export async function isFree(port: number, host = loopback): Promise<boolean> {
  const held = await listen(port, host);
  if (held === undefined) return false;
  await close(held);
  // Some systems let a program bind one address while another holds the port on all of them.
  return !(await answers(port));
}

/** `count` different free ports, held together while they are chosen so that none is named twice. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0, loopback)));
  const ports = servers.map((server) => portOf(server));
  await Promise.all(servers.map(close));
  return ports;
}

/** How the public port was asked for. */
export interface PortWish {
  /** What the user named (`TOLLWIRE_PORT`); nothing else will do then. */
  readonly explicit?: string | undefined;
  /** Where to begin when nothing was named. */
  readonly preferred: number;
}

/**
 * The port for the public door: the one that was named, else the preferred one or the next free after it.
 * Stops with a sentence when the named one is no port number or is taken.
 */
export async function publicPort({ explicit, preferred }: PortWish): Promise<number> {
  if (explicit !== undefined && explicit !== '') {
    const port = Number(explicit);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw new Stop(`TOLLWIRE_PORT is "${explicit}", which is not a port number from 1 to 65535.`);
    }
    if (await isFree(port)) return port;
    throw new Stop(`Port ${port} (TOLLWIRE_PORT) is taken by another program: stop that one or name another port.`);
  }
  for (let port = preferred; port < preferred + 100; port += 1) {
    if (await isFree(port)) return port;
  }
  throw new Stop(`No port from ${preferred} to ${preferred + 99} is free: name one with TOLLWIRE_PORT.`);
}

async function listen(port: number, host: string): Promise<Server | undefined> {
  const server = createServer();
  server.listen({ port, host, exclusive: true });
  try {
    await once(server, 'listening');
    return server;
  } catch {
    // Taken, or not ours to bind: either way it cannot be used, which is the answer.
    return undefined;
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: loopback });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function close(server: Server | undefined): Promise<void> {
  if (server === undefined) return;
  server.close();
  await once(server, 'close');
}

function portOf(server: Server | undefined): number {
  const address: AddressInfo | string | null | undefined = server?.address();
  if (typeof address !== 'object' || address === null) throw new Error('The system gave no free port');
  return address.port;
}
