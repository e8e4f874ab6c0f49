import { effectiveCauses } from '@tollwire/telecom';
import type { CallRecord } from './call.ts';
import { type Cdr, cdrOf } from './cdr.ts';

/** What one call adds to the reports: where it is counted, and how much of each measure. */
export interface Counted {
  /** A call that is going on is counted among the live ones only; one that is over in every report. */
  readonly isLive: boolean;
  /** Minutes since 1970 of its start. */
  readonly atMin: number;
  readonly switchId: string;
  /** Who connected the call; of one that nobody did, who was tried last, so that a carrier's calls are those that it failed, too. */
  readonly carrierCode: string;
  /** Attempts beside the one that the call counts under: they failed, and another was tried. Each is one of its carrier, as carriers count. */
  readonly reroutes: readonly Reroute[];
  /** Empty for calls that cards pay for. */
  readonly accountCode: string;
  /** The catalog's countryprefixid, which is the destination; 0 where no rate priced the call. */
  readonly countryPrefixId: number;
  readonly q850Cause: number;
  readonly currency: string;
  readonly buyCurrency: string;
  readonly isAnswered: boolean;
  readonly isEffective: boolean;
  readonly isShort: boolean;
  readonly isAbandoned: boolean;
  readonly talkUs: number;
  readonly billedSec: number;
  /** From the start to ringing; null where no ringing was told, or none after the start. */
  readonly pddUs: number | null;
  readonly sellNanos: bigint;
  readonly buyNanos: bigint;
  /** What is left of the sell price, in its currency; 0 where it is not known. */
  readonly marginNanos: bigint;
}

/** An attempt over a carrier after which another was tried. */
export interface Reroute {
  readonly carrierCode: string;
  readonly isEffective: boolean;
}

/** An answered call of less than ten seconds of conversation is short. */
export const shortTalkUs = 10_000_000;

const isUsersDoing: ReadonlySet<number> = new Set(effectiveCauses);

/** What a call adds to the reports by now; undefined for one of which nothing was told. */
export function countedOf(record: CallRecord): Counted | undefined {
  if (record.ended === undefined && isUntold(record)) return undefined;
  const cdr = cdrOf(record);
  const isAbandoned = cdr.status === 'abandoned';
  const isLive = !isAbandoned && cdr.endedAtUs === 0;
  // Only an end says how long was talked, so a call that was closed without one counts as not answered.
  const isAnswered = cdr.endedAtUs !== 0 && cdr.answeredAtUs !== 0;
  const talkUs = isAnswered ? cdr.endedAtUs - cdr.answeredAtUs : 0;
  return {
    isLive,
    ...placeOf(cdr),
    isAnswered,
    isEffective: isAnswered || (cdr.endedAtUs !== 0 && isUsersDoing.has(cdr.q850Cause)),
    isShort: isAnswered && talkUs < shortTalkUs,
    isAbandoned,
    talkUs,
    billedSec: cdr.price?.billedSec ?? 0,
    pddUs: cdr.ringingAtUs >= cdr.startedAtUs && cdr.endedAtUs !== 0 ? cdr.ringingAtUs - cdr.startedAtUs : null,
    sellNanos: cdr.price?.sell?.nanos ?? 0n,
    buyNanos: cdr.price?.buy?.nanos ?? 0n,
    marginNanos: marginNanosOf(cdr),
  };
}

/**
 * As rating has it: before tax, and by its exchange rates. Where it has none, what the carrier leaves of the price in one currency; a
 * carrier whose price is not known leaves no margin that is.
 */
function marginNanosOf({ price, carrierCode }: Cdr): bigint {
  if (price?.margin !== undefined) return price.margin.nanos;
  if (price?.sell === undefined) return 0n;
  const { sell, buy } = price;
  if (buy === undefined) return carrierCode === '' ? sell.nanos : 0n;
  return buy.currency === sell.currency ? sell.nanos - buy.nanos : 0n;
}

function isUntold({ started, ringing, answered, rated, abandoned }: CallRecord): boolean {
  return (started ?? ringing ?? answered ?? rated ?? abandoned) === undefined;
}

function placeOf({ call, startedAtUs, carrierCode: connected, attempts, accountCode, q850Cause, price }: Cdr) {
  const carrierCode = connected === '' ? (attempts.at(-1)?.carrierCode ?? '') : connected;
  return {
    atMin: Math.floor(startedAtUs / 60_000_000),
    switchId: call.switchId,
    carrierCode,
    reroutes: reroutesOf(attempts, carrierCode),
    accountCode,
    countryPrefixId: price?.countryPrefixId ?? 0,
    q850Cause,
    currency: price?.sell?.currency ?? '',
    buyCurrency: price?.buy?.currency ?? '',
  };
}

