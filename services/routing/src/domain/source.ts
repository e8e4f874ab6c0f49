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

/** A source's rates in columns of one length, sorted by prefix in digit order. Amounts are whole nanos below 2⁵³. */
export interface OfferColumns {
  readonly prefix: readonly string[];
  readonly ratePerMinNanos: ArrayLike<number>;
  readonly validFromUs: ArrayLike<number>;
  /** Infinity: open end. */
  readonly validUntilUs: ArrayLike<number>;
  readonly blocked: ArrayLike<boolean>;
}

/** A source with its content. */
export interface SourceDeck {
  readonly source: Source;
  readonly columns: OfferColumns;
}
