/** A message is packed up to this size; NATS takes 1 MB by default, headers included. */
export const MESSAGE_BYTES_MAX = 512 * 1024;

/** An outbox row holds the events of a subject up to this size, so that two rows still pack into one message. */
export const ROW_BYTES_MAX = 256 * 1024;

/** The largest single event: it fills a message by itself. */
export const EVENT_BYTES_MAX = MESSAGE_BYTES_MAX;
