import { unreachable } from '@tollwire/core';
import { type ChargeTerms, compare, plus, type Rational, rational, type RateProfile, roundTo, type RoundingMode, times } from '@tollwire/telecom';

/** Which of several carriers' rates a sell rate is made from; an average is of the cheapest `count`. */
export type MadeFrom = { readonly take: 'cheapest' | 'dearest' } | { readonly take: 'average'; readonly count: number };

/** What becomes of a destination that has a rate of its own already: the dearer, the cheaper, that rate, or the made one. */
export type FixedPolicy = 'max' | 'min' | 'fixed' | 'carrier_plus_margin';

/** How sell rates are made from buy rates. Amounts are nanos per minute. */
export interface MakeRule {
  readonly from: MadeFrom;
  /** Ten-thousandths of a percent of the buy rate: 20 % is 200,000. */
  readonly marginPpm: bigint;
  /** Added to that. */
  readonly marginNanos: bigint;
  /** At least so much above the buy rate, whatever the rounding does. */
  readonly marginMinNanos: bigint;
  /** Never below this, whatever the rounding does. */
  readonly floorNanos: bigint;
  /** A made rate is a multiple of this; above 0. */
  readonly stepNanos: bigint;
  readonly rounding: RoundingMode;
  readonly policy: FixedPolicy;
  /** Undefined: the carrier's. */
  readonly increments: { readonly initialIncrementSec: number; readonly incrementSec: number } | undefined;
  /** Undefined: the carrier's, with the margin in percent. */
  readonly connectFeeNanos: bigint | undefined;
}

/**
 * The sell rate that a buy rate (undefined: no carrier goes there) leads to beside a fixed rate (undefined: none). Exact
 * until its one rounding. Floor and minimum margin hold for the made rate; where the policy chooses the fixed rate, that
 * stands as it is. Undefined where there is neither.
 */
export function madeRate(buy: Rational | undefined, fixedNanos: bigint | undefined, rule: MakeRule): bigint | undefined {
  if (buy === undefined) return rule.policy === 'carrier_plus_margin' ? undefined : fixedNanos;
  const least = dearer(plus(buy, rational(rule.marginMinNanos)), rational(rule.floorNanos));
  const wanted = plus(times(buy, rational(1_000_000n + rule.marginPpm, 1_000_000n)), rational(rule.marginNanos));
  const rounded = stepped(dearer(wanted, least), rule.stepNanos, rule.rounding);
  const made = compare(rational(rounded), least) < 0 ? stepped(least, rule.stepNanos, 'up') : rounded;
  if (fixedNanos === undefined) return made;
  switch (rule.policy) {
    case 'max':
      return made > fixedNanos ? made : fixedNanos;
    case 'min':
      return made < fixedNanos ? made : fixedNanos;
    case 'fixed':
      return fixedNanos;
    case 'carrier_plus_margin':
      return made;
    default:
      return unreachable(rule.policy);
  }
}

function dearer(a: Rational, b: Rational): Rational {
  return compare(a, b) < 0 ? b : a;
}

const NANOS = 1_000_000_000n;

/** A multiple of the step: rounded as a whole number of steps. */
function stepped(value: Rational, stepNanos: bigint, mode: RoundingMode): bigint {
  return (roundTo({ num: value.num * NANOS, den: value.den * stepNanos }, 0, mode) / NANOS) * stepNanos;
}

/**
 * The fee that a carrier's fee leads to: with the margin in percent, rounded as a rate is, and never below the carrier's. Amounts per
 * minute (margin, minimum margin, floor) are for rates. No fee is none.
 */
export function madeFee(buy: Rational, { marginPpm, stepNanos, rounding }: MakeRule): bigint {
  const made = stepped(times(buy, rational(1_000_000n + marginPpm, 1_000_000n)), stepNanos, rounding);
  return compare(rational(made), buy) < 0 ? stepped(buy, stepNanos, 'up') : made;
}

/**
 * A carrier's profile with the margin on each amount: the rates of its steps as every rate, its fees as every fee.
 *
 * @param exchange what an amount of the carrier's is multiplied by, into the currency of the plan
 */
export function madeProfile({ window, furtherSteps, terms }: RateProfile, rule: MakeRule, exchange: Rational): RateProfile {
  const feeOf = (nanos: bigint) => madeFee(times(rational(nanos), exchange), rule);
  return {
    window,
    furtherSteps: furtherSteps.map(({ rateNanos, perSec, entryFeeNanos, ...step }) => {
      const buy = times(rational(rateNanos * 60n, BigInt(perSec)), exchange);
      return { ...step, rateNanos: madeRate(buy, undefined, rule) ?? 0n, perSec: 60, entryFeeNanos: feeOf(entryFeeNanos) };
    }),
    terms: madeTerms(terms, feeOf),
  };
}

const fees = ['connectFeeNanos', 'disconnectFeeNanos', 'attemptFeeNanos', 'minChargeNanos', 'blockFeeNanos'] as const;

function madeTerms(terms: Partial<ChargeTerms>, feeOf: (buyNanos: bigint) => bigint): Partial<ChargeTerms> {
  const made: { -readonly [Name in keyof ChargeTerms]?: ChargeTerms[Name] } = { ...terms };
  for (const fee of fees) {
    const buyNanos = terms[fee];
    if (buyNanos !== undefined) made[fee] = feeOf(buyNanos);
  }
  if (terms.maxCost !== undefined) made.maxCost = { ...terms.maxCost, nanos: feeOf(terms.maxCost.nanos) };
  return made;
}
