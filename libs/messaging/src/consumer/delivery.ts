import { Match, type Msg } from '@nats-io/transport-node';

const text = new TextEncoder();
const ackBytes = text.encode('+ACK');
const workingBytes = text.encode('+WPI');

/** One message as JetStream delivered it, with what the server says about it in the reply subject. */
export class Delivery {
  readonly message: Msg;
  /** How often it was delivered; 1 the first time. */
  readonly deliveryCount: number;
  readonly streamSeq: number;
  /** Messages that the consumer has still to deliver after this one. */
  readonly pendingCount: number;
  /** The life of the source that it came from; see PullSource. */
  readonly generation: number;

  constructor(message: Msg, generation: number) {
    // $JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>, or with domain and account
    // hash after ACK and possibly more behind: counted from where the stream's name stands.
    const tokens = (message.reply ?? '').split('.');
    const at = tokens.length === 9 ? 4 : 6;
    this.message = message;
    this.deliveryCount = Number(tokens[at] ?? 1);
    this.streamSeq = Number(tokens[at + 1] ?? 0);
    this.pendingCount = Number(tokens[at + 4] ?? 0);
    this.generation = generation;
  }

  /** A header by its name, in whatever case it was sent. */
  readonly header = (name: string): string | undefined => {
    const { headers } = this.message;
    if (headers === undefined) return undefined;
    return headers.get(name) || headers.get(name, Match.IgnoreCase) || undefined;
  };

  ack(): void {
    this.message.respond(ackBytes);
  }

  /** Gives it back, to be delivered again (to any instance) after `delayMs`. */
  nak(delayMs: number): void {
    this.message.respond(text.encode(`-NAK {"delay": ${Math.round(delayMs * 1e6)}}`));
  }

  /** Starts its time to be acknowledged anew. */
  working(): void {
    this.message.respond(workingBytes);
  }
}
