import type { ReceivedEvent, RefusalCode } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { takeFresh } from '../inbox/take-fresh.ts';
import type { ParkedEvent } from '../reaction/reaction.ts';
import type { Database } from '../sql/database.ts';
import type { Sql } from '../sql/sql.ts';
import { storable } from './storable.ts';

/** Why something became a dead letter: a refusal's code, or `failed` where handling threw something else. */
export type LetterCode = RefusalCode | 'failed';

/** A parked event with the code that its letter keeps. */
type Letter = Omit<ParkedEvent, 'code'> & { readonly code: LetterCode };

const insertLetters = `
  INSERT INTO dead_letter (consumer, kind, event_id, type, source, key, time_us, traceparent, data, code, detail)
  SELECT $1, 'event', event_id, type, source, key, time_us, traceparent, decode(data, 'base64'), code, detail
  FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[])
    AS d (event_id, type, source, key, time_us, traceparent, data, code, detail)
  ON CONFLICT (consumer, event_id) DO UPDATE
  SET tries = dead_letter.tries + 1, code = excluded.code, detail = excluded.detail, parked_at = now()`;

/**
 * Keeps events as dead letters of a consumer, with the bytes that they came as, in the caller's transaction. An event
 * that is parked already counts one more try. Throws on an event id that is not among `events`. Returns how many.
 */
export async function park(
  sql: Sql,
  consumer: string,
  events: ReadonlyMap<string, ReceivedEvent>,
  parked: readonly Letter[],
): Promise<number> {
  const letters = [...new Map(parked.map((letter) => [letter.eventId, letter])).values()];
  if (letters.length === 0) return 0;
  const received = letters.map(({ eventId }) => present(events.get(eventId), `event ${eventId} in the batch that parks it`));
  await sql.query(insertLetters, [
    consumer,
    received.map((event) => event.id),
    received.map((event) => storable(event.type)),
    received.map((event) => storable(event.source)),
    received.map((event) => storable(event.key)),
    received.map((event) => event.timeUs),
    received.map((event) => event.traceparent ?? null),
    received.map((event) => Buffer.from(event.dataBytes).toString('base64')),
    letters.map((letter) => letter.code),
    letters.map((letter) => storable(letter.detail)),
  ]);
  return letters.length;
}

/**
 * Parks one event from outside of a reaction, such as one that made it throw: its receipt and its dead letter in one
 * transaction, so that a later copy of it is a repeat. Nothing happens when the consumer has had it. True if parked.
 */
export async function parkEvent(
  database: Pick<Database, 'transaction'>,
  consumer: string,
  event: ReceivedEvent,
  code: LetterCode,
  detail: string,
): Promise<boolean> {
  return await database.transaction(async (tx) => {
    const fresh = await takeFresh(tx, consumer, [event.id]);
    if (!fresh.has(event.id)) return false;
    await park(tx, consumer, new Map([[event.id, event]]), [{ eventId: event.id, code, detail }]);
    return true;
  });
}
