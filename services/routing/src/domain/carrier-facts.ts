import { holds, localTimeOf, type TimeWindow, type Zone } from '@tollwire/telecom';

/** Levels of STIR attestation (RFC 8588), the strongest first. */
export const ATTESTATIONS = ['A', 'B', 'C'] as const;
export type Attestation = (typeof ATTESTATIONS)[number];

/** What was measured of a carrier, for the destination of the call. */
export interface MeasuredQuality {
  /** Answered calls by attempts, 0 to 1; undefined: not measured. */
  readonly asr: number | undefined;
  readonly acdSec: number | undefined;
  readonly pddMs: number | undefined;
  /** How many attempts that was measured over. */
  readonly attemptCount: number;
}

/** What a carrier must keep to. Nothing is judged over fewer attempts than the minimum. */
export interface QualityLimits {
  readonly asrMin: number | undefined;
  readonly acdSecMin: number | undefined;
  readonly pddMsMax: number | undefined;
  readonly attemptCountMin: number;
}

/** What is in use of what there is. */
export interface Capacity {
  readonly inUse: number;
  readonly max: number;
}

/** What is known and agreed of a carrier when a call is routed, beyond its rates; what is undefined does not count. */
export interface CarrierFacts {
  /** It takes calls only where one of the windows holds. */
  readonly hours?: { readonly windows: readonly TimeWindow[]; readonly zone: Zone };
  readonly onlyAccounts?: ReadonlySet<string>;
  readonly notAccounts?: ReadonlySet<string>;
  readonly codecs?: readonly string[];
  /** The weakest attestation that it takes. */
  readonly attestationMin?: Attestation;
  /** What is left to be used up with it, in nanos. */
  readonly balanceNanos?: bigint;
  readonly concurrentCalls?: Capacity;
  readonly callsPerSec?: Capacity;
  readonly quality?: MeasuredQuality;
  readonly qualityLimits?: QualityLimits;
  /** Until when it is locked for its quality; from then on it is tried again. */
  readonly lockedUntilUs?: number;
  /** What it was locked for, where that is known and no longer measured. */
  readonly lockedFor?: QualityFault;
  /** Its share where shares are by weight; 1 where nothing is said. */
  readonly weight?: number;
  /** What the customer pays for the expected call over it, where that differs by carrier; `UNSOLD`: it is not sold over it. */
  readonly sellPriceNanos?: number;
}

/** What a call asks of its carriers. */
export interface CallNeeds {
  readonly atUs: number;
  readonly account?: string;
  readonly codecs?: readonly string[];
  readonly attestation?: Attestation;
}

export type FactExclusion =
  | { readonly code: 'not_for_account'; readonly account: string }
  | { readonly code: 'outside_hours' }
  | { readonly code: 'codec_mismatch'; readonly takes: readonly string[] }
  | { readonly code: 'attestation_mismatch'; readonly attestation: Attestation; readonly attestationMin: Attestation }
  | { readonly code: 'balance_used_up' }
  | { readonly code: 'at_capacity'; readonly of: 'concurrent_calls' | 'calls_per_sec'; readonly inUse: number; readonly max: number }
  | { readonly code: 'quality_locked'; readonly below: QualityFault | undefined; readonly retryAtUs: number | undefined };

/** The limit that a carrier does not keep. */
export interface QualityFault {
  readonly measure: 'asr' | 'acd_sec' | 'pdd_ms';
  readonly measured: number;
  readonly limit: number;
}

/** The first thing, in the order of the codes above, for which the carrier cannot take the call; undefined: it can. */
export function factExclusion(facts: CarrierFacts, needs: CallNeeds): FactExclusion | undefined {
  return unfit(facts, needs) ?? usedUp(facts) ?? lockOf(facts, needs.atUs);
}

function unfit(facts: CarrierFacts, { atUs, account = '', codecs, attestation }: CallNeeds): FactExclusion | undefined {
  const { hours, onlyAccounts, notAccounts } = facts;
  if (onlyAccounts?.has(account) === false || notAccounts?.has(account) === true) return { code: 'not_for_account', account };
  if (hours !== undefined) {
    const local = localTimeOf(hours.zone, atUs);
    if (!hours.windows.some((window) => holds(window, local))) return { code: 'outside_hours' };
  }
  if (codecs !== undefined && facts.codecs?.some((codec) => codecs.some((each) => isSameCodec(each, codec))) === false) return { code: 'codec_mismatch', takes: facts.codecs };
  const { attestationMin } = facts;
  if (attestation !== undefined && attestationMin !== undefined && ATTESTATIONS.indexOf(attestation) > ATTESTATIONS.indexOf(attestationMin)) {
    return { code: 'attestation_mismatch', attestation, attestationMin };
  }
  return undefined;
}

/** Names of codecs are the same in capital and in small letters (RFC 4855). */
function isSameCodec(one: string, other: string): boolean {
  return one === other || one.toLowerCase() === other.toLowerCase();
}

function usedUp({ balanceNanos, concurrentCalls, callsPerSec }: CarrierFacts): FactExclusion | undefined {
  if (balanceNanos !== undefined && balanceNanos <= 0n) return { code: 'balance_used_up' };
  if (concurrentCalls !== undefined && concurrentCalls.inUse >= concurrentCalls.max) return { code: 'at_capacity', of: 'concurrent_calls', ...concurrentCalls };
  if (callsPerSec !== undefined && callsPerSec.inUse >= callsPerSec.max) return { code: 'at_capacity', of: 'calls_per_sec', ...callsPerSec };
  return undefined;
}

/** Below its limits it is locked, until the time at which it is tried again, where that is known. */
function lockOf({ quality, qualityLimits, lockedUntilUs, lockedFor }: CarrierFacts, atUs: number): FactExclusion | undefined {
  if (lockedUntilUs !== undefined && lockedUntilUs <= atUs) return undefined;
  const below = lockedFor ?? (quality === undefined || qualityLimits === undefined ? undefined : qualityFault(quality, qualityLimits));
  return below === undefined && lockedUntilUs === undefined ? undefined : { code: 'quality_locked', below, retryAtUs: lockedUntilUs };
}

/** The first limit that what was measured does not keep; a value at its limit keeps it. */
export function qualityFault({ asr, acdSec, pddMs, attemptCount }: MeasuredQuality, limits: QualityLimits): QualityFault | undefined {
  if (attemptCount < limits.attemptCountMin) return undefined;
  const { asrMin, acdSecMin, pddMsMax } = limits;
  if (asr !== undefined && asrMin !== undefined && asr < asrMin) return { measure: 'asr', measured: asr, limit: asrMin };
  if (acdSec !== undefined && acdSecMin !== undefined && acdSec < acdSecMin) return { measure: 'acd_sec', measured: acdSec, limit: acdSecMin };
  if (pddMs !== undefined && pddMsMax !== undefined && pddMs > pddMsMax) return { measure: 'pdd_ms', measured: pddMs, limit: pddMsMax };
  return undefined;
}
