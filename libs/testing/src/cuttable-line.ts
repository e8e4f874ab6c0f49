import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a service and PostgreSQL, and can cut the line when a COMMIT has gone through, or a statement that commits by itself, before its answer has. */
export class CuttableLine {
  readonly #server: Server;
  readonly #sign: string;
  /** How many more COMMITs are cut. */
  cuts = 0;

  /**
   * @param target where PostgreSQL is.
   * @param sign what is in the bytes of that which commits.
   */
  constructor(target: URL, sign = 'COMMIT\0') {
    this.#sign = sign;
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
      if (this.cuts > 0 && chunk.includes(this.#sign)) {
        this.cuts -= 1;
        isCut = true;
      }
      server.write(chunk);
    });
    // The server's answer proves that it has committed; the client never hears of it.
    server.on('data', (chunk) => (isCut ? client.destroy() : client.write(chunk)));
  }
}
