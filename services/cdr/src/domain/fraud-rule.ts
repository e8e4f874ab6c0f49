import { unreachable } from '@tollwire/core';
import type { WatchedCall } from './fraud-call.ts';

/** What is summed up over the calls of a window. `missed`: rang shortly and was not answered, which is how Wangiri begins. */
export const fraudMeasures = ['spend', 'calls', 'minutes', 'short_calls', 'missed_calls'] as const;
export type FraudMeasure = (typeof fraudMeasures)[number];

/** Whose calls are summed up: who pays, who calls, or where to. */
export const fraudSubjects = ['payer', 'cli', 'destination'] as const;
export type FraudSubject = (typeof fraudSubjects)[number];

export const fraudActions = ['tell', 'block'] as const;
export type FraudAction = (typeof fraudActions)[number];

/** A rule against fraud: more than the limit within the window is suspicious. */
export interface FraudRule {
  readonly id: number;
  readonly name: string;
  readonly by: FraudSubject;
  readonly measure: FraudMeasure;
  readonly windowSec: number;
  /** Calls; microseconds of `minutes`; nanos of `spend`. */
  readonly limit: bigint;
  /** Of spend. */
  readonly currency: string;
  /** Which called numbers count: any, those of the high-risk ranges, or those with one of the prefixes. */
  readonly ranges: 'any' | 'high_risk' | readonly string[];
  /** Whose calls count, who pays for them: these, or anybody where there are none; and whose do not. */
  readonly payers: readonly string[];
  readonly exceptPayers: readonly string[];
  /** A conversation of less is short; a missed call rang for no longer. */
  readonly shortSec: number;
  readonly action: FraudAction;
  /** Calls that began before it was set do not count. */
  readonly sinceUs: number;
}

/** The part of a number that stands for its destination, where the rule names no ranges. */
const DESTINATION_DIGITS = 5;
const MIN_US = 60_000_000;

/** What a call adds to the sum of a rule: for whom, in which minute. */
export interface FraudCount {
  readonly ruleId: number;
  readonly subject: string;
  readonly atMin: number;
  readonly amount: bigint;
}

/** Finds the longest high-risk range of a number; undefined where it is in none. */
export type HighRisk = (called: string) => string | undefined;

/** What a call counts as under a rule; undefined where it does not. */
export function countOf(rule: FraudRule, call: WatchedCall, highRisk: HighRisk): FraudCount | undefined {
  const atUs = call.startedAtUs || call.reservedAtUs;
  if (atUs === 0 || atUs < rule.sinceUs) return undefined;
  const subject = subjectOf(rule, call, highRisk);
  const amount = amountOf(rule, call);
  if (subject === undefined || amount === 0n) return undefined;
  return { ruleId: rule.id, subject, atMin: Math.floor(atUs / MIN_US), amount };
}

/** Whom a call is counted for; undefined for nobody. */
export function subjectOf({ by, ranges, payers, exceptPayers }: FraudRule, { party, cli, called }: WatchedCall, highRisk: HighRisk): string | undefined {
  if ((payers.length > 0 && !payers.includes(party)) || exceptPayers.includes(party)) return undefined;
  const range = ranges === 'any' ? called.slice(0, DESTINATION_DIGITS) : rangeOf(ranges, called, highRisk);
  if (range === undefined) return undefined;
  switch (by) {
    case 'payer':
      return party === '' ? undefined : party;
    case 'cli':
      return cli === '' ? undefined : cli;
    case 'destination':
      return range === '' ? undefined : range;
    default:
      return unreachable(by);
  }
}

function rangeOf(ranges: 'high_risk' | readonly string[], called: string, highRisk: HighRisk): string | undefined {
  if (ranges === 'high_risk') return highRisk(called);
  return ranges.filter((prefix) => called.startsWith(prefix)).toSorted((one, other) => other.length - one.length)[0];
}

function amountOf({ measure, currency, shortSec }: FraudRule, call: WatchedCall): bigint {
  const { answeredAtUs, endedAtUs, startedAtUs } = call;
  const talkUs = answeredAtUs > 0 && endedAtUs > answeredAtUs ? endedAtUs - answeredAtUs : 0;
  switch (measure) {
    case 'calls':
      return 1n;
    case 'spend':
      return call.currency === currency ? spendOf(call) : 0n;
    case 'minutes':
      return BigInt(talkUs);
    case 'short_calls':
      return answeredAtUs > 0 && endedAtUs > 0 && talkUs < shortSec * 1_000_000 ? 1n : 0n;
    case 'missed_calls':
      return answeredAtUs === 0 && endedAtUs > 0 && endedAtUs - startedAtUs <= shortSec * 1_000_000 ? 1n : 0n;
    default:
      return unreachable(measure);
  }
}

/** What a call costs: what was charged, else what is set aside for it. */
function spendOf({ chargedNanos, isFreed, reservedNanos }: WatchedCall): bigint {
  if (chargedNanos !== null) return chargedNanos;
  return isFreed ? 0n : (reservedNanos ?? 0n);
}

/** What a conversation that still goes on adds to a rule of minutes by now; undefined where it adds nothing. */
export function runningCountOf(rule: FraudRule, call: WatchedCall, nowUs: number, highRisk: HighRisk): FraudCount | undefined {
  if (rule.measure !== 'minutes' || call.answeredAtUs === 0 || call.endedAtUs !== 0 || call.isAbandoned) return undefined;
  return countOf(rule, { ...call, endedAtUs: Math.max(nowUs, call.answeredAtUs) }, highRisk);
}

/** How sums change when a call counts otherwise than it did: what it counted as is taken away, what it counts as is added. */
export function changesOf(before: readonly FraudCount[], after: readonly FraudCount[]): FraudCount[] {
  const sums = new Map<string, FraudCount>();
  for (const [counts, sign] of [[before, -1n], [after, 1n]] as const) {
    for (const count of counts) {
      const key = `${count.ruleId} ${count.atMin} ${count.subject}`;
      sums.set(key, { ...count, amount: (sums.get(key)?.amount ?? 0n) + sign * count.amount });
    }
  }
  return [...sums.values()].filter(({ amount }) => amount !== 0n);
}

/** The first minute that counts: within the window, and after the subject was cleared last. */
export function firstMinuteOf({ windowSec }: FraudRule, nowUs: number, clearedAtUs: number): number {
  return Math.max(Math.floor((nowUs - windowSec * 1_000_000) / MIN_US), Math.floor(clearedAtUs / MIN_US)) + 1;
}
