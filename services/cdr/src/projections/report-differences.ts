import { pgArray, type PgElement, type PgScalar, type Sql } from '@tollwire/event-store';
import { type Counted, type Difference, differenceOf } from '../domain/traffic.ts';
import type { Change } from './call-store.ts';

/** A difference by what a call counts as, or by one attempt over another carrier before. */
type Noted = Difference & { readonly isReroute?: true };

interface Column {
  readonly name: string;
  readonly type: PgElement;
  readonly of: (difference: Noted) => PgScalar;
}

/** What an attempt that was not the last adds to its carrier and to whatever else the call counts under: nothing but itself. */
const nothing = { isAnswered: false, isShort: false, isAbandoned: false, talkUs: 0, billedSec: 0, pddUs: null, sellNanos: 0n, buyNanos: 0n, marginNanos: 0n } satisfies Partial<Counted>;

function withReroutes({ sign, counted }: Difference): Noted[] {
  const reroutes = counted.reroutes.map((reroute) => ({ sign, counted: { ...counted, ...nothing, ...reroute, reroutes: [] }, isReroute: true }) as const);
  return [{ sign, counted }, ...reroutes];
}

/** What is only yes or no about a difference, as bits of one number, because every column costs each call something. */
export const kind = { taken: 1, live: 2, answered: 4, effective: 8, short: 16, abandoned: 32, reroute: 64 } as const;

function kindsOf({ sign, counted, isReroute }: Noted): number {
  return (
    (sign === -1 ? kind.taken : 0) |
    (counted.isLive ? kind.live : 0) |
    (counted.isAnswered ? kind.answered : 0) |
    (counted.isEffective ? kind.effective : 0) |
    (counted.isShort ? kind.short : 0) |
    (counted.isAbandoned ? kind.abandoned : 0) |
    (isReroute === true ? kind.reroute : 0)
  );
}

/** A batch's differences, one array for each column: they are unnested side by side when they are folded. */
export const differenceColumns: readonly Column[] = [
  { name: 'kinds', type: 'smallint', of: kindsOf },
  { name: 'at_min', type: 'integer', of: ({ counted }) => counted.atMin },
  { name: 'switch', type: 'text', of: ({ counted }) => counted.switchId },
  { name: 'carrier', type: 'text', of: ({ counted }) => counted.carrierCode },
  { name: 'account', type: 'text', of: ({ counted }) => counted.accountCode },
  { name: 'destination', type: 'integer', of: ({ counted }) => counted.countryPrefixId },
  { name: 'cause', type: 'integer', of: ({ counted }) => counted.q850Cause },
  { name: 'currency', type: 'text', of: ({ counted }) => counted.currency },
  { name: 'buy_currency', type: 'text', of: ({ counted }) => counted.buyCurrency },
  { name: 'talk_us', type: 'bigint', of: ({ counted }) => counted.talkUs },
  { name: 'billed_sec', type: 'integer', of: ({ counted }) => counted.billedSec },
  { name: 'pdd_us', type: 'bigint', of: ({ counted }) => counted.pddUs },
  { name: 'sell_nanos', type: 'bigint', of: ({ counted }) => counted.sellNanos },
  { name: 'buy_nanos', type: 'bigint', of: ({ counted }) => counted.buyNanos },
  { name: 'margin_nanos', type: 'bigint', of: ({ counted }) => counted.marginNanos },
];

const insertSql = `
  INSERT INTO report_difference (${differenceColumns.map(({ name }) => name).join(', ')})
  VALUES (${differenceColumns.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ')})`;

/**
 * Notes how a batch of calls changes the reports: one row for the whole batch, in the transaction of the calls, so that
 * reports and calls cannot differ. The sums themselves are made behind it (fold-reports.ts).
 */
export async function noteDifferences(tx: Sql, changes: readonly Change[], keptSinceUs: number): Promise<void> {
  const differences = changes.flatMap(({ before, after }) => differenceOf(before, after, keptSinceUs)).flatMap(withReroutes);
  if (differences.length === 0) return;
  await tx.query(insertSql, differenceColumns.map(({ type, of }) => pgArray(type, differences, of)));
}
