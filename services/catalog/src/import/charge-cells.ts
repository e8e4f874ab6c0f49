import { type ChargeTerms, formatNanos } from '@tollwire/telecom';
import type { DeckColumn } from './deck-columns.ts';
import type { AmountReader } from './step-text.ts';

/** Longer than anything that counts seconds of one call is meant. */
const SEC_MAX = 86_400;
const TAX_PPM_MAX = 10_000_000;

/** Columns that hold an amount of money each, once a call. */
const amounts = { disconnect_fee: 'disconnectFeeNanos', attempt_fee: 'attemptFeeNanos', min_charge: 'minChargeNanos', block_fee: 'blockFeeNanos' } as const;
/** Columns that hold seconds. */
const lengths = { disconnect_fee_after: 'disconnectFeeAfterSec', free_below: 'minDurationSec', added_grace: 'addedGraceSec', block_length: 'blockSec' } as const;

type Amount = keyof typeof amounts;
type Length = keyof typeof lengths;

/** The columns of charges beside the rate. What has an empty cell is as the plan has it. */
export const chargeColumns = [
  'disconnect_fee', 'disconnect_fee_after', 'attempt_fee', 'min_charge', 'free_below', 'added_grace', 'block_fee', 'block_length', 'max_cost', 'tax_percent',
] as const satisfies readonly DeckColumn[];

type ChargeColumn = (typeof chargeColumns)[number];
type Terms = { -readonly [Name in keyof ChargeTerms]?: ChargeTerms[Name] };

/** The charges that the cells of a row state, or the column whose cell makes none. */
export function chargesOf(cell: (column: ChargeColumn) => string, amountOf: AmountReader): Partial<ChargeTerms> | { readonly column: ChargeColumn } {
  const terms: Terms = {};
  for (const column of chargeColumns) {
    const text = cell(column);
    if (text === '') continue;
    const stated = termOf(column, text, amountOf);
    if (stated === undefined) return { column };
    Object.assign(terms, stated);
  }
  // A fee for blocks of no length, or blocks without a fee, would be none.
  if ((terms.blockFeeNanos === undefined) !== (terms.blockSec === undefined) || terms.blockSec === 0) return { column: terms.blockFeeNanos === undefined ? 'block_fee' : 'block_length' };
  return terms;
}

function termOf(column: ChargeColumn, text: string, amountOf: AmountReader): Terms | undefined {
  if (isAmount(column)) {
    const nanos = amountOf(text);
    return nanos === undefined ? undefined : { [amounts[column]]: nanos };
  }
  if (isLength(column)) {
    const sec = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
    return sec <= SEC_MAX ? { [lengths[column]]: sec } : undefined;
  }
  if (column === 'tax_percent') {
    const nanos = amountOf(text.replace(/\s*%$/, ''));
    return nanos === undefined || nanos % 100_000n !== 0n || nanos > BigInt(TAX_PPM_MAX) * 100_000n ? undefined : { taxPpm: Number(nanos / 100_000n) };
  }
  const [, amount = '', ends] = /^(\S+?)(?:\s+(disconnect|free))?$/i.exec(text) ?? [];
  const nanos = amountOf(amount);
  return nanos === undefined ? undefined : { maxCost: { nanos, strategy: ends?.toLowerCase() === 'disconnect' ? 'disconnect' : 'free' } };
}

function isAmount(column: ChargeColumn): column is Amount {
  return Object.hasOwn(amounts, column);
}

function isLength(column: ChargeColumn): column is Length {
  return Object.hasOwn(lengths, column);
}

/** The cell of a column as `chargesOf` reads it; empty where it is not stated. */
export function chargeText(column: ChargeColumn, terms: Partial<ChargeTerms>): string {
  if (isAmount(column)) return amountText(terms[amounts[column]]);
  if (isLength(column)) return String(terms[lengths[column]] ?? '');
  if (column === 'tax_percent') return terms.taxPpm === undefined ? '' : formatNanos(BigInt(terms.taxPpm) * 100_000n, 0);
  return terms.maxCost === undefined ? '' : `${formatNanos(terms.maxCost.nanos, 0)} ${terms.maxCost.strategy}`;
}

function amountText(nanos: bigint | undefined): string {
  return nanos === undefined ? '' : formatNanos(nanos, 0);
}
