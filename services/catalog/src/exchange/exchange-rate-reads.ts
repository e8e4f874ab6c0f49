import type { Sql } from '@tollwire/event-store';
import { type ExchangeRate, ExchangeRates } from '@tollwire/telecom';
import type { ExchangeRateRow } from './exchange-rate-list.ts';

/** A rate with what follows from the others of its pair. */
export interface ListedExchangeRate extends ExchangeRateRow {
  /** When the next rate of the pair begins; null: there is none. */
  readonly validUntil: number | null;
  readonly isCorrected: boolean;
}

/** Where a page ended: the last rate on it. */
export type RateCursor = Pick<ExchangeRateRow, 'base' | 'quote' | 'revision'> & { readonly validFromUs: number };

const columns = `base, quote, revision, numerator, decimals, to_us(valid_from)::float8 as "validFrom", source, recorded_by as "recordedBy",
  to_us(recorded_at)::float8 as "recordedAt"`;

const listed = `
  select * from (
    select ${columns},
      to_us(first_value(valid_from) over (partition by base, quote order by valid_from groups between 1 following and 1 following))::float8 as "validUntil",
      max(revision) over (partition by base, quote, valid_from) <> revision as "isCorrected"
    from exchange_rate
    where case when $1 = '' then true when $2 = '' then $1 in (base, quote) else base = $1 and quote = $2 end
  ) r where (base, quote, "validFrom", revision) > ($3, $4, $5::float8, $6::int)
  order by base, quote, "validFrom", revision limit $7`;

/** Before the first rate. */
export const firstRate: RateCursor = { base: '', quote: '', validFromUs: -1, revision: 0 };

/**
 * Rates after a place, by pair, then by their beginnings: of all pairs, of those with the currency `base` on either side, or,
 * where a `quote` is given too, of the one pair.
 */
export async function readExchangeRates(sql: Sql, { base, quote }: { base: string; quote: string }, after: RateCursor, max: number): Promise<ListedExchangeRate[]> {
  return await sql.query<ListedExchangeRate>(listed, [base, quote, after.base, after.quote, after.validFromUs, after.revision, max]);
}

const recorded = `select ${columns} from exchange_rate where (base, quote, revision) > ($1, $2, $3::int) order by base, quote, revision limit $4`;

/** Rates as they were recorded, by pair and revision. */
export async function readRecordedRates(sql: Sql, after: Pick<RateCursor, 'base' | 'quote' | 'revision'>, max: number): Promise<ExchangeRateRow[]> {
  return await sql.query<ExchangeRateRow>(recorded, [after.base, after.quote, after.revision, max]);
}

/** Rates that are read at once. */
const RECORDED_MAX = 5_000;

/** Everything that currencies are worth in each other, and were. */
export async function exchangeRatesOf(sql: Sql): Promise<ExchangeRates> {
  const rates: ExchangeRate[] = [];
  for (let after = { base: '', quote: '', revision: 0 }; ;) {
    const page = await readRecordedRates(sql, after, RECORDED_MAX);
    rates.push(...page.map(({ validFrom, ...rate }) => ({ ...rate, validFromUs: validFrom })));
    const last = page.at(-1);
    if (last === undefined || page.length < RECORDED_MAX) return new ExchangeRates(rates);
    after = last;
  }
}
