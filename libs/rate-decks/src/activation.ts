/** A deck version that was put in force, as the catalog told it. */
export interface Activation {
  /** The value of the contract's DeckKind. */
  readonly kind: number;
  readonly ownerId: number;
  /** 1, 2, 3 … within the deck of (kind, ownerId): a version may be activated again. */
  readonly activation: number;
  readonly version: number;
  readonly digest: string;
  readonly currency: string;
  /** The carrier of a carrier deck; empty otherwise. */
  readonly carrierCode: string;
  readonly chunkCount: number;
  readonly rateCount: number;
  readonly validFromUs: number;
  readonly withdrawnAtUs: number | undefined;
}

/** A deck version with the time in which its rates count: from (inclusive) until (exclusive, Infinity: open end). */
export interface DeckInForce extends Activation {
  readonly validUntilUs: number;
}

/**
 * When each version counts. Of one owner's activations a later start ends the earlier one; of equal starts the later
 * activation counts. A withdrawn version ends at its withdrawal and leaves the time after it empty, because a price that
 * an operator took back must not quietly become the price before it. One that was withdrawn before it started never
 * counted, and ended nothing.
 */
export function inForce(activations: readonly Activation[]): DeckInForce[] {
  const started = activations.filter(({ validFromUs, withdrawnAtUs }) => withdrawnAtUs === undefined || withdrawnAtUs > validFromUs);
  const byOwner = Map.groupBy(started, ({ kind, ownerId }) => `${kind}:${ownerId}`);
  return [...byOwner.values()].flatMap((versions) => {
    const ordered = versions.toSorted((left, right) => left.validFromUs - right.validFromUs || left.activation - right.activation);
    return ordered.flatMap((activation, at) => {
      const supersededAtUs = ordered[at + 1]?.validFromUs ?? Infinity;
      const validUntilUs = Math.min(supersededAtUs, activation.withdrawnAtUs ?? Infinity);
      return validUntilUs > activation.validFromUs ? [{ ...activation, validUntilUs }] : [];
    });
  });
}
