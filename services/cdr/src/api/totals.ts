import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CdrTotalsRequest, CdrTotalsSchema, CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';

interface CarrierRow {
  readonly carrier_code: string;
  readonly currency: string | null;
  readonly buy_currency: string | null;
  readonly calls: bigint;
  readonly closed: bigint;
  readonly answered: bigint;
  readonly billed_sec: bigint;
  /** Sums of bigints are numerics, which the driver gives as text. */
  readonly sell: string | null;
  readonly buy: string | null;
}

const totalsSql = `
  SELECT carrier_code, currency, buy_currency, count(*) AS calls,
    count(*) FILTER (WHERE status = 'closed') AS closed, count(answered_at_us) AS answered,
    coalesce(sum(pulsetime), 0)::bigint AS billed_sec, sum(sell_nanos)::text AS sell, sum(buy_nanos)::text AS buy
  FROM call
  WHERE started_at_us >= $1 AND started_at_us < $2
  GROUP BY carrier_code, currency, buy_currency
  ORDER BY carrier_code, currency, buy_currency`;

const int64Max = 9_223_372_036_854_775_807n;

/**
 * Exact sums over the calls that started in `[fromUs, untilUs)`, by carrier; 0 leaves a side open. Amounts of different
 * currencies are never added: a carrier has a row for each pair of them, and one without amounts for calls not rated.
 * Dead letters are counted whatever their time. A sum that no message holds is refused; a shorter time has smaller ones.
 */
export async function totals(sql: Sql, { fromUs, untilUs }: CdrTotalsRequest): Promise<Result<MessageInitShape<typeof CdrTotalsSchema>, CodedRefusal>> {
  const rows = await sql.query<CarrierRow>(totalsSql, [fromUs, untilUs === 0n ? int64Max : untilUs]);
  const beyond = rows.find(({ sell, buy }) => [sell, buy].some((sum) => BigInt(sum ?? 0) > int64Max));
  if (beyond !== undefined) return refuse({ code: 'reply_too_large', facts: { carrierCode: beyond.carrier_code, currency: beyond.currency ?? '' } });
  const [letters] = await sql.query<{ count: bigint }>('SELECT count(*) FROM dead_letter');
  return ok({
    callCount: sumOf(rows, (row) => row.calls),
    closedCount: sumOf(rows, (row) => row.closed),
    answeredCount: sumOf(rows, (row) => row.answered),
    deadLetterCount: letters?.count ?? 0n,
    carriers: rows.map((row) => ({
      carrierCode: row.carrier_code,
      callCount: row.calls,
      answeredCount: row.answered,
      billedSec: row.billed_sec,
      ...(row.sell === null ? {} : { sell: { nanos: BigInt(row.sell), currency: row.currency ?? '' } }),
      ...(row.buy === null ? {} : { buy: { nanos: BigInt(row.buy), currency: row.buy_currency ?? '' } }),
    })),
  });
}

function sumOf(rows: readonly CarrierRow[], of: (row: CarrierRow) => bigint): bigint {
  return rows.reduce((sum, row) => sum + of(row), 0n);
}
