import { windowSpanAt } from './time-window.ts';
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
  #one: WindowSpan;
  #other: WindowSpan;

  constructor(window: TimeWindow, zone: Zone) {
    this.window = window;
    this.#zone = zone;
    this.#one = windowSpanAt(window, zone, 0);
    this.#other = this.#one;
  }

  /** The stretch around an instant in which the window holds, or in which it does not. */
  spanAt(us: number): WindowSpan {
    if (isWithin(this.#one, us)) return this.#one;
    if (isWithin(this.#other, us)) return this.#other;
    // The one that was found last stays: whoever crosses a bound asks for both sides of it, over and over.
    this.#other = this.#one;
    this.#one = windowSpanAt(this.window, this.#zone, us);
    return this.#one;
  }
}

function isWithin({ fromUs, untilUs }: WindowSpan, us: number): boolean {
  return us >= fromUs && us < untilUs;
}

/** Windows of which one counts at a time, each named by a number. */
export interface Windows {
  /** The number of the window that counts at an instant: the heaviest that holds, then the later start, then the first; -1: none. */
  countingAt(us: number): number;
  /** Until when no window begins or ends, from the instant on that was asked for last. */
  readonly sameUntilUs: number;
}

/**
 * Which window counts when, from the start of a call for `durationSec` seconds. A bound that falls within a second of the call
 * counts from the next second on. Where no window holds in between, the one before goes on.
 *
 * @param windows asked last for the start of the call
 * @param first what they answered: a window
 */
export function stretchesOf(windows: Windows, first: number, startUs: number, durationSec: number): WindowedStretch[] {
  let counting = first;
  const stretches: WindowedStretch[] = [{ fromSec: 0, window: counting }];
  const endUs = startUs + durationSec * 1_000_000;
  for (let us = windows.sameUntilUs; us < endUs; us = windows.sameUntilUs) {
    const window = windows.countingAt(us);
    if (window < 0 || window === counting) continue;
    const fromSec = Math.ceil((us - startUs) / 1_000_000);
    if (stretches.at(-1)?.fromSec === fromSec) stretches.pop();
    stretches.push({ fromSec, window });
    counting = window;
  }
  return stretches;
}
