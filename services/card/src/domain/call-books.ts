import { rational, roundTo } from '@tollwire/telecom';
import { ledgerAccount } from './ledger.ts';
import type { Transfer } from './ledger.ts';

/** What a call costs at one carrier. */
export interface CarrierCost {
  readonly carrierCode: string;
  readonly currency: string;
  readonly amountNanos: bigint;
}

/** What a rating says of a call beside its charge: the tax within the charge, and what is owed to which carriers. */
export interface CallBooks {
  readonly taxNanos: bigint;
  readonly costs: readonly CarrierCost[];
}

/** A call that was never charged. */
export const NO_BOOKS: CallBooks = { taxNanos: 0n, costs: [] };

const PPM = 1_000_000n;

/**
 * The tax within a charge of which it is a part: charge × rate ÷ (1 + rate), rounded once, half up, to the nano. What is
 * left of the charge is the revenue, so that the two are the charge to the last nano, whatever it was rounded to.
 */
export function taxWithin(chargeNanos: bigint, taxPpm: number): bigint {
  return taxPpm === 0 ? 0n : roundTo(rational(chargeNanos * BigInt(taxPpm), PPM + BigInt(taxPpm)), 9, 'half_up');
}

/** One charge among those that are posted together: what it says now, and what was posted for its call before. */
export interface BookedCall {
  readonly callKey: string;
  readonly revision: number;
  readonly currency: string;
  readonly before: CallBooks;
  readonly now: CallBooks;
}

/**
 * The transfers of tax and of carriers' costs for charges that are posted together: one for each account, of the sum of all
 * differences, named by the first of the calls, whose charge of that revision is posted once and never again. One row per
 * call and side would double what a charge writes; the charges themselves keep each call's part.
 */
export function bookTransfers(calls: readonly BookedCall[]): Transfer[] {
  const [first] = calls;
  if (first === undefined) return [];
  const led = { id: `${first.callKey}:${first.revision}`, callKey: calls.length === 1 ? first.callKey : null };
  const sums = new Map<string, Sum>();
  for (const call of calls) {
    addTax(sums, call);
    for (const cost of call.now.costs) addCost(sums, cost, cost.amountNanos);
    for (const cost of call.before.costs) addCost(sums, cost, -cost.amountNanos);
  }
  return [...sums.values()].flatMap((sum) => transferOf(sum, led) ?? []);
}

interface Sum {
  readonly kind: 'call_tax' | 'call_cost';
  /** Whom it is owed to, and where it comes from. */
  readonly owedTo: string;
  readonly from: string;
  readonly currency: string;
  amountNanos: bigint;
}

function addTax(sums: Map<string, Sum>, { currency, before, now }: BookedCall): void {
  const owedTo = ledgerAccount.tax(currency);
  if (now.taxNanos === before.taxNanos) return;
  add(sums, { kind: 'call_tax', owedTo, from: ledgerAccount.revenue(currency), currency, amountNanos: now.taxNanos - before.taxNanos });
}

function addCost(sums: Map<string, Sum>, { carrierCode, currency }: CarrierCost, amountNanos: bigint): void {
  add(sums, { kind: 'call_cost', owedTo: ledgerAccount.carrier(carrierCode, currency), from: ledgerAccount.cost(currency), currency, amountNanos });
}

function add(sums: Map<string, Sum>, more: Sum): void {
  const sum = sums.get(more.owedTo);
  if (sum === undefined) sums.set(more.owedTo, more);
  else sum.amountNanos += more.amountNanos;
}

function transferOf({ kind, owedTo, from, currency, amountNanos }: Sum, led: { readonly id: string; readonly callKey: string | null }): Transfer | null {
  if (amountNanos === 0n) return null;
  const common = { id: `${kind}:${owedTo}:${led.id}`, currency, callKey: led.callKey, postedBy: null };
  return amountNanos > 0n
    ? { ...common, debit: from, credit: owedTo, amountNanos, code: kind }
    : { ...common, debit: owedTo, credit: from, amountNanos: -amountNanos, code: `${kind}_correction` };
}
