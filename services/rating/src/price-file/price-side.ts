import { unreachable } from '@tollwire/core';
import {
  type Allowance, attemptsPrice, derivationOf, type DurationRule, exchangedFrom, explainPrice, formatExchangeRate, formatNanos, formatRational, nanos, type Nanos, type PriceLine, priceBeside,
  priceOf, type Rational, rational, type Schedule, scheduleBeside, type UsedExchangeRate,
} from '@tollwire/telecom';

/** What one side of a call comes to, and how: of an answered call by its schedule, of another by its attempts. */
export interface PricedSide {
  readonly amount: string;
  /** Before tax, rounded as the amount is. */
  readonly net: string;
  readonly tax: string;
  readonly currency: string;
  readonly billedSec: number;
  readonly freeSec: number;
  readonly prefix: string;
  /** The rate at the start of the call, for `perSec` seconds. */
  readonly rate: string;
  readonly perSec: number;
  /** The windows that it was charged by, in their order; empty where its rate has none. */
  readonly windows: readonly string[];
  readonly derivation: readonly DerivationLine[];
  readonly lines: readonly string[];
}

/** A step of a derivation, its amounts as exact decimal text in units of the currency (a period that repeats in parentheses). */
export type DerivationLine = Readonly<Record<string, unknown>>;

/** An exchange rate that was used; inverse: amounts in `quote` were divided by it. */
export interface UsedRateData {
  readonly base: string;
  readonly quote: string;
  readonly rate: string;
  readonly from: string;
  readonly source: string;
  readonly isInverse: boolean;
}

/** A conversation, as far as its price depends on it. */
export interface Conversation {
  readonly answered: boolean;
  readonly durationSec: number;
  /** What is free of it. */
  readonly allowance: Allowance;
  readonly failedAttemptCount: number;
}

export interface SideFacts {
  readonly schedule: Schedule;
  readonly prefix: string;
  readonly currency: string;
}

/** One side of a call by the schedule that the engine resolved for it. */
export function pricedSideOf({ schedule: whole, prefix, currency }: SideFacts, talk: Conversation): PricedSide {
  const schedule = scheduleBeside(whole, talk.durationSec, talk.allowance);
  const untaxed: Schedule = { ...schedule, terms: { ...schedule.terms, taxPpm: 0 } };
  const amount = amountOf(schedule, talk);
  const net = amountOf(untaxed, talk);
  const lines = talk.answered ? derivationOf(schedule, talk.durationSec, talk.allowance.sec) : [];
  const charged = lines.filter((line) => line.kind === 'rate');
  const first = schedule.segments[0]?.steps[0];
  const { billedSec, freeSec } = talk.answered ? priceOf(schedule, talk.durationSec, talk.allowance.sec) : { billedSec: 0, freeSec: 0 };
  return {
    amount: decimal(amount), net: decimal(net), tax: decimal(amount - net), currency, billedSec, freeSec, prefix,
    rate: decimal(first?.rateNanos ?? 0n), perSec: first?.perSec ?? 60,
    windows: windowsOf(schedule, charged.map(({ window }) => window)),
    derivation: [...lines.map(dataOf), ...attemptsLine(schedule, talk.failedAttemptCount)],
    lines: [...spoken(schedule, talk, currency), ...attemptsText(schedule, talk.failedAttemptCount, currency)],
  };
}

/** A side that nothing is charged on, by no rate: a call that was not answered and has none. */
export function emptySideOf(currency: string): PricedSide {
  const nothing = { amount: '0.00', net: '0.00', tax: '0.00', rate: '0.00' };
  return { ...nothing, currency, billedSec: 0, freeSec: 0, prefix: '', perSec: 60, windows: [], derivation: [], lines: [`it has no rate, and nothing is charged: 0 ${currency}`] };
}

/** What a call costs by its schedule, attempts that failed included. */
export function amountOf(schedule: Schedule, { answered, durationSec, allowance, failedAttemptCount }: Conversation): Nanos {
  const talk = answered ? priceBeside(schedule, durationSec, allowance).amount : 0n;
  return nanos(talk + attemptsPrice(schedule, failedAttemptCount));
}

/** An amount in units of the currency. */
export function decimal(amount: bigint): string {
  return formatNanos(amount);
}

function windowsOf({ segments }: Schedule, charged: readonly string[]): string[] {
  const named = charged.length === 0 ? [segments[0]?.window ?? ''] : charged;
  return named.filter((window, at) => window !== '' && window !== named[at - 1]);
}

function spoken(schedule: Schedule, { answered, durationSec, allowance }: Conversation, currency: string): string[] {
  return answered ? explainPrice(schedule, durationSec, currency, allowance.sec) : [`it was not answered: 0 ${currency}`];
}

function attemptsLine(schedule: Schedule, count: number): DerivationLine[] {
  const amount = attemptsPrice(schedule, count);
  return amount === 0n ? [] : [{ kind: 'attempts', count, fee: decimal(schedule.terms.attemptFeeNanos), taxPercent: percentOf(schedule.terms.taxPpm), amount: decimal(amount) }];
}

function attemptsText(schedule: Schedule, count: number, currency: string): string[] {
  const amount = attemptsPrice(schedule, count);
  return amount === 0n ? [] : [`+ attempt that failed ${decimal(schedule.terms.attemptFeeNanos)}, with tax and rounded = ${decimal(amount)} ${currency}`];
}

function dataOf(line: PriceLine): DerivationLine {
  switch (line.kind) {
    case 'duration':
      return { ...line, rules: line.rules.map(ruleData) };
    case 'rate': {
      const { kind, window, fromSec, lengthSec, freeSec, rateNanos, perSec, incrementSec, exact, sum } = line;
      return { kind, window, fromSec, lengthSec, freeSec, rate: decimal(rateNanos), perSec, incrementSec, exact: exactText(exact), sum: exactText(sum) };
    }
    case 'fee':
      return { kind: line.kind, fee: line.fee, count: line.count, amount: decimal(line.nanos), sum: exactText(line.sum) };
    case 'exchange':
      return { kind: line.kind, from: exchangedFrom(line.rates), rates: line.rates.map(usedRateData), exact: exactText(line.exact), sum: exactText(line.sum) };
    case 'limit':
      return { kind: line.kind, limit: line.limit, amount: decimal(line.nanos), ...(line.isForeign ? { ofRate: true } : {}), sum: exactText(line.sum) };
    case 'tax':
      return { kind: line.kind, taxPercent: percentOf(line.taxPpm), sum: exactText(line.sum) };
    case 'rounding':
      return { kind: line.kind, ...line.rounding, amount: decimal(line.amount) };
    default:
      return unreachable(line);
  }
}

/** An exchange rate that was used, as data. */
export function usedRateData({ base, quote, source, validFromUs, isInverse, ...rate }: UsedExchangeRate): UsedRateData {
  return { base, quote, rate: formatExchangeRate(rate), from: validFromUs === 0 ? 'always' : new Date(validFromUs / 1000).toISOString(), source, isInverse };
}

function ruleData(rule: DurationRule): DerivationLine {
  return rule.rule === 'pulses' ? { rule: rule.rule, ...rule.pulses } : { ...rule };
}

function percentOf(taxPpm: number): string {
  return formatRational(rational(BigInt(taxPpm), 10_000n));
}

function exactText({ num, den }: Rational): string {
  return formatRational(rational(num, den * 1_000_000_000n));
}
