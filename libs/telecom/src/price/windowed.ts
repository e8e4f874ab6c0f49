import { countsBefore, windowSpanAt } from './time-window.ts';
import type { TimeWindow, WindowSpan } from './time-window.ts';
import type { Zone } from './zone.ts';

/** A stretch of a call and the number of the window that counts there. */
export interface WindowedStretch {
  /** Seconds of the call; the first is 0. */
  readonly fromSec: number;
  readonly window: number;
}

/** A window by the clocks of its zone. It remembers the two stretches that it was last asked for: most calls are about now. */
export class WindowClock {
  readonly window: TimeWindow;
  readonly #zone: Zone;
  #last: WindowSpan;
  #before: WindowSpan;

  constructor(window: TimeWindow, zone: Zone) {
    this.window = window;
    this.#zone = zone;
    this.#last = windowSpanAt(window, zone, 0);
    this.#before = this.#last;
  }

  /** The stretch around an instant in which the window holds, or in which it does not. */
  spanAt(us: number): WindowSpan {
    if (isWithin(this.#last, us)) return this.#last;
    const span = isWithin(this.#before, us) ? this.#before : windowSpanAt(this.window, this.#zone, us);
    this.#before = this.#last;
    this.#last = span;
    return span;
  }
}

function isWithin({ fromUs, untilUs }: WindowSpan, us: number): boolean {
  return us >= fromUs && us < untilUs;
}

/** Windows of which one counts at a time, each named by a number. */
export interface Windows {
  /** The number of the window that counts at an instant: the heaviest that holds, then the later start, then the first; -1: none. */
  countingAt(us: number): number;
  /** Until when no window begins or ends, from an instant on. */
  sameUntilUs(us: number): number;
}

/** Windows by their position in a list. */
export function windowsOf(clocks: readonly WindowClock[]): Windows {
  return {
    countingAt(us) {
      let best = -1;
      let counting: TimeWindow | undefined;
      for (const [at, clock] of clocks.entries()) {
        if (!clock.spanAt(us).holds) continue;
        if (counting === undefined || countsBefore(clock.window, counting)) {
          best = at;
          counting = clock.window;
        }
      }
      return best;
    },
    sameUntilUs: (us) => clocks.reduce((until, clock) => Math.min(until, clock.spanAt(us).untilUs), Infinity),
  };
}

/**
 * Which window counts when, from the start of a call for `durationSec` seconds; undefined where none holds at the start.
 * A bound that falls within a second of the call counts from the next second on. Where no window holds in between, the
 * one before goes on.
 */
export function stretchesOf(windows: Windows, startUs: number, durationSec: number): WindowedStretch[] | undefined {
  let counting = windows.countingAt(startUs);
  if (counting < 0) return undefined;
  const stretches: WindowedStretch[] = [{ fromSec: 0, window: counting }];
  const endUs = startUs + durationSec * 1_000_000;
  for (let us = windows.sameUntilUs(startUs); us < endUs; us = windows.sameUntilUs(us)) {
    const window = windows.countingAt(us);
    if (window < 0 || window === counting) continue;
    const fromSec = Math.ceil((us - startUs) / 1_000_000);
    if (stretches.at(-1)?.fromSec === fromSec) stretches.pop();
    stretches.push({ fromSec, window });
    counting = window;
  }
  return stretches;
}
