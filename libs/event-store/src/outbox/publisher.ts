/** What the stream says of itself. */
export interface StreamState {
  /** Tells one life of the stream from another: when it was created. */
  readonly created: string;
  /** Sequence of the oldest message kept; above lastSeq when there is none. */
  readonly firstSeq: number;
  /** Sequence of the newest message ever taken. */
  readonly lastSeq: number;
  /** How long the stream keeps a message; absent when for ever. */
  readonly ageMsMax?: number;
  /** Whether it lets go of its oldest messages by their number or size, too. What it lets go is not brought back. */
  readonly isSizeLimited?: boolean;
}

/** The stream's word that it has a message for good. */
export interface PubAck {
  readonly seq: number;
  /** The stream took it for one that it had under the same id; `seq` is then that one's. */
  readonly duplicate?: boolean;
}

/** Where the relay publishes: one stream. Everything rejects while the server is away. */
export interface Publisher {
  /** Resolves when the message is durable in the stream. `messageId` is the Nats-Msg-Id. */
  publish(subject: string, payload: Uint8Array, messageId: string, eventCount: number): Promise<PubAck>;
  /** The stream as it is now; rejects where there is none. */
  streamState(): Promise<StreamState>;
  /** The Nats-Msg-Id of the message at `seq` (an empty text where it has none), or undefined where there is no message. */
  messageIdAt(seq: number): Promise<string | undefined>;
  /**
   * How often the connection was made anew. A stream can only have lost messages across such a break, so the relay
   * looks before it believes an acknowledgement from beyond one. Without it the relay looks when sequences fall back.
   */
  connectionCount?(): number;
}
