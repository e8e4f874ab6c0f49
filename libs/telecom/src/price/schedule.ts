import type { RateTerms } from '../rate.ts';
import type { Rounding } from '../rounding.ts';
import type { ScheduleExchange } from './schedule-exchange.ts';

/**
 * What a stretch of a call costs: `rateNanos` for every `perSec` seconds, in increments that count from `fromSec` and
 * never reach into the next step. `30/6` is two steps of one rate, a progressive rate as many as it has rates.
 */
export interface Step {
  /** Seconds of the call at which the step begins; the first begins at 0, each later one after the one before. */
  readonly fromSec: number;
  readonly rateNanos: bigint;
  readonly perSec: number;
  /** At least 1. */
  readonly incrementSec: number;
  /** Taken once, when a call reaches the beginning of the step. */
  readonly entryFeeNanos: bigint;
}

/** The steps that increments beginning at or after `fromSec` are charged by, until the next segment. */
export interface Segment {
  /** Seconds of the call; the first segment begins at 0. */
  readonly fromSec: number;
  /** The time window that the rate is for; empty where it is for any time. */
  readonly window: string;
  /** At least one. */
  readonly steps: readonly Step[];
}

/** How the pulses of a card type count: see `billableSec`. */
export interface Pulses {
  readonly policy: 'first_pulse' | 'incoming_leg';
  readonly startpulseSec: number;
  /** At least 1. */
  readonly frequencySec: number;
}

/** What is charged beside the rate, and how seconds are counted. Amounts are before tax and not negative. */
export interface ChargeTerms {
  /** Once for an answered call. */
  readonly connectFeeNanos: bigint;
  /** Once for an answered call of at least `disconnectFeeAfterSec` seconds. */
  readonly disconnectFeeNanos: bigint;
  readonly disconnectFeeAfterSec: number;
  /** For an attempt that failed. A customer pays it once, for a call whose last attempt failed; a carrier charges each. */
  readonly attemptFeeNanos: bigint;
  /** What an answered call that is charged at all costs at least. */
  readonly minChargeNanos: bigint;
  /** Shorter calls cost nothing, whatever else there is; 0: every call counts. */
  readonly minDurationSec: number;
  /** Added to the conversation before it is charged. (Seconds that are free are a first step of rate 0.) */
  readonly addedGraceSec: number;
  /** A call of more than `raisedAboveSec` and less than `raisedToSec` seconds counts as `raisedToSec`; 0: no such rule. */
  readonly raisedToSec: number;
  readonly raisedAboveSec: number;
  /** A fee for every `blockSec` seconds that are complete; 0: none. */
  readonly blockFeeNanos: bigint;
  readonly blockSec: number;
  /** What a call costs at most, undefined: any amount. `disconnect` ends the call there, `free` lets it go on. */
  readonly maxCost: MaxCost | undefined;
  /** Ten-thousandths of a percent: 23 % is 230,000. */
  readonly taxPpm: number;
  readonly pulses: Pulses | undefined;
}

export interface MaxCost {
  readonly nanos: bigint;
  readonly strategy: 'free' | 'disconnect';
}

/** Everything that the price of a call follows from, apart from how long it lasts: resolved for the call's start. */
export interface Schedule {
  /** At least one. */
  readonly segments: readonly Segment[];
  readonly terms: ChargeTerms;
  readonly rounding: Rounding;
  /** Absent: all amounts are in one currency. */
  readonly exchange?: ScheduleExchange;
}

/** Nothing but the rate. */
export const NO_FURTHER_TERMS: ChargeTerms = {
  connectFeeNanos: 0n, disconnectFeeNanos: 0n, disconnectFeeAfterSec: 0, attemptFeeNanos: 0n, minChargeNanos: 0n, minDurationSec: 0,
  addedGraceSec: 0, raisedToSec: 0, raisedAboveSec: 0, blockFeeNanos: 0n, blockSec: 0, maxCost: undefined, taxPpm: 0, pulses: undefined,
};

/** The steps of a rate per minute with a first block and an increment; a first block of 0 is none. */
export function plainSteps({ ratePerMinNanos, initialIncrementSec, incrementSec }: Omit<RateTerms, 'connectFeeNanos'>): Step[] {
  const step = (fromSec: number, length: number): Step => ({ fromSec, rateNanos: ratePerMinNanos, perSec: 60, incrementSec: length, entryFeeNanos: 0n });
  if (initialIncrementSec === 0 || initialIncrementSec === incrementSec) return [step(0, incrementSec)];
  return [step(0, initialIncrementSec), step(initialIncrementSec, incrementSec)];
}

/** The schedule of a rate per minute at any time, with nothing but a connect fee. */
export function plainSchedule(rate: RateTerms, rounding: Rounding, terms: ChargeTerms = NO_FURTHER_TERMS): Schedule {
  const fee = rate.connectFeeNanos === 0n ? terms.connectFeeNanos : rate.connectFeeNanos;
  return {
    segments: [{ fromSec: 0, window: '', steps: plainSteps(rate) }],
    terms: fee === terms.connectFeeNanos ? terms : { ...terms, connectFeeNanos: fee },
    rounding,
  };
}

/** Whether a price follows from one rate per minute, charged by the second, and its rounding, whatever the tax. */
export function isBySecond({ segments, terms, exchange }: Schedule): boolean {
  const [first] = segments;
  const [step] = first?.steps ?? [];
  if (segments.length !== 1 || first?.steps.length !== 1 || step === undefined || exchange !== undefined) return false;
  return step.perSec === 60 && step.incrementSec === 1 && step.entryFeeNanos === 0n && (terms === NO_FURTHER_TERMS || isNothing(terms));
}

/** Attempts that failed and tax are no part of what a conversation costs. */
const ofConversation = [
  'connectFeeNanos', 'disconnectFeeNanos', 'disconnectFeeAfterSec', 'minChargeNanos', 'minDurationSec', 'addedGraceSec', 'raisedToSec', 'raisedAboveSec', 'blockFeeNanos', 'blockSec',
  'maxCost', 'pulses',
] as const satisfies readonly Exclude<keyof ChargeTerms, 'taxPpm' | 'attemptFeeNanos'>[];

function isNothing(terms: ChargeTerms): boolean {
  return ofConversation.every((name) => terms[name] === NO_FURTHER_TERMS[name]);
}
