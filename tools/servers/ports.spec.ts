import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePorts, isFree, publicPort } from './ports.ts';

const held: Server[] = [];

async function hold(port: number, host = '127.0.0.1'): Promise<void> {
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  held.push(server);
}

afterEach(() => {
  for (const server of held.splice(0)) server.close();
});

describe('free ports', () => {
  it('are all different, and free', async () => {
    const ports = await freePorts(8);
    expect(new Set(ports).size).toBe(8);
    expect(await Promise.all(ports.map((port) => isFree(port)))).not.toContain(false);
  });

  it('do not count when somebody listens on all addresses', async () => {
    const [port = 0] = await freePorts(1);
    await hold(port, '0.0.0.0');
    expect(await isFree(port)).toBe(false);
  });
});

describe('the public port', () => {
  it('is the preferred one when that is free', async () => {
    const [preferred = 0] = await freePorts(1);
    expect(await publicPort({ preferred })).toBe(preferred);
  });

  it('is the next free one when the preferred one is taken', async () => {
    const [preferred = 0] = await freePorts(1);
    await hold(preferred);
    expect(await publicPort({ preferred })).toBeGreaterThan(preferred);
  });

  it('is the named one, or there is one sentence', async () => {
    const [named = 0, preferred = 0] = await freePorts(2);
    expect(await publicPort({ explicit: String(named), preferred })).toBe(named);
    await hold(named);
    await expect(publicPort({ explicit: String(named), preferred })).rejects.toThrow(
      `Port ${named} (TOLLWIRE_PORT) is taken by another program: stop that one or name another port.`,
    );
  });

  it.each(['0', '65536', '80a', '-1', '1.5'])('refuses "%s", which is no port number', async (explicit) => {
    await expect(publicPort({ explicit, preferred: 8480 })).rejects.toThrow('not a port number');
  });
});
