import type { ReceivedEvent } from '@tollwire/contracts';
import { park } from '../dead-letter/park.ts';
import { takeFresh } from '../inbox/take-fresh.ts';
import type { Database } from '../sql/database.ts';
import type { Reaction } from './reaction.ts';

/** What became of a batch. */
export interface ReactionReport {
  /** Events that had their effect in this run. */
  readonly handled: number;
  /** Events that had been here before, or twice in the batch. */
  readonly repeated: number;
  /** Events that are now dead letters. */
  readonly parked: number;
}

/**
 * Gives a batch of events to a reaction in one transaction: receipts, effect, and dead letters for what it parks.
 * Resolves after COMMIT, so acknowledge then. When it rejects nothing has happened, or (a connection lost during
 * COMMIT) all of it may have: either way giving the same events again is right.
 */
export async function runReaction(
  database: Pick<Database, 'transaction'>,
  reaction: Reaction,
  events: readonly ReceivedEvent[],
): Promise<ReactionReport> {
  if (events.length === 0) return { handled: 0, repeated: 0, parked: 0 };
  const byId = new Map(events.map((event) => [event.id, event]));
  if (reaction.receipts === 'own') return await handleAll(database, reaction, events, byId);
  return await database.transaction(async (tx) => {
    const fresh = await takeFresh(tx, reaction.name, [...byId.keys()]);
    const repeated = events.length - fresh.size;
    if (fresh.size === 0) return { handled: 0, repeated, parked: 0 };
    const outcome = await reaction.handle(tx, [...byId.values()].filter(({ id }) => fresh.has(id)));
    const parked = await park(tx, reaction.name, byId, outcome?.park ?? []);
    return { handled: fresh.size - parked, repeated, parked };
  }, { byKey: true });
}

/** For a reaction that keeps its receipts itself: which events are repeats is its own business. */
async function handleAll(
  database: Pick<Database, 'transaction'>,
  reaction: Reaction,
  events: readonly ReceivedEvent[],
  byId: ReadonlyMap<string, ReceivedEvent>,
): Promise<ReactionReport> {
  return await database.transaction(async (tx) => {
    const outcome = await reaction.handle(tx, events);
    const parked = await park(tx, reaction.name, byId, outcome?.park ?? []);
    return { handled: events.length - parked, repeated: 0, parked };
  }, { byKey: true });
}
