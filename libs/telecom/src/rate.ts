import { nanos } from './money.ts';
import type { Nanos } from './money.ts';
import { rational } from './rational.ts';
import type { Rational } from './rational.ts';
import { roundTo } from './rounding.ts';
import type { Rounding } from './rounding.ts';

/** What a destination costs. Amounts are not negative; `incrementSec` is at least 1; `initialIncrementSec` may be 0. */
export interface RateTerms {
  readonly ratePerMinNanos: bigint;
  readonly connectFeeNanos: bigint;
  /** The first block, charged whole from the first second on; 0: increments count from the start. */
  readonly initialIncrementSec: number;
  readonly incrementSec: number;
}

const SEC_PER_MIN = 60;

/**
 * Whole seconds charged for a conversation of `durationSec` whole seconds: 0 for 0, else the first block and as many
 * whole increments after it as were begun. Increments count from the end of the first block, never modulo the whole.
 */
export function billedSec(durationSec: number, terms: Pick<RateTerms, 'initialIncrementSec' | 'incrementSec'>): number {
  if (durationSec <= 0) return 0;
  if (durationSec <= terms.initialIncrementSec) return terms.initialIncrementSec;
  const after = durationSec - terms.initialIncrementSec;
  return terms.initialIncrementSec + Math.ceil(after / terms.incrementSec) * terms.incrementSec;
}

/** The exact price of `billed` seconds in nanos, before the one rounding: connect fee + rate × seconds / 60. */
export function exactCharge(billed: number, terms: Pick<RateTerms, 'ratePerMinNanos' | 'connectFeeNanos'>): Rational {
  if (billed === 0) return rational(0n);
  return rational(terms.connectFeeNanos * 60n + terms.ratePerMinNanos * BigInt(billed), 60n);
}

/** What a conversation of `durationSec` whole seconds costs; 0 for 0 s, whatever the fee. Exact but for the one rounding. */
export function charge(durationSec: number, terms: RateTerms, rounding: Rounding): Nanos {
  const billed = billedSec(durationSec, terms);
  const fast = chargeInDoubles(billed, Number(terms.ratePerMinNanos), Number(terms.connectFeeNanos), rounding);
  return fast >= 0 ? nanos(BigInt(fast)) : chargeInBigints(billed, terms, rounding);
}

/** The charge by arbitrary precision: slower, and right for any amount. */
export function chargeInBigints(billed: number, terms: RateTerms, rounding: Rounding): Nanos {
  return roundTo(exactCharge(billed, terms), rounding.decimals, rounding.mode);
}

/**
 * The charge in whole nanos by double arithmetic, or -1 where that could be inexact. Products and sums of whole
 * numbers are exact below 2⁵³, and a sum whose true value is not below 2⁵³ never comes out below it; so one
 * comparison decides. The quotient is settled by its remainder, which is exact too.
 */
export function chargeInDoubles(billed: number, ratePerMinNanos: number, connectFeeNanos: number, rounding: Rounding): number {
  if (billed === 0) return 0;
  const num = connectFeeNanos * SEC_PER_MIN + ratePerMinNanos * billed;
  if (!(num <= Number.MAX_SAFE_INTEGER)) return -1;
  const unit = UNITS[rounding.decimals] ?? 1;
  const den = SEC_PER_MIN * unit;
  let whole = Math.floor(num / den);
  let rest = num - whole * den;
  if (rest < 0) {
    whole -= 1;
    rest += den;
  }
  if (rounding.mode === 'up' ? rest > 0 : rounding.mode === 'half_up' && 2 * rest >= den) whole += 1;
  return whole * unit;
}

const UNITS = Float64Array.from({ length: 10 }, (_, decimals) => 10 ** (9 - decimals));
