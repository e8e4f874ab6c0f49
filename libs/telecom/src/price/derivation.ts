import { exchangeFactor, type UsedExchangeRate } from '../exchange-rate.ts';
import { compare, plus, rational, times } from '../rational.ts';
import type { Rational } from '../rational.ts';
import type { Nanos } from '../money.ts';
import type { Rounding } from '../rounding.ts';
import { billableSec, bySecond, limited, priceOf, secondsAt, withTax } from './price.ts';
import { Runs } from './runs.ts';
import { inParts, isForeign } from './schedule-exchange.ts';
import type { Pulses, Schedule } from './schedule.ts';

/**
 * One step of how a price comes about, in the order in which it is taken. `sum` is the exact net amount so far, in nanos; before
 * an exchange, where there is one, in the currency of the rate, from it on in that of the plan.
 */
export type PriceLine =
  | { readonly kind: 'duration'; readonly durationSec: number; readonly billableSec: number; readonly rules: readonly DurationRule[] }
  | {
      readonly kind: 'rate';
      readonly window: string;
      readonly fromSec: number;
      readonly lengthSec: number;
      readonly freeSec: number;
      readonly rateNanos: bigint;
      readonly perSec: number;
      readonly incrementSec: number;
      readonly exact: Rational;
      readonly sum: Rational;
    }
  | { readonly kind: 'fee'; readonly fee: 'connect' | 'disconnect' | 'block' | 'step'; readonly count: number; readonly nanos: bigint; readonly sum: Rational }
  | { readonly kind: 'exchange'; readonly rates: readonly UsedExchangeRate[]; readonly exact: Rational; readonly sum: Rational }
  | {
      readonly kind: 'limit';
      readonly limit: 'min_charge' | 'max_cost';
      readonly nanos: bigint;
      /** The limit is stated by the rate, in its currency; `sum` is in that of the plan. */
      readonly isForeign: boolean;
      readonly sum: Rational;
    }
  | { readonly kind: 'tax'; readonly taxPpm: number; readonly sum: Rational }
  | { readonly kind: 'rounding'; readonly rounding: Rounding; readonly amount: Nanos };

/** Why seconds are charged as other seconds. */
export type DurationRule =
  | { readonly rule: 'min_duration'; readonly minDurationSec: number }
  | { readonly rule: 'added_grace'; readonly addedGraceSec: number }
  | { readonly rule: 'raised'; readonly raisedToSec: number; readonly raisedAboveSec: number }
  | { readonly rule: 'pulses'; readonly pulses: Pulses };

/**
 * How `priceOf` comes to its answer, as data: the seconds, each rate with its window, each fee, limits, tax, the one
 * rounding. The last line holds the amount that `priceOf` answers.
 */
export function derivationOf(schedule: Schedule, durationSec: number, allowanceSec = 0): PriceLine[] {
  const { terms, rounding } = schedule;
  const billable = billableSec(terms, durationSec);
  const lines: PriceLine[] = [{ kind: 'duration', durationSec, billableSec: billable, rules: durationRules(schedule, durationSec) }];
  const rounded: PriceLine = { kind: 'rounding', rounding, amount: priceOf(schedule, durationSec, allowanceSec).amount };
  if (billable === 0) return [...lines, rounded];
  lines.push(...rateLines(schedule, billable, allowanceSec));
  const { exchange } = schedule;
  if (exchange !== undefined) {
    lines.push(...feeLines(schedule, billable, durationSec, sumOf(lines), true));
    const exact = sumOf(lines);
    lines.push({ kind: 'exchange', rates: exchange.rates, exact, sum: times(exact, exchangeFactor(exchange.rates)) });
  }
  lines.push(...feeLines(schedule, billable, durationSec, sumOf(lines), false));
  lines.push(...limitLines(schedule, sumOf(lines)));
  if (terms.taxPpm > 0) lines.push({ kind: 'tax', taxPpm: terms.taxPpm, sum: withTax(sumOf(lines), terms) });
  return [...lines, rounded];
}

