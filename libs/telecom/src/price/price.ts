import { nanos } from '../money.ts';
import type { Nanos } from '../money.ts';
import { compare, plus, rational, times } from '../rational.ts';
import type { Rational } from '../rational.ts';
import { roundTo } from '../rounding.ts';
import type { Rounding } from '../rounding.ts';
import { netInDoubles, roundedInDoubles, termsInDoubles } from './price-in-doubles.ts';
import type { FastNet, TermsInDoubles } from './price-in-doubles.ts';
import { Runs } from './runs.ts';
import { inParts } from './schedule-exchange.ts';
import type { ChargeTerms, Schedule, Step } from './schedule.ts';

/** What a call costs. */
export interface Price {
  /** Seconds charged, in whole increments, those of an allowance included. */
  readonly billedSec: number;
  /** Of those, the seconds that an allowance paid for. */
  readonly freeSec: number;
  /** Tax included, after the one rounding. */
  readonly amount: Nanos;
}

/** What a call of no seconds costs. */
const NOTHING: Price = { billedSec: 0, freeSec: 0, amount: nanos(0n) };

const PPM = 1_000_000n;

/**
 * The price of an answered call of `durationSec` whole seconds, of which an allowance pays for the first `allowanceSec`
 * billed ones. Exact but for the one rounding at the end. It never falls as the call goes on, and never rises with the
 * allowance. 0 s cost nothing, but for the incoming leg of a card (`pulses`).
 */
export function priceOf(schedule: Schedule, durationSec: number, allowanceSec = 0): Price {
  const billable = billableSec(schedule.terms, durationSec);
  if (billable === 0) return NOTHING;
  if (schedule.exchange !== undefined || schedule.terms.pulses !== undefined) return priceInRationals(schedule, durationSec, allowanceSec);
  const terms = termsInDoubles(schedule.terms);
  const net = netInDoubles(schedule.segments, terms, billable, durationSec, allowanceSec);
  return roundedPrice(net, terms, schedule.rounding) ?? priceInRationals(schedule, durationSec, allowanceSec);
}

/** What a net price comes to with tax and the one rounding; undefined where doubles could be inexact. */
export function roundedPrice(net: FastNet | undefined, terms: TermsInDoubles, rounding: Rounding): Price | undefined {
  const whole = net === undefined ? -1 : roundedInDoubles(net.sixtieths, terms, rounding);
  return net === undefined || whole < 0 ? undefined : { billedSec: net.billedSec, freeSec: net.freeSec, amount: nanos(BigInt(whole)) };
}

/** The price by rational arithmetic: slower, right for any amount, and what the price is defined as. */
export function priceInRationals(schedule: Schedule, durationSec: number, allowanceSec = 0): Price {
  const { schedule: one, parts } = inParts(schedule);
  const { terms, rounding } = one;
  const billable = billableSec(terms, durationSec);
  if (billable === 0) return NOTHING;
  const talk = talkOf(one, billable, allowanceSec);
  const net = limited(plus(talk.exact, rational(feesOf(terms, billable, durationSec))), terms);
  const exact = times(withTax(net, terms), rational(1n, parts));
  return { billedSec: talk.billedSec, freeSec: talk.freeSec, amount: roundTo(exact, rounding.decimals, rounding.mode) };
}

/**
 * The seconds that steps and increments are counted over: 0 for a call that is not charged; otherwise with added grace,
 * raised, and in pulses. `first_pulse`: startpulse is the first pulse; `incoming_leg`: it is charged flat for the
 * incoming leg, before the pulses and even without any, but not for a call that is shorter than the minimum duration.
 */
export function billableSec(terms: ChargeTerms, durationSec: number): number {
  const { addedGraceSec, raisedToSec, raisedAboveSec, pulses } = terms;
  if (durationSec < terms.minDurationSec) return 0;
  if (durationSec < 1) return pulses?.policy === 'incoming_leg' ? pulses.startpulseSec : 0;
  const graced = durationSec + addedGraceSec;
  const raised = graced > raisedAboveSec && graced < raisedToSec ? raisedToSec : graced;
  return pulses === undefined ? raised : pulsedSec(pulses, raised);
}

function pulsedSec({ policy, startpulseSec, frequencySec }: NonNullable<ChargeTerms['pulses']>, sec: number): number {
  const flat = policy === 'incoming_leg';
  if (!flat && sec <= startpulseSec) return startpulseSec;
  return startpulseSec + Math.ceil((flat ? sec : sec - startpulseSec) / frequencySec) * frequencySec;
}

/** Connect, disconnect and block fees of a charged call. */
export function feesOf(terms: ChargeTerms, billable: number, durationSec: number): bigint {
  const disconnect = durationSec >= terms.disconnectFeeAfterSec ? terms.disconnectFeeNanos : 0n;
  const blocks = terms.blockSec > 0 ? BigInt(Math.floor(billable / terms.blockSec)) : 0n;
  return terms.connectFeeNanos + disconnect + blocks * terms.blockFeeNanos;
}

/** At least the minimum charge, at most the maximum cost; where the two contradict each other, the maximum counts. */
export function limited(net: Rational, { minChargeNanos, maxCost }: ChargeTerms): Rational {
  const raised = compare(net, rational(minChargeNanos)) < 0 ? rational(minChargeNanos) : net;
  return maxCost !== undefined && compare(raised, rational(maxCost.nanos)) > 0 ? rational(maxCost.nanos) : raised;
}

/** The net amount with tax, exactly. */
export function withTax(net: Rational, { taxPpm }: ChargeTerms): Rational {
  return taxPpm === 0 ? net : times(net, rational(PPM + BigInt(taxPpm), PPM));
}

/** What attempts that failed cost: the fee for each, with tax, rounded once. */
export function attemptsPrice(schedule: Schedule, attemptCount: number): Nanos {
  const { schedule: { terms, rounding }, parts } = inParts(schedule);
  return roundTo(withTax(rational(terms.attemptFeeNanos * BigInt(attemptCount), parts), terms), rounding.decimals, rounding.mode);
}

interface Talk {
  readonly exact: Rational;
  readonly billedSec: number;
  readonly freeSec: number;
}

function talkOf(schedule: Schedule, billable: number, allowanceSec: number): Talk {
  const runs = new Runs(bySecond(schedule), billable);
  let exact = rational(0n);
  let left = allowanceSec;
  while (runs.next()) {
    const free = Math.min(left, runs.lengthSec);
    left -= free;
    if (runs.entersStep) exact = plus(exact, rational(runs.step.entryFeeNanos));
    exact = plus(exact, secondsAt(runs.step, runs.lengthSec - free));
  }
  return { exact, billedSec: runs.billedSec, freeSec: allowanceSec - left };
}

/** What `sec` seconds cost by the rate of a step, exactly. */
export function secondsAt({ rateNanos, perSec }: Step, sec: number): Rational {
  return rational(rateNanos * BigInt(sec), BigInt(perSec));
}

/** Pulses stand for all increments: what they come to is charged by the second. */
export function bySecond({ segments, terms }: Schedule): Schedule['segments'] {
  if (terms.pulses === undefined) return segments;
  return segments.map((segment) => ({ ...segment, steps: segment.steps.map((step) => ({ ...step, incrementSec: 1 })) }));
}
