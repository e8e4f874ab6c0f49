import type { MeasuredQuality, QualityFault, QualityLimits } from './carrier-facts.ts';
import { qualityFault } from './carrier-facts.ts';
import type { ProviderQuality } from './provider-limits.ts';

/** A carrier that is kept out for its quality: everywhere (an empty destination), or for one country code. */
export interface QualityLock {
  readonly destination: string;
  readonly fault: QualityFault;
  readonly fromUs: number;
  /** From then on it is tried again, and judged by the attempts since. */
  readonly untilUs: number;
}

/** Sums over the attempts of a carrier. */
export interface QualitySums {
  readonly attempts: number;
  readonly answered: number;
  readonly effective: number;
  readonly talkUs: number;
  readonly pddUs: number;
  readonly pddCalls: number;
}

/** What the sums amount to; what there is nothing to divide by is not measured. Shares to four decimals, times to whole ms and tenths of a second. */
export function qualityOf({ attempts, answered, effective, talkUs, pddUs, pddCalls }: QualitySums): MeasuredQuality & { readonly ner: number | undefined } {
  const share = (part: number) => (attempts === 0 ? undefined : Math.round((part / attempts) * 10_000) / 10_000);
  return {
    asr: share(answered), ner: share(effective),
    acdSec: answered === 0 ? undefined : Math.round(talkUs / answered / 100_000) / 10,
    pddMs: pddCalls === 0 ? undefined : Math.round(pddUs / pddCalls / 1000),
    attemptCount: attempts,
  };
}

/** Agreed limits, as a route judges by them. */
export function qualityLimitsOf({ asrPpmMin, acdSecMin, pddMsMax, attemptCountMin }: ProviderQuality): QualityLimits {
  return { asrMin: asrPpmMin === null ? undefined : asrPpmMin / 1_000_000, acdSecMin: acdSecMin ?? undefined, pddMsMax: pddMsMax ?? undefined, attemptCountMin };
}

/**
 * Where a carrier has to be locked now, by what was measured of it since its last lock ended, for each destination. One that
 * is below its limits everywhere is locked there, and for no country beside.
 */
export function locksDue(
  agreed: ProviderQuality, measured: ReadonlyMap<string, MeasuredQuality>, locks: readonly QualityLock[], atUs: number,
): QualityLock[] {
  const limits = qualityLimitsOf(agreed);
  const isLocked = (destination: string) => locks.some((lock) => lock.destination === destination && atUs < lock.untilUs);
  if (isLocked('')) return [];
  const due = [...measured].flatMap(([destination, quality]): QualityLock[] => {
    const fault = isLocked(destination) ? undefined : qualityFault(quality, limits);
    return fault === undefined ? [] : [{ destination, fault, fromUs: atUs, untilUs: lockEndUs(atUs, agreed.lockSec) }];
  });
  return due.find(({ destination }) => destination === '') === undefined ? due : due.filter(({ destination }) => destination === '');
}

const MINUTE_US = 60_000_000;

/** On a whole minute, since attempts are counted by minutes. */
function lockEndUs(atUs: number, lockSec: number): number {
  return Math.ceil((atUs + lockSec * 1_000_000) / MINUTE_US) * MINUTE_US;
}

/** The locks after one more: of each destination only the last one. */
export function withLock(locks: readonly QualityLock[], lock: QualityLock): QualityLock[] {
  return [...locks.filter(({ destination }) => destination !== lock.destination), lock];
}

/** The lock that keeps a carrier out at an instant, of a destination or of all. */
export function lockAt(locks: readonly QualityLock[], destination: string, atUs: number): QualityLock | undefined {
  return locks.find((lock) => (lock.destination === '' || lock.destination === destination) && lock.fromUs <= atUs && atUs < lock.untilUs);
}
