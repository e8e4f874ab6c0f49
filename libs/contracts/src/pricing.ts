import { amountTerms, NO_FURTHER_TERMS, plainSchedule, roundingModes } from '@tollwire/telecom';
import type { AmountTerm, ChargeTerms, Pulses, RateProfile, RoundingMode, Schedule, ScheduleExchange, Segment, Step, TimeWindow } from '@tollwire/telecom';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { usedRateMessageOf, usedRatesOf } from './exchange.ts';
import type {
  ChargeTerms as ChargeTermsMessage, ChargeTermsSchema, PriceSchedule, PriceScheduleSchema, RateProfile as RateProfileMessage, RateProfileSchema,
  RateStep, ScheduleExchange as ScheduleExchangeMessage, TimeWindow as TimeWindowMessage, TimeWindowSchema,
} from './gen/tollwire/common/v1/pricing_pb.ts';
import type { RatedSide } from './gen/tollwire/rating/v1/rating_events_pb.ts';

/**
 * Prices as messages carry them. Reading is total: what a schedule or profile cannot be made of is undefined, and the caller
 * says what that means for it.
 */

/** The terms that a message states; what it leaves out is left out. Undefined where an amount is negative or a length absurd. */
export function chargeTermsOf(message: ChargeTermsMessage | undefined): Partial<ChargeTerms> | undefined {
  if (message === undefined) return {};
  const { maxCost, pulses, ...stated } = message;
  const terms: { -readonly [Name in keyof ChargeTerms]?: ChargeTerms[Name] } = {};
  for (const name of amountNames) {
    const amount = stated[name];
    if (amount === undefined) continue;
    if (amount < 0n) return undefined;
    terms[name] = amount;
  }
  for (const name of lengthNames) {
    const length = stated[name];
    if (length === undefined) continue;
    if (length > LENGTH_SEC_MAX) return undefined;
    terms[name] = length;
  }
  if (stated.taxPpm !== undefined) terms.taxPpm = stated.taxPpm;
  if (maxCost !== undefined) terms.maxCost = { nanos: maxCost.nanos, strategy: maxCost.disconnects ? 'disconnect' : 'free' };
  if (pulses !== undefined) terms.pulses = pulsesOf(pulses);
  return (maxCost?.nanos ?? 0n) < 0n || (stated.taxPpm ?? 0) > TAX_PPM_MAX ? undefined : terms;
}

/** Terms as a message: whatever is stated. */
export function chargeTermsMessageOf(terms: Partial<ChargeTerms>): MessageInitShape<typeof ChargeTermsSchema> {
  const { maxCost, pulses, ...stated } = terms;
  return {
    ...stated,
    ...(maxCost === undefined ? {} : { maxCost: { nanos: maxCost.nanos, disconnects: maxCost.strategy === 'disconnect' } }),
    ...(pulses === undefined ? {} : { pulses: { startpulseSec: pulses.startpulseSec, frequencySec: pulses.frequencySec, incomingLeg: pulses.policy === 'incoming_leg' } }),
  };
}

const amountNames = ['connectFeeNanos', 'disconnectFeeNanos', 'attemptFeeNanos', 'minChargeNanos', 'blockFeeNanos'] as const;
const lengthNames = ['disconnectFeeAfterSec', 'minDurationSec', 'addedGraceSec', 'raisedToSec', 'raisedAboveSec', 'blockSec'] as const;
/** A day: longer than anything that counts seconds of one call is meant. */
const LENGTH_SEC_MAX = 86_400;
/** 1,000 %. */
const TAX_PPM_MAX = 10_000_000;

function pulsesOf({ startpulseSec, frequencySec, incomingLeg }: { startpulseSec: number; frequencySec: number; incomingLeg: boolean }): Pulses {
  return { policy: incomingLeg ? 'incoming_leg' : 'first_pulse', startpulseSec, frequencySec: Math.max(1, frequencySec) };
}

/** A profile of a deck's rates; undefined where it makes no sense. */
export function rateProfileOf({ window, furtherSteps, terms }: RateProfileMessage): RateProfile | undefined {
  const read = window === undefined ? undefined : timeWindowOf(window);
  const steps = stepsOf(furtherSteps, -1);
  const stated = chargeTermsOf(terms);
  if (steps === undefined || stated === undefined || (window !== undefined && read === undefined)) return undefined;
  return { window: read, furtherSteps: steps, terms: stated };
}

/** A profile as a message. */
export function rateProfileMessageOf({ window, furtherSteps, terms }: RateProfile): MessageInitShape<typeof RateProfileSchema> {
  return {
    ...(window === undefined ? {} : { window: timeWindowMessageOf(window) }),
    furtherSteps: furtherSteps.map((step) => ({ ...step })),
    ...(Object.keys(terms).length === 0 ? {} : { terms: chargeTermsMessageOf(terms) }),
  };
}

