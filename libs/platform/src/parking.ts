import type { ReceivedEvent } from '@tollwire/contracts';
import { eventIdOf } from '@tollwire/contracts';
import { type Database, parkEvent } from '@tollwire/event-store';
import type { Parked } from '@tollwire/messaging';

/** The type under which a message is kept from which no event could be read. */
export const undecodable = 'undecodable';

/** Keeps what a reaction could not handle among the dead letters of its own database. */
export function parkIn(database: Database, reaction: string): (parked: Parked) => Promise<void> {
  return async (parked) => {
    const event = parked.kind === 'event' ? parked.event : letterOf(parked);
    await parkEvent(database, reaction, event, parked.reason, parked.detail);
  };
}

/** A message of which not even the envelope could be read, as an event whose id is its place in the stream. */
function letterOf({ subject, bytes, streamSeq }: Extract<Parked, { kind: 'message' }>): ReceivedEvent {
  return { id: eventIdOf(undecodable, 0, [subject, String(streamSeq)]), type: undecodable, source: subject, key: subject, timeUs: 0, dataBytes: bytes };
}
