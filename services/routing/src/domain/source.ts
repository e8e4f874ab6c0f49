import type { RateProfile, TimeWindow, Zone } from '@tollwire/telecom';

/** One deck version of one carrier: where offers come from. Its number is its place in the index. */
export interface Source {
  readonly carrierCode: string;
  /** The carrier plan whose deck this is; undefined for the provider's direct rates. */
  readonly carrierPlanId: number | undefined;
  readonly digest: string;
  readonly currency: string;
  /** In force from (inclusive) until (exclusive). */
  readonly validFromUs: number;
  readonly validUntilUs: number;
}

/** When a rate counts within its validity: a window of time, by the clocks of a zone. */
export interface Timing {
  readonly window: TimeWindow;
  readonly zone: Zone;
}

/** What a rate charges beside its amount per minute, and how it counts seconds. */
export interface OfferCharges {
  readonly connectFeeNanos: number;
  /** 0: increments count from the start. */
  readonly initialIncrementSec: number;
  /** At least 1. */
  readonly incrementSec: number;
  /** Further steps and terms; undefined: none. Its window is the rate's timing, and is not looked at here. */
  readonly profile: RateProfile | undefined;
}

/** By the second, and nothing beside it. */
export const BY_THE_SECOND: OfferCharges = { connectFeeNanos: 0, initialIncrementSec: 0, incrementSec: 1, profile: undefined };

/** A source's rates in columns of one length, sorted by prefix in digit order. Amounts are whole nanos below 2⁵³. */
export interface OfferColumns {
  readonly prefix: readonly string[];
  readonly ratePerMinNanos: ArrayLike<number>;
  readonly validFromUs: ArrayLike<number>;
  /** Infinity: open end. */
  readonly validUntilUs: ArrayLike<number>;
  readonly blocked: ArrayLike<boolean>;
  /** Of each rate its timing, counted from 1; 0: any time. Rates of one prefix may stand side by side in different ones. */
  readonly timing: ArrayLike<number>;
  readonly timings: readonly Timing[];
  /** Of each rate its charges, counted from 1; 0: by the second. */
  readonly charge: ArrayLike<number>;
  readonly charges: readonly OfferCharges[];
}

/** A source with its content. */
export interface SourceDeck {
  readonly source: Source;
  readonly columns: OfferColumns;
}
