import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a service and PostgreSQL, and can cut the line when a COMMIT has gone through, before its answer has. */
export class CuttableLine {
  readonly #server: Server;
  /** How many more COMMITs are cut. */
  cuts = 0;

  /** @param target where PostgreSQL is. */
  constructor(target: URL) {
    this.#server = createServer((client) => this.#join(client, connect(Number(target.port), target.hostname)));
  }

  /** Opens the line, and answers the port of the loopback that it begins at. */
  async open(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('No port of the machine is free');
    return address.port;
  }

  /** Takes no more connections. */
  close(): void {
    this.#server.close();
  }

  #join(client: Socket, server: Socket): void {
    let isCut = false;
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
    client.on('close', () => server.end());
    server.on('close', () => client.destroy());
    client.on('data', (chunk) => {
      if (this.cuts > 0 && chunk.includes('COMMIT\0')) {
        this.cuts -= 1;
        isCut = true;
      }
      server.write(chunk);
    });
    // The server's answer proves that it has committed; the client never hears of it.
    server.on('data', (chunk) => (isCut ? client.destroy() : client.write(chunk)));
  }
}
