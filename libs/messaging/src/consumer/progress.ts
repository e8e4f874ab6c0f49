/** How a consumer gets on. Counts are since it was started. */
export interface ConsumerProgress {
  readonly handledEvents: number;
  readonly parkedEvents: number;
  /** Messages that were parked as a whole, because no event could be read from them. */
  readonly parkedMessages: number;
  /** Messages that had been delivered before. */
  readonly redeliveredMessages: number;
  /** Messages that were acknowledged unread, while the consumer stood by. */
  readonly passedOverMessages: number;
  readonly batches: number;
  readonly lastBatchEvents: number;
  /** Batches given back because of a failure that passes. */
  readonly transientFailures: number;
  /** How often the consumer had to be found or made again. */
  readonly recoveries: number;
  /** Messages that wait: on the server, in the buffer, and under way. Undefined until the server has told. */
  readonly lag: number | undefined;
}

export type Counters = { -readonly [Name in Exclude<keyof ConsumerProgress, 'lag'>]: number };

export function newCounters(): Counters {
  return {
    handledEvents: 0,
    parkedEvents: 0,
    parkedMessages: 0,
    redeliveredMessages: 0,
    passedOverMessages: 0,
    batches: 0,
    lastBatchEvents: 0,
    transientFailures: 0,
    recoveries: 0,
  };
}
