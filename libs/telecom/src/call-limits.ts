import { type InstantUs, instantUs } from '@tollwire/core';

const dayUs = 86_400_000_000;

/** Nothing about a call is believed from before 2000-01-01: it is a clock that was never set. */
export const callAtMin: InstantUs = instantUs(Date.UTC(2000, 0, 1) * 1000);

/** A switch's clock may run ahead of ours, but not by more than a day, in microseconds. */
export const clockAheadUsMax = dayUs;

/** No call lasts longer, in microseconds: carriers cut calls after hours, so its end was lost, or a clock is wrong. */
export const callUsMax = 7 * dayUs;

/** The same in seconds. */
export const callSecMax = callUsMax / 1_000_000;

/** Whether something about a call can have happened at `atUs`, as far as one can tell at `nowUs`. */
export function isPlausibleInstant(atUs: number, nowUs: InstantUs): boolean {
  return atUs >= callAtMin && atUs <= nowUs + clockAheadUsMax;
}
