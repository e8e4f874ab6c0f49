import type { CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { PartyDifference } from './findings.ts';

/** What a re-rating changes in all, and for those whom it changes most for. */
export interface Report {
  readonly totals: readonly Omit<PartyDifference, 'partyKey'>[];
  readonly parties: readonly PartyDifference[];
  readonly partyCount: number;
}

interface SumRow {
  readonly currency: string;
  readonly changed_count: bigint;
  readonly sell: string;
  readonly buy: string;
}

interface PartyRow extends SumRow {
  readonly party_key: string;
}

const PARTIES_MAX = 100;

const selectTotals = `
  select currency, sum(changed_count)::bigint as changed_count, sum(sell_difference_nanos)::text as sell, sum(buy_difference_nanos)::text as buy
  from rerating_difference where rerating_id = $1 group by currency order by currency`;

const selectParties = `
  select party_key, currency, changed_count, sell_difference_nanos::text as sell, buy_difference_nanos::text as buy
  from rerating_difference where rerating_id = $1
  order by abs(sell_difference_nanos) desc, abs(buy_difference_nanos) desc, party_key, currency limit $2`;

const countParties = 'select count(distinct party_key)::int as count from rerating_difference where rerating_id = $1';

/** A signed 64-bit number, as the message holds a sum. */
const SUM_MAX = 2n ** 63n - 1n;

/** The sums of a re-rating. Refused where one is beyond what a message holds: no wrong sum is told. */
export async function reportOf(sql: Sql, reratingId: string): Promise<Result<Report, CodedRefusal>> {
  const totals = (await sql.query<SumRow>(selectTotals, [reratingId])).map(sumOf);
  const parties = (await sql.query<PartyRow>(selectParties, [reratingId, PARTIES_MAX])).map((row) => ({ ...sumOf(row), partyKey: row.party_key }));
  const beyond = [...totals, ...parties].find(({ sellNanos, buyNanos }) => isBeyond(sellNanos) || isBeyond(buyNanos));
  if (beyond !== undefined) return refuse({ code: 'reply_too_large', facts: { currency: beyond.currency, sell: String(beyond.sellNanos), buy: String(beyond.buyNanos) } });
  const [counted] = await sql.query<{ count: number }>(countParties, [reratingId]);
  return ok({ totals, parties, partyCount: counted?.count ?? 0 });
}

function sumOf({ currency, changed_count, sell, buy }: SumRow): Omit<PartyDifference, 'partyKey'> {
  return { currency, changedCount: Number(changed_count), sellNanos: BigInt(sell), buyNanos: BigInt(buy) };
}

function isBeyond(sum: bigint): boolean {
  return sum > SUM_MAX || sum < -SUM_MAX;
}
