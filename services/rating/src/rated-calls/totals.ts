import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, RatingTotalsSchema } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';

interface SumRow {
  readonly side: 'sell' | 'buy' | 'call';
  readonly currency: string;
  readonly total: string;
}

/** Of each call the newest rating counts. */
const selectTotals = `
  with latest as (
    select sell_nanos, sell_currency, buy_nanos, buy_currency from rated_call r
    where not exists (select from rated_call n where n.call_key = r.call_key and n.revision = r.revision + 1))
  select 'call' as side, '' as currency, count(*)::text as total from latest
  union all
  select 'sell', sell_currency, sum(sell_nanos)::text from latest group by sell_currency
  union all
  select 'buy', buy_currency, sum(buy_nanos)::text from latest where buy_nanos is not null group by buy_currency
  order by 1, 2`;

/** A signed 64-bit number, as the message holds a sum. */
const SUM_MAX = 2n ** 63n - 1n;

/**
 * How many calls are rated, and what they sell for and cost in each currency; and how many wait as dead letters.
 * Refused where the sum of a currency is beyond what a message holds: no wrong sum is told.
 */
export async function ratingTotals(sql: Sql): Promise<Result<MessageInitShape<typeof RatingTotalsSchema>, CodedRefusal>> {
  const rows = await sql.query<SumRow>(selectTotals);
  const beyond = rows.find(({ total }) => BigInt(total) > SUM_MAX);
  if (beyond !== undefined) return refuse({ code: 'reply_too_large', facts: { side: beyond.side, currency: beyond.currency, nanos: beyond.total } });
  const [letters] = await sql.query<{ count: bigint }>('select count(*) as count from dead_letter');
  const of = (side: SumRow['side']) => rows.filter((row) => row.side === side);
  const amounts = (side: 'sell' | 'buy') => of(side).map(({ currency, total }) => ({ currency, nanos: BigInt(total) }));
  return ok({
    ratedCount: of('call').reduce((sum, { total }) => sum + BigInt(total), 0n),
    sell: amounts('sell'),
    buy: amounts('buy'),
    deadLetterCount: letters?.count ?? 0n,
  });
}
