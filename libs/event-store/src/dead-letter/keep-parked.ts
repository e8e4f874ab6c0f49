import { eventIdOf, type ReceivedEvent } from '@tollwire/contracts';
import type { Database } from '../sql/database.ts';
import { type LetterCode, parkEvent } from './park.ts';
import { storable } from './storable.ts';

/** A message of which no event could be read, as it came. */
export interface UnreadableMessage {
  readonly kind: 'message';
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** What a consumer of the bus could not handle. */
export type ParkedDelivery = {
  readonly subject: string;
  readonly reason: LetterCode;
  readonly detail: string;
} & ({ readonly kind: 'event'; readonly event: ReceivedEvent } | UnreadableMessage);

const insertMessage = `
  INSERT INTO dead_letter (consumer, kind, event_id, type, source, key, time_us, headers, data, code, detail)
  VALUES ($1, 'message', $2, $3, $4, '', 0, $5::jsonb, $6, $7, $8)
  ON CONFLICT (consumer, event_id) DO NOTHING`;

/**
 * Keeps what a consumer of the bus hands over, event or unreadable message, as a dead letter of the reaction named
 * `consumer`; durable when it resolves, so acknowledge then. The same again is not kept twice.
 */
export async function keepParked(
  database: Pick<Database, 'transaction' | 'query'>,
  consumer: string,
  parked: ParkedDelivery,
): Promise<void> {
  if (parked.kind === 'event') {
    await parkEvent(database, consumer, parked.event, parked.reason, parked.detail);
    return;
  }
  const { subject, contentType, headers, bytes, reason, detail } = parked;
  await database.query(insertMessage, [
    consumer,
    eventIdOf('message', 0, [subject, contentType, Buffer.from(bytes).toString('base64')]),
    storable(contentType),
    storable(subject),
    storable(JSON.stringify(headers)),
    Buffer.from(bytes),
    reason,
    storable(detail),
  ]);
}
