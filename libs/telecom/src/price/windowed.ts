import { countsBefore, holds, localTimeOf, nextBoundUs } from './time-window.ts';
import type { TimeWindow } from './time-window.ts';
import type { Zone } from './zone.ts';

/** A stretch of a call and which of several windows counts there. */
export interface WindowedStretch {
  /** Seconds of the call; the first is 0. */
  readonly fromSec: number;
  /** Position in the list of windows. */
  readonly window: number;
}

/** The position of the window that counts at an instant: the heaviest that holds, then the later start, then the first; -1: none. */
export function windowAt(windows: readonly TimeWindow[], zone: Zone, us: number): number {
  const local = localTimeOf(zone, us);
  let best = -1;
  let counting: TimeWindow | undefined;
  for (let at = 0; at < windows.length; at += 1) {
    const window = windows[at];
    if (window === undefined || !holds(window, local)) continue;
    if (counting === undefined || countsBefore(window, counting)) {
      best = at;
      counting = window;
    }
  }
  return best;
}

/**
 * Which window counts when, from the start of a call for `durationSec` seconds; undefined where none holds at the start.
 * A bound that falls within a second of the call counts from the next second on. Where no window holds in between, the
 * one before goes on.
 */
export function stretchesOf(windows: readonly TimeWindow[], zone: Zone, startUs: number, durationSec: number): WindowedStretch[] | undefined {
  const first = windowAt(windows, zone, startUs);
  if (first < 0) return undefined;
  const stretches: WindowedStretch[] = [{ fromSec: 0, window: first }];
  const endUs = startUs + durationSec * 1_000_000;
  let counting = first;
  for (let us = nextBoundUs(windows, zone, startUs); us < endUs; us = nextBoundUs(windows, zone, us)) {
    const window = windowAt(windows, zone, us);
    if (window < 0 || window === counting) continue;
    const fromSec = Math.ceil((us - startUs) / 1_000_000);
    if (stretches.at(-1)?.fromSec === fromSec) stretches.pop();
    stretches.push({ fromSec, window });
    counting = window;
  }
  return stretches;
}