/** All attempts but the last over the carrier that the call counts under. */
function reroutesOf(attempts: Cdr['attempts'], carrierCode: string): Reroute[] {
  const counted = attempts.findLastIndex((attempt) => attempt.carrierCode === carrierCode);
  return attempts.flatMap((attempt, at) => (at === counted || attempt.carrierCode === '' ? [] : [{ carrierCode: attempt.carrierCode, isEffective: isUsersDoing.has(attempt.q850Cause) }]));
}

/** What is added to the reports (`sign` 1) and taken from them (-1) when a call changes. */
export interface Difference {
  readonly sign: 1 | -1;
  readonly counted: Counted;
}

/**
 * How a call changes the reports: nothing where it counts as before. A call that was set up before `keptSinceUs` was dropped by its age, and stays in the
 * sums as it was; a rating that comes again finds nothing of it, and would count it twice.
 */
export function differenceOf(before: CallRecord, after: CallRecord, keptSinceUs = 0): Difference[] {
  const counted = (record: CallRecord) => (isLeftOver(record, keptSinceUs) ? undefined : countedOf(record));
  const [was, is] = [counted(before), counted(after)];
  if (was !== undefined && is !== undefined && isSame(was, is)) return [];
  return [...(was === undefined ? [] : [{ sign: -1, counted: was } as const]), ...(is === undefined ? [] : [{ sign: 1, counted: is } as const])];
}

/** Whether nothing but a rating is known of a call that old. */
function isLeftOver({ started, ringing, answered, ended, rated, abandoned }: CallRecord, keptSinceUs: number): boolean {
  return rated !== undefined && (started ?? ringing ?? answered ?? ended ?? abandoned) === undefined && rated.startedAtUs < keptSinceUs;
}

/** Sums of a report are told apart by these; a live call only by where it is. */
function isSame(was: Counted, is: Counted): boolean {
  return was.isLive === is.isLive && was.atMin === is.atMin && was.carrierCode === is.carrierCode && was.accountCode === is.accountCode &&
    was.countryPrefixId === is.countryPrefixId && was.q850Cause === is.q850Cause && was.currency === is.currency && was.buyCurrency === is.buyCurrency &&
    was.isAnswered === is.isAnswered && was.isEffective === is.isEffective && was.isAbandoned === is.isAbandoned && was.talkUs === is.talkUs &&
    was.billedSec === is.billedSec && was.pddUs === is.pddUs && was.sellNanos === is.sellNanos && was.buyNanos === is.buyNanos &&
    was.marginNanos === is.marginNanos && was.reroutes.length === is.reroutes.length &&
    was.reroutes.every(({ carrierCode, isEffective }, at) => carrierCode === is.reroutes[at]?.carrierCode && isEffective === is.reroutes[at].isEffective);
}

/** Sums over calls. */
export interface TrafficSums {
  readonly callCount: bigint;
  /** What ASR and NER are of: calls, or of a carrier its attempts. */
  readonly attemptCount: bigint;
  readonly answeredCount: bigint;
  readonly effectiveCount: bigint;
  readonly shortCount: bigint;
  readonly talkUs: bigint;
  readonly pddUs: bigint;
  readonly pddCount: bigint;
}

/** The ratios of the trade; undefined where there is nothing to divide by: no data is not zero. */
export interface TrafficRatios {
  /** Answer-seizure ratio: answered of all calls, of a carrier of all attempts over it, in percent. */
  readonly asrPercent: number | undefined;
  /** Network effectiveness ratio (ITU-T E.425), in percent. */
  readonly nerPercent: number | undefined;
  /** Average conversation of an answered call, in seconds (ACD, ALOC). */
  readonly acdSec: number | undefined;
  /** Average post-dial delay of the calls that told of ringing, in milliseconds. */
  readonly pddMs: number | undefined;
  /** Short ones of the answered calls, in percent. */
  readonly shortPercent: number | undefined;
}

export function ratiosOf(sums: TrafficSums): TrafficRatios {
  return {
    asrPercent: ratio(sums.answeredCount * 100n, sums.attemptCount),
    nerPercent: ratio(sums.effectiveCount * 100n, sums.attemptCount),
    acdSec: ratio(sums.talkUs, sums.answeredCount * 1_000_000n),
    pddMs: ratio(sums.pddUs, sums.pddCount * 1_000n),
    shortPercent: ratio(sums.shortCount * 100n, sums.answeredCount),
  };
}

/** To three decimals, rounded half up; the sums are exact and not negative. */
function ratio(dividend: bigint, divisor: bigint): number | undefined {
  return divisor === 0n ? undefined : Number((dividend * 2_000n + divisor) / (divisor * 2n)) / 1_000;
}
