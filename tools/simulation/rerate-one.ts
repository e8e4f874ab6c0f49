import { instantUs } from '@tollwire/core';
import { enqueue, type Sql } from '@tollwire/event-store';
import { rateCall } from '../../services/rating/src/domain/rate-call.ts';
import { insertRatedCalls } from '../../services/rating/src/rated-calls/insert.ts';
import { RatedMeanwhile } from '../../services/rating/src/rerate/rerate.ts';
import { callRatedEvent } from '../../services/rating/src/wire/call-rated.ts';
import type { RatingProcess } from './processes.ts';

interface Rated {
  readonly revision: number;
  readonly party_key: string;
  readonly called_e164: string;
  readonly started_at_us: bigint;
  readonly answered_at_us: bigint | null;
  readonly ended_at_us: bigint;
  readonly carrier_code: string;
  readonly q850_cause: number;
}

const selectLatest = `
  SELECT revision, party_key, called_e164, started_at_us, answered_at_us, ended_at_us, carrier_code, q850_cause
  FROM rated_call WHERE call_key = $1 ORDER BY revision DESC LIMIT 1`;

/** Rates one call again by the tables that count, as a revision more: the core of a re-rating, without its walk. */
export async function rerateOne({ database, clock, root, subscribers, tables }: RatingProcess['deps'], callKey: string): Promise<void> {
  await database.transaction(async (tx) => {
    const [before] = await tx.query<Rated>(selectLatest, [callKey]);
    if (before !== undefined) await again(tx, before);
  });

  async function again(tx: Sql, before: Rated): Promise<void> {
    const { party_key: partyKey, carrier_code: carrierCode, q850_cause: q850Cause } = before;
    const at = (us: bigint) => instantUs(Number(us));
    const times = { startedAt: at(before.started_at_us), answeredAt: before.answered_at_us === null ? undefined : at(before.answered_at_us), endedAt: at(before.ended_at_us) };
    const subscriber = (await subscribers.of(tx, [partyKey])).get(partyKey);
    const rated = rateCall({ ...times, calledNumber: `+${before.called_e164}`, carrierCode, preRatedSell: undefined }, subscriber, tables.now);
    if (!rated.ok) return;
    const record = { ...times, callKey, revision: before.revision + 1, partyKey, plan: subscriber?.plan, q850Cause, carrierCode, rated: rated.value, ratedAt: clock.nowUs() };
    const added = await insertRatedCalls(tx, [record]);
    if (added.length === 0) throw new RatedMeanwhile('A call got a newer rating meanwhile');
    await enqueue(tx, root, [callRatedEvent(record, undefined)]);
  }
}