/** A window of time; undefined where a field is out of its range. */
export function timeWindowOf({ name, weekdays, monthDays, months, years, fromSec, untilSec, weight }: TimeWindowMessage): TimeWindow | undefined {
  const within = (list: readonly number[], min: number, max: number): boolean => list.every((value) => value >= min && value <= max);
  if (!within(weekdays, 1, 7) || !within(monthDays, 1, 31) || !within(months, 1, 12) || !within(years, 1970, 9999)) return undefined;
  if (fromSec > 86_400 || untilSec > 86_400) return undefined;
  return { name, weekdays, monthDays, months, years, fromSec, untilSec, weight };
}

/** A window of time as a message. */
export function timeWindowMessageOf(window: TimeWindow): MessageInitShape<typeof TimeWindowSchema> {
  return { ...window, weekdays: [...window.weekdays], monthDays: [...window.monthDays], months: [...window.months], years: [...window.years] };
}

/** Steps in rising order, the first one above `after`; undefined where they are not, or a length is absurd. */
function stepsOf(messages: readonly RateStep[], after: number): Step[] | undefined {
  let last = after;
  for (const { fromSec, rateNanos, perSec, incrementSec, entryFeeNanos } of messages) {
    if (fromSec <= last || rateNanos < 0n || entryFeeNanos < 0n || perSec < 1 || incrementSec < 1) return undefined;
    last = fromSec;
  }
  return messages.map(({ fromSec, rateNanos, perSec, incrementSec, entryFeeNanos }) => ({ fromSec, rateNanos, perSec, incrementSec, entryFeeNanos }));
}

/** A schedule that a message carries; undefined where it makes none. */
export function scheduleOf({ segments, terms, roundingDecimals, roundingMode, exchange }: PriceSchedule): Schedule | undefined {
  const mode = roundingModeOf(roundingMode);
  const stated = chargeTermsOf(terms);
  if (mode === undefined || roundingDecimals > 9 || stated === undefined || segments.length === 0) return undefined;
  const read: Segment[] = [];
  for (const { fromSec, window, steps: messages } of segments) {
    const steps = stepsOf(messages, -1);
    const inOrder = read.length === 0 ? fromSec === 0 : fromSec > (read.at(-1)?.fromSec ?? 0);
    if (steps === undefined || steps[0]?.fromSec !== 0 || !inOrder) return undefined;
    read.push({ fromSec, window, steps });
  }
  const schedule = { segments: read, terms: { ...NO_FURTHER_TERMS, ...stated }, rounding: { decimals: roundingDecimals, mode } };
  if (exchange === undefined) return schedule;
  const conversion = exchangeOf(exchange);
  return conversion && { ...schedule, exchange: conversion };
}

/** Undefined where there is no rate, or one can be none, or a term is none that is an amount: a price would come out wrong. */
function exchangeOf({ rates: messages, rateTerms: names }: ScheduleExchangeMessage): ScheduleExchange | undefined {
  const rates = usedRatesOf(messages);
  const rateTerms = names.flatMap((name): AmountTerm[] => amountTerms.filter((term) => term === name));
  return rates === undefined || rates.length === 0 || rateTerms.length !== names.length ? undefined : { rates, rateTerms };
}

/** A schedule as a message; terms that are nothing are left out. */
export function scheduleMessageOf({ segments, terms, rounding, exchange }: Schedule): MessageInitShape<typeof PriceScheduleSchema> {
  return {
    segments: segments.map(({ fromSec, window, steps }) => ({ fromSec, window, steps: steps.map((step) => ({ ...step })) })),
    terms: chargeTermsMessageOf(statedTerms(terms)),
    roundingDecimals: rounding.decimals,
    roundingMode: rounding.mode,
    ...(exchange === undefined ? {} : { exchange: { rates: exchange.rates.map(usedRateMessageOf), rateTerms: [...exchange.rateTerms] } }),
  };
}

/** What differs from nothing. */
function statedTerms(terms: ChargeTerms): Partial<ChargeTerms> {
  return Object.fromEntries(Object.entries(terms).filter(([name, value]) => nothing.get(name) !== value));
}

const nothing = new Map<string, unknown>(Object.entries(NO_FURTHER_TERMS));

/** Reads the name of a rounding mode. */
export function roundingModeOf(name: string): RoundingMode | undefined {
  return roundingModes.find((mode) => mode === name);
}

/** The schedule that rating tells, or, where it tells none, that of the rate; undefined where there is no reading it. */
export function scheduleOfSide(sell: RatedSide): Schedule | undefined {
  if (sell.schedule !== undefined) return scheduleOf(sell.schedule);
  const mode = roundingModeOf(sell.roundingMode);
  const { ratePerMinNanos, connectFeeNanos, initialIncrementSec } = sell;
  const rate = { ratePerMinNanos, connectFeeNanos, initialIncrementSec, incrementSec: Math.max(1, sell.incrementSec) };
  return mode === undefined ? undefined : plainSchedule(rate, { decimals: sell.roundingDecimals, mode });
}
