import { type TimeWindow, UTC, zoneOf } from '@tollwire/telecom';
import type { Attestation, CarrierFacts } from './carrier-facts.ts';

/** When a provider takes calls, how many, and how good they must be; agreed as a whole, and null where there is no limit. */
export interface ProviderLimits {
  /** It takes calls while one of these holds, by the clocks of the zone; none: at any time. */
  readonly hours: readonly TimeWindow[];
  /** An IANA name, such as `Europe/Madrid`. */
  readonly timeZone: string;
  readonly concurrentCallsMax: number | null;
  readonly callsPerSecMax: number | null;
  readonly quality: ProviderQuality;
  /** Codecs that it takes, where a call tells its own; absent: any. */
  readonly codecs?: readonly string[];
  /** The weakest attestation that it takes, where a call tells its own; absent: any. */
  readonly attestationMin?: Attestation;
  /** It takes calls of these accounts only, or of all but these; absent: of all. */
  readonly accountsOnly?: readonly string[];
  readonly accountsNot?: readonly string[];
}

/** What the measured quality of a provider must keep to. */
export interface ProviderQuality {
  /** Answered calls by attempts, in millionths. */
  readonly asrPpmMin: number | null;
  readonly acdSecMin: number | null;
  readonly pddMsMax: number | null;
  /** Nothing is judged over fewer attempts. */
  readonly attemptCountMin: number;
  /** How long it is locked when it does not keep to them. */
  readonly lockSec: number;
}

export const NO_LIMITS: ProviderLimits = {
  hours: [], timeZone: 'UTC', concurrentCallsMax: null, callsPerSecMax: null,
  quality: { asrPpmMin: null, acdSecMin: null, pddMsMax: null, attemptCountMin: 20, lockSec: 300 },
};

/** The opening hours, as facts of a route; none where it takes calls at any time. A zone was known when it was agreed. */
export function hoursOf({ hours, timeZone }: ProviderLimits): Pick<CarrierFacts, 'hours'> {
  if (hours.length === 0) return {};
  const zone = zoneOf(timeZone);
  return { hours: { windows: hours, zone: zone.ok ? zone.value : UTC } };
}

/** Which calls it takes at all, as facts of a route; none where it takes any. */
export function callsTaken({ codecs, attestationMin, accountsOnly, accountsNot }: ProviderLimits): Pick<CarrierFacts, 'codecs' | 'attestationMin' | 'onlyAccounts' | 'notAccounts'> {
  return {
    ...(codecs === undefined ? {} : { codecs }),
    ...(attestationMin === undefined ? {} : { attestationMin }),
    ...(accountsOnly === undefined ? {} : { onlyAccounts: new Set(accountsOnly) }),
    ...(accountsNot === undefined ? {} : { notAccounts: new Set(accountsNot) }),
  };
}
