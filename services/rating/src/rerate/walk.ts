import type { InstantUs } from '@tollwire/core';
import { instantUs } from '@tollwire/core';

/** How far a walk over calls is, by set-up and then by key, and how long the next slice of time is. */
export interface Place {
  readonly atUs: InstantUs;
  /** Of the calls set up at `atUs`, those up to this key have been seen. */
  readonly callKey: string;
  readonly sliceUs: number;
}

/** Calls in one batch at most: well below a tenth of a second, all in all. */
export const BATCH_CALLS_MAX = 1_000;

const MINUTE_US = 60_000_000;
const SLICE_US_MAX = 1_440 * MINUTE_US;
/** A slice that took longer is too long, however few calls were wanted of it. */
const SLICE_MS_MAX = 200;

/** The place before everything that was set up since `fromUs`. */
export function placeBefore(fromUs: InstantUs): Place {
  return { atUs: fromUs, callKey: '', sliceUs: MINUTE_US };
}

/** Where the next slice ends. */
export function sliceEnd({ atUs, sliceUs }: Place, untilUs: InstantUs): InstantUs {
  return instantUs(Math.min(atUs + sliceUs, untilUs));
}

/**
 * The place after a batch: behind its last call where it was full, else at the end of the slice. Slices grow while they
 * bring few calls quickly, and shrink where they bring too many or take long, so that neither a quiet year nor a busy
 * second holds anything up.
 */
export function placeAfter(place: Place, end: InstantUs, calls: readonly { readonly startedAt: InstantUs; readonly callKey: string }[], tookMs: number): Place {
  const last = calls.length < BATCH_CALLS_MAX ? undefined : calls.at(-1);
  const isMuch = last !== undefined || tookMs > SLICE_MS_MAX;
  const grown = calls.length < BATCH_CALLS_MAX / 2 ? place.sliceUs * 2 : place.sliceUs;
  const sliceUs = Math.min(SLICE_US_MAX, isMuch ? Math.max(1, Math.floor(place.sliceUs / 2)) : grown);
  return last === undefined ? { atUs: end, callKey: '', sliceUs } : { atUs: last.startedAt, callKey: last.callKey, sliceUs };
}
