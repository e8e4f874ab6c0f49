import { unreachable } from '@tollwire/core';
import type { CallEvent } from '../domain/call.ts';

/** When the service received what is told of a call, by our clock: the first event of each kind, and the last of any; and how many they are. Null: none, or none that is known of. */
export interface Receipts {
  readonly started_received_us: bigint | null;
  readonly ringing_received_us: bigint | null;
  readonly answered_received_us: bigint | null;
  readonly ended_received_us: bigint | null;
  readonly rated_received_us: bigint | null;
  readonly last_received_us: bigint | null;
  readonly event_count: number;
}

/** Of each kind the first counts, of all the last: so the same events give the same receipts, in whatever batches they are recorded. */
export const receiptNames = ['started_received_us', 'ringing_received_us', 'answered_received_us', 'ended_received_us', 'rated_received_us'] as const;

export const unreceived: Receipts = {
  started_received_us: null, ringing_received_us: null, answered_received_us: null, ended_received_us: null, rated_received_us: null, last_received_us: null, event_count: 0,
};

/** When an event was received. */
export type ReceivedAt = (event: CallEvent) => bigint;

export function receiptsOf(events: readonly CallEvent[], receivedAt: ReceivedAt): Receipts {
  const receipts: { -readonly [Name in keyof Receipts]: Receipts[Name] } = { ...unreceived, event_count: events.length };
  for (const event of events) {
    const atUs = receivedAt(event);
    const name = nameOf(event);
    if (name !== undefined && (receipts[name] === null || atUs < receipts[name])) receipts[name] = atUs;
    if (receipts.last_received_us === null || atUs > receipts.last_received_us) receipts.last_received_us = atUs;
  }
  return receipts;
}

function nameOf(event: CallEvent): (typeof receiptNames)[number] | undefined {
  switch (event.type) {
    case 'CallStarted':
      return 'started_received_us';
    case 'CallRinging':
      return 'ringing_received_us';
    case 'CallAnswered':
      return 'answered_received_us';
    case 'CallEnded':
      return 'ended_received_us';
    case 'CallRated':
      return 'rated_received_us';
    case 'CallAbandoned':
      // A rule of this service found it; nobody told.
      return undefined;
    default:
      return unreachable(event);
  }
}
