import type { ReceivedEvent, RefusalCode } from '@tollwire/contracts';
import { park } from '../dead-letter/park.ts';
import { takeFresh } from '../inbox/take-fresh.ts';
import type { Database } from '../sql/database.ts';
import type { Sql } from '../sql/sql.ts';
import type { Reaction, ReactionOutcome } from './reaction.ts';

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
 * COMMIT) all of it may have: either way giving the same events again is right. `onParked` is told the codes of what was
 * parked, after COMMIT.
 */
export async function runReaction(
  database: Pick<Database, 'transaction'>,
  reaction: Reaction,
  events: readonly ReceivedEvent[],
  onParked: (codes: readonly RefusalCode[]) => void = () => undefined,
): Promise<ReactionReport> {
  if (events.length === 0) return nothing;
  const byId = new Map(events.map((event) => [event.id, event]));
  const { report, codes, committed } = await database.transaction(
    (tx) => (reaction.receipts === 'own' ? handleAll(tx, reaction, events, byId) : handleFresh(tx, reaction, events.length, byId)),
    { byKey: true },
  );
  committed?.();
  if (codes.length > 0) onParked(codes);
  return report;
}

const nothing: ReactionReport = { handled: 0, repeated: 0, parked: 0 };

interface Done extends Pick<ReactionOutcome, 'committed'> {
  readonly report: ReactionReport;
  readonly codes: readonly RefusalCode[];
}

async function handleFresh(tx: Sql, reaction: Reaction, count: number, byId: ReadonlyMap<string, ReceivedEvent>): Promise<Done> {
  const fresh = await takeFresh(tx, reaction.name, [...byId.keys()]);
  const repeated = count - fresh.size;
  if (fresh.size === 0) return { report: { ...nothing, repeated }, codes: [] };
  const outcome = (await reaction.handle(tx, [...byId.values()].filter(({ id }) => fresh.has(id)))) ?? {};
  return await parkRest(tx, reaction, byId, outcome, { events: fresh.size, repeated });
}

/** For a reaction that keeps its receipts itself: which events are repeats is its own business. */
async function handleAll(tx: Sql, reaction: Reaction, events: readonly ReceivedEvent[], byId: ReadonlyMap<string, ReceivedEvent>): Promise<Done> {
  const outcome = (await reaction.handle(tx, events)) ?? {};
  return await parkRest(tx, reaction, byId, outcome, { events: events.length, repeated: 0 });
}

async function parkRest(
  tx: Sql,
  reaction: Reaction,
  byId: ReadonlyMap<string, ReceivedEvent>,
  { park: letters = [], committed }: ReactionOutcome,
  { events, repeated }: { readonly events: number; readonly repeated: number },
): Promise<Done> {
  const parked = await park(tx, reaction.name, byId, letters);
  const done = { report: { handled: events - parked, repeated, parked }, codes: letters.map(({ code }) => code) };
  return committed === undefined ? done : { ...done, committed };
}
