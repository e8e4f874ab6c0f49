import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** The line between a service and one of its servers, which a test can cut, hold and mend. */
export class Cable {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #state: 'whole' | 'cut' | 'held' = 'whole';

  private constructor(url: URL) {
    this.#target = { host: url.hostname, port: Number(url.port) };
    this.#server = createServer((near) => this.#join(near));
  }

  /** A cable to the server of a URL, and that URL through the cable. */
  static async to(url: string): Promise<{ cable: Cable; url: string }> {
    const through = new URL(url);
    const cable = new Cable(through);
    cable.#server.listen(0, '127.0.0.1');
    await once(cable.#server, 'listening');
    const address = cable.#server.address();
    if (address === null || typeof address === 'string') throw new Error('A listening socket has a port');
    through.hostname = '127.0.0.1';
    through.port = String(address.port);
    return { cable, url: through.toString() };
  }

  /** Breaks every connection, and each new one as soon as it is made. */
  cut(): void {
    this.#state = 'cut';
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Lets nothing through any more, without a word to either side. */
  hold(): void {
    this.#state = 'held';
    for (const socket of this.#sockets) socket.pause();
  }

  mend(): void {
    this.#state = 'whole';
    for (const socket of this.#sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket): void {
    if (this.#state === 'cut') return void near.destroy();
    const far = connect(this.#target);
    this.#forward(near, far);
    this.#forward(far, near);
  }

  #forward(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', (bytes) => void to.write(bytes));
    // Either side's end or error is the end of both; which of them it was says nothing here.
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    if (this.#state === 'held') from.pause();
  }
}
