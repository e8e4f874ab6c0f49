import type { Event } from '@tollwire/core';

/** What is known about how an event came to be (who, which request, traceparent), kept beside it. */
export type EventMeta = Readonly<Record<string, string>>;

/** An event where it stands: in its stream, at its version (1 is the first). */
export interface Recorded<E extends Event = Event> {
  readonly stream: string;
  readonly version: number;
  readonly event: E;
  readonly meta: EventMeta;
}

/** A row of the event table, its JSON still text: `jsonb` numbers and bigints go through one codec, ours. */
export interface EventRow {
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly data: string;
  readonly meta: string;
}
