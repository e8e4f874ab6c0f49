import type { Clock, InstantUs } from '@tollwire/core';

/** A clock that stands still until it is told to move. */
export interface TestClock extends Clock {
  /** Moves on (or back, when negative) by this many seconds. */
  advanceSec(seconds: number): void;
  /** Jumps to an instant given as ISO 8601. */
  set(iso: string): void;
}

/** The instant of an ISO 8601 text, to the millisecond. Fails when the text is none. */
export function instant(iso: string): InstantUs {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) throw new Error(`Not an ISO 8601 instant: ${iso}`);
  return (ms * 1000) as InstantUs;
}

/** A clock that shows `startIso` and stands still. */
export function testClock(startIso: string): TestClock {
  let nowUs = instant(startIso);
  return {
    nowUs: () => nowUs,
    advanceSec: (seconds) => {
      nowUs = (nowUs + Math.round(seconds * 1_000_000)) as InstantUs;
    },
    set: (iso) => {
      nowUs = instant(iso);
    },
  };
}
