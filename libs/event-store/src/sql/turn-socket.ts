import { Socket } from 'node:net';

type Written = (error?: Error | null) => void;

/**
 * A socket that sends at the end of a turn of the event loop whatever was written in it, as one write. `pg` writes each
 * pipelined statement by itself; several that travel together are then one system call here and one wake-up of the
 * server instead of one each, which on a small machine cost more than the statements.
 */
export class TurnSocket extends Socket {
  #gathering = false;

  constructor() {
    super();
    // Node gives a socket that connects the `write` of `Socket` as a property of its own, which would hide the one below.
    this.on('connect', () => Reflect.deleteProperty(this, 'write'));
  }

  override write(chunk: Uint8Array | string, encoding?: BufferEncoding | Written, written?: Written): boolean {
    this.#gather();
    return typeof encoding === 'string' ? super.write(chunk, encoding, written) : super.write(chunk, encoding);
  }

  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    this.cork();
    process.nextTick(() => {
      this.#gathering = false;
      this.uncork();
    });
  }
}
