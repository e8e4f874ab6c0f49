/** Bounds of the time from the beginning of a round to that of the next, in milliseconds. */
export interface PaceMs {
  readonly min: number;
  readonly max: number;
}

/**
 * How long a relay rests between two rounds, so that the next packs what came meanwhile. A round costs the same for one row
 * as for hundreds, a message and a sync of the disk for each subject: so while there is always something, rounds come at
 * `max`; what comes now and then is published at once, or `min` after what was before it.
 */
export class RelayPace {
  readonly #bounds: PaceMs;
  #paceMs: number;

  constructor(bounds: PaceMs) {
    this.#bounds = bounds;
    this.#paceMs = bounds.min;
  }

  /** The rest before the next round, when a ring comes `elapsedMs` after the last one began; 0 where the pace is kept by itself. */
  restMs(elapsedMs: number): number {
    const restMs = this.#paceMs - elapsedMs;
    this.#paceMs = restMs > 0 ? Math.min(this.#paceMs * 2, this.#bounds.max) : this.#bounds.min;
    return Math.max(0, restMs);
  }
}
