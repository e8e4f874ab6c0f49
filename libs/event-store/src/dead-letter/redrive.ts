import { decodeMessage, type ReceivedEvent } from '@tollwire/contracts';
import type { Result } from '@tollwire/core';
import { takeFresh } from '../inbox/take-fresh.ts';
import type { Reaction, ReactionOutcome } from '../reaction/reaction.ts';
import type { Database } from '../sql/database.ts';
import type { Sql } from '../sql/sql.ts';
import { isTransient } from '../sql/transient.ts';
import { type DeadLetter, type DeadLetterFilter, listDeadLetters, takeLetter } from './list.ts';
import { park } from './park.ts';
import { storable } from './storable.ts';

/** What became of the letters that were driven again. */
export interface RedriveReport {
  /** Letters that had their effect at last, and are gone. */
  readonly handled: number;
  /** Letters that are parked again, with one more try and the new reason. */
  readonly parkedAgain: number;
}

/**
 * Gives dead letters to their reaction again, each in a transaction of its own, from the bytes that were kept: once
 * each, however many drive at the same time. Rejects when the database is away; what was done until then stands.
 */
export async function redrive(
  database: Pick<Database, 'transaction' | 'query'>,
  reaction: Reaction,
  filter: Omit<DeadLetterFilter, 'consumer'> = {},
): Promise<RedriveReport> {
  const letters = await listDeadLetters(database, { ...filter, consumer: reaction.name });
  let handled = 0;
  let parkedAgain = 0;
  for (const { position } of letters) {
    const outcome = await redriveOne(database, reaction, position);
    if (outcome === 'handled') handled += 1;
    if (outcome === 'parked') parkedAgain += 1;
  }
  return { handled, parkedAgain };
}

type Outcome = 'handled' | 'parked' | 'gone';

interface Driven extends Pick<ReactionOutcome, 'committed'> {
  readonly outcome: Outcome;
}

async function redriveOne(database: Pick<Database, 'transaction' | 'query'>, reaction: Reaction, position: bigint): Promise<Outcome> {
  try {
    const { outcome, committed } = await database.transaction(async (tx): Promise<Driven> => {
      const letter = await takeLetter(tx, position);
      if (letter === undefined) return { outcome: 'gone' };
      const events = eventsOf(letter);
      if (events.ok) return await handleLetter(tx, reaction, letter, events.value);
      await countTry(tx, position, events.refusal.code, detailOf(events.refusal));
      return { outcome: 'parked' };
    }, { byKey: true });
    committed?.();
    return outcome;
  } catch (error) {
    if (isTransient(error)) throw error;
    await countTry(database, position, 'failed', error instanceof Error ? error.message : String(error));
    return 'parked';
  }
}

async function handleLetter(tx: Sql, reaction: Reaction, letter: DeadLetter, events: readonly ReceivedEvent[]): Promise<Driven> {
  // The receipt of a parked event stands already; the events of a message that could not be read have none yet.
  const fresh = await takeFresh(tx, reaction.name, events.map(({ id }) => id));
  const due = letter.kind === 'event' || reaction.receipts === 'own' ? events : events.filter(({ id }) => fresh.has(id));
  const { park: letters = [], committed } = due.length === 0 ? {} : (await reaction.handle(tx, due)) ?? {};
  const driven = (outcome: Outcome): Driven => (committed === undefined ? { outcome } : { outcome, committed });
  const parkedAgain = await park(tx, reaction.name, new Map(due.map((event) => [event.id, event])), letters);
  if (letter.kind === 'event' && parkedAgain > 0) return driven('parked');
  await tx.query('DELETE FROM dead_letter WHERE position = $1', [letter.position]);
  return driven('handled');
}

function eventsOf({ kind, event, headers }: DeadLetter): Result<readonly ReceivedEvent[], { code: string; detail?: string }> {
  if (kind === 'event') return { ok: true, value: [event] };
  const byLowerName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return decodeMessage(event.type, (name) => byLowerName.get(name), event.dataBytes);
}

function detailOf({ code, detail }: { code: string; detail?: string }): string {
  return detail ?? code;
}

async function countTry(sql: Sql, position: bigint, code: string, detail: string): Promise<void> {
  await sql.query(
    'UPDATE dead_letter SET tries = tries + 1, code = $2, detail = $3, parked_at = now() WHERE position = $1',
    [position, code, storable(detail)],
  );
}