function sumOf(lines: readonly PriceLine[]): Rational {
  const last = lines.at(-1);
  return last !== undefined && 'sum' in last ? last.sum : rational(0n);
}

function durationRules({ terms }: Schedule, durationSec: number): DurationRule[] {
  const { minDurationSec, addedGraceSec, raisedToSec, raisedAboveSec, pulses } = terms;
  const rules: DurationRule[] = [];
  const isTooShort = durationSec < minDurationSec;
  const counts = durationSec > 0 && !isTooShort;
  if (isTooShort && durationSec > 0) rules.push({ rule: 'min_duration', minDurationSec });
  if (counts && addedGraceSec > 0) rules.push({ rule: 'added_grace', addedGraceSec });
  const graced = durationSec + addedGraceSec;
  if (counts && graced > raisedAboveSec && graced < raisedToSec) rules.push({ rule: 'raised', raisedToSec, raisedAboveSec });
  if (pulses !== undefined && (counts || (pulses.policy === 'incoming_leg' && !isTooShort))) rules.push({ rule: 'pulses', pulses });
  return rules;
}

function rateLines(schedule: Schedule, billable: number, allowanceSec: number): PriceLine[] {
  const runs = new Runs(bySecond(schedule), billable);
  const lines: PriceLine[] = [];
  let sum = rational(0n);
  let left = allowanceSec;
  while (runs.next()) {
    const { step, segment, fromSec, lengthSec } = runs;
    const freeSec = Math.min(left, lengthSec);
    left -= freeSec;
    if (runs.entersStep && step.entryFeeNanos > 0n) {
      sum = plus(sum, rational(step.entryFeeNanos));
      lines.push({ kind: 'fee', fee: 'step', count: 1, nanos: step.entryFeeNanos, sum });
    }
    const exact = secondsAt(step, lengthSec - freeSec);
    sum = plus(sum, exact);
    const { rateNanos, perSec, incrementSec } = step;
    lines.push({ kind: 'rate', window: segment.window, fromSec, lengthSec, freeSec, rateNanos, perSec, incrementSec, exact, sum });
  }
  return lines;
}

/** Fees in the currency of the rate, or those in that of the plan; where there is one currency, all are the plan's. */
function feeLines(schedule: Schedule, billable: number, durationSec: number, before: Rational, foreign: boolean): PriceLine[] {
  const { terms } = schedule;
  const blocks = terms.blockSec > 0 ? Math.floor(billable / terms.blockSec) : 0;
  const fees = [
    { fee: 'connect', of: 'connectFeeNanos', count: 1, nanos: terms.connectFeeNanos },
    { fee: 'disconnect', of: 'disconnectFeeNanos', count: 1, nanos: durationSec >= terms.disconnectFeeAfterSec ? terms.disconnectFeeNanos : 0n },
    { fee: 'block', of: 'blockFeeNanos', count: blocks, nanos: terms.blockFeeNanos * BigInt(blocks) },
  ] as const;
  let sum = before;
  return fees.filter(({ nanos, of }) => nanos > 0n && isForeign(schedule, of) === foreign).map(({ fee, count, nanos }) => {
    sum = plus(sum, rational(nanos));
    return { kind: 'fee', fee, count, nanos, sum };
  });
}

function limitLines(schedule: Schedule, net: Rational): PriceLine[] {
  const { minChargeNanos, maxCost } = schedule.terms;
  const { schedule: { terms: inWholeParts }, parts } = inParts(schedule);
  const exact = limited(times(net, rational(parts)), inWholeParts);
  const sum = times(exact, rational(1n, parts));
  if (compare(sum, net) === 0) return [];
  const isMax = maxCost !== undefined && compare(exact, rational(inWholeParts.maxCost?.nanos ?? 0n)) === 0;
  if (isMax) return [{ kind: 'limit', limit: 'max_cost', nanos: maxCost.nanos, isForeign: isForeign(schedule, 'maxCost'), sum }];
  return [{ kind: 'limit', limit: 'min_charge', nanos: minChargeNanos, isForeign: isForeign(schedule, 'minChargeNanos'), sum }];
}
