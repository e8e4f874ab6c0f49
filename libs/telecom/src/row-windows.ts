import { present } from '@tollwire/core';
import type { PrefixIndex } from './prefix-index.ts';
import { countsBefore } from './price/time-window.ts';
import type { WindowClock, Windows } from './price/windowed.ts';
import type { Validities } from './validities.ts';

/** The words of an entry: the number of the terms that it shares with others, of its validity, and of its country prefix. */
export const TERMS = 0;
export const VALIDITY = 1;
export const COUNTRY_PREFIX = 2;

/** What a compiled deck is made of. */
export interface Compiled {
  /** With each prefix the nanos per minute (exact, because a table takes no rate of 2⁵³ nanos or more), and the words above. */
  readonly index: PrefixIndex;
  readonly validities: Validities;
}

/** The windows of the rates of one prefix that are valid at an instant, by row. One object for all prefixes of a deck: it is turned to one at a time. */
export class RowWindows implements Windows {
  readonly #index: PrefixIndex;
  readonly #validities: Validities;
  /** By kind of rate; those with the same window share one. */
  readonly #clocks: readonly WindowClock[];
  #last = -1;
  #validAtUs = 0;
  #askedUs = NaN;
  #found = -1;
  sameUntilUs = Infinity;

  constructor({ index, validities }: Compiled, clocks: readonly WindowClock[]) {
    this.#index = index;
    this.#validities = validities;
    this.#clocks = clocks;
  }

  /** Turns to the rates of a prefix from its last row downwards, and answers the one that counts at the instant at which they are valid; -1: none. */
  findAt(last: number, us: number): number {
    this.#last = last;
    this.#validAtUs = us;
    return this.countingAt(us);
  }

  /** Turns to the prefix of a row, and to an instant: no search where that row was just found. */
  turnTo(row: number, us: number): void {
    if (row !== this.#found || us !== this.#askedUs || us !== this.#validAtUs) this.findAt(this.#lastOf(row), us);
  }

  countingAt(us: number): number {
    let best = -1;
    let until = Infinity;
    for (let row = this.#last; row >= 0; row = this.#earlierAt(row)) {
      if (!this.#validities.holdsAt(this.#index.wordAt(row, VALIDITY), this.#validAtUs)) continue;
      const clock = this.#clockAt(row);
      const span = clock.spanAt(us);
      if (span.untilUs < until) until = span.untilUs;
      if (span.holds && (best < 0 || this.#countsBefore(clock, best))) best = row;
    }
    this.sameUntilUs = until;
    this.#askedUs = us;
    this.#found = best;
    return best;
  }

  #countsBefore(clock: WindowClock, best: number): boolean {
    const other = this.#clockAt(best);
    return clock !== other && countsBefore(clock.window, other.window);
  }

  /** The row before of the same prefix, or -1. Those stand side by side: a prefix that stands elsewhere is not even looked at. */
  #earlierAt(row: number): number {
    const next = this.#index.next(row);
    return next === row - 1 && next >= 0 && this.#index.lengthAt(next) === this.#index.lengthAt(row) ? next : -1;
  }

  /** The last row of the prefix of `row`. */
  #lastOf(row: number): number {
    let last = row;
    while (last + 1 < this.#index.size && this.#earlierAt(last + 1) === last) last += 1;
    return last;
  }

  #clockAt(row: number): WindowClock {
    return present(this.#clocks[this.#index.wordAt(row, TERMS)], 'the clock of a kind of rate');
  }
}
