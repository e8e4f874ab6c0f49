import { byWindow, endOfPrefix, pairedWindows } from './deck-windows.ts';
import { DiffRows } from './diff-rows.ts';
import type { RateColumns } from './rate-columns.ts';
import { type PricedTerms, referencePriceNanos } from './reference-price.ts';

/**
 * What becomes of the rate of a prefix in a window. It rises or falls with what the reference call costs; where that is the same,
 * with the rate per minute; `changed` is one of which both stay while something else that it states does not.
 */
export type RateChange = 'created' | 'increased' | 'decreased' | 'closed' | 'changed' | 'unchanged';

export const rateChanges: readonly RateChange[] = ['created', 'increased', 'decreased', 'closed', 'changed', 'unchanged'];

/** Changes that are told where none is named. */
export const toldChanges = rateChanges.filter((change) => change !== 'unchanged');

/** How many rows became what, and the sums of their rates before and after, in nanos per minute. */
export interface DiffSum {
  rowCount: number;
  oldRateSumNanos: bigint;
  newRateSumNanos: bigint;
}

export type DiffSums = Readonly<Record<RateChange, DiffSum>>;

/** What two contents differ in, in all and by place; a place is a number that `placeOf` gave. */
export interface DeckDiff {
  readonly sums: DiffSums;
  readonly byPlace: ReadonlyMap<number, DiffSums>;
}

/** Rows of one change, as many as a block holds, in digit order. */
export interface DiffBlock {
  readonly change: RateChange;
  /** 0, 1, 2 … of this change. */
  readonly block: number;
  readonly rows: DiffRows;
}

export interface DiffSources {
  /** The content that is compared with, sorted; empty where nothing was in force. */
  readonly from: RateColumns;
  /** The content that would take its place, sorted. */
  readonly to: RateColumns;
  /** µs; what both said of the time before is no difference any more. */
  readonly sinceUs: number;
  /** Where numbers with this prefix belong: a number of the caller's. */
  readonly placeOf: (prefixNumber: number) => number;
  readonly rowsPerBlock: number;
}

/** How many prefixes are compared between two pauses: about a millisecond of work. */
const SLICE = 2_000;

/**
 * Compares two contents of a deck, prefix by prefix and window by window, over all time from `sinceUs` on: dated rates have a
 * row for each stretch of time in which something differs, without any difference they count once as unchanged. A window whose
 * hours are others is the one of the same name. A merge of two sorted sides; yields a block whenever one is full, and nothing
 * now and then so that others get their turn.
 */
export function* diffDecks({ from: oldRates, to: newRates, sinceUs, placeOf, rowsPerBlock }: DiffSources): Generator<DiffBlock | undefined, DeckDiff> {
  const hasWindows = oldRates.hasWindows || newRates.hasWindows;
  const from = yield* byWindow(oldRates);
  const to = yield* byWindow(newRates);
  const out = new Collector(from, to, sinceUs, placeOf, rowsPerBlock);
  let fromAt = 0;
  let toAt = 0;
  for (let prefixes = 1; fromAt < from.size || toAt < to.size; prefixes += 1) {
    const side = fromAt === from.size ? 1 : toAt === to.size ? -1 : from.comparePrefix(fromAt, to, toAt);
    const fromEnd = side > 0 ? fromAt : endOfPrefix(from, fromAt);
    const toEnd = side < 0 ? toAt : endOfPrefix(to, toAt);
    if (hasWindows) for (const [one, other] of pairedWindows(from, fromAt, fromEnd, to, toAt, toEnd)) out.takeWindow(...one, ...other);
    else out.takeWindow(fromAt, fromEnd, toAt, toEnd);
    fromAt = fromEnd;
    toAt = toEnd;
    yield* out.fullBlocks();
    if (prefixes % SLICE === 0) yield undefined;
  }
  yield* out.lastBlocks();
  return { sums: out.sums, byPlace: out.byPlace };
}

/** No rate of a side is valid. */
const NONE = -1;

class Collector {
  readonly sums = emptySums();
  readonly byPlace = new Map<number, DiffSums>();
  readonly #blocks = new Map<RateChange, { block: number; rows: DiffRows }>();
  #full: DiffBlock[] = [];
  readonly #from: RateColumns;
  readonly #to: RateColumns;
  readonly #sinceUs: number;
  readonly #placeOf: (prefixNumber: number) => number;
  readonly #rowsPerBlock: number;
  /** Of the number of each profile of `from` the number that it has in `to`. */
  readonly #profiles: readonly (number | undefined)[];

  constructor(from: RateColumns, to: RateColumns, sinceUs: number, placeOf: (prefixNumber: number) => number, rowsPerBlock: number) {
    this.#from = from;
    this.#to = to;
    this.#sinceUs = sinceUs;
    this.#placeOf = placeOf;
    this.#rowsPerBlock = rowsPerBlock;
    this.#profiles = [0, ...from.notes.profiles.items.map((profile) => to.notes.profiles.find(profile))];
  }

  *fullBlocks(): Generator<DiffBlock> {
    if (this.#full.length === 0) return;
    yield* this.#full;
    this.#full = [];
  }

  *lastBlocks(): Generator<DiffBlock> {
    for (const [change, { block, rows }] of this.#blocks) if (rows.size > 0) yield { change, block, rows };
  }

  /** Walks the time of one prefix in one window, from boundary to boundary of either side's rates. */
  takeWindow(fromAt: number, fromEnd: number, toAt: number, toEnd: number): void {
    const place = this.#placeOf(fromAt < fromEnd ? this.#from.prefixNumberAt(fromAt) : this.#to.prefixNumberAt(toAt));
    if (isForever(this.#from, fromAt, fromEnd) && isForever(this.#to, toAt, toEnd)) {
      this.#takeStretch(place, fromAt < fromEnd ? fromAt : NONE, toAt < toEnd ? toAt : NONE, this.#sinceUs, Infinity);
      return;
    }
    let isUnchanged = false;
    let differs = false;
    for (let at = this.#sinceUs; at !== Infinity; ) {
      const before = validAt(this.#from, fromAt, fromEnd, at);
      const after = validAt(this.#to, toAt, toEnd, at);
      const next = Math.min(nextBoundary(this.#from, fromAt, fromEnd, at), nextBoundary(this.#to, toAt, toEnd, at));
      const change = this.#changeOf(before, after);
      if (change === 'unchanged') isUnchanged = true;
      else if (change !== undefined) {
        differs = true;
        this.#takeStretch(place, before, after, at, next);
      }
      at = next;
    }
    if (!isUnchanged || differs) return;
    const [before, after] = [lastValid(this.#from, fromAt, fromEnd), lastValid(this.#to, toAt, toEnd)];
    this.#count('unchanged', place, before, after);
    this.#keep('unchanged', before, after, this.#sinceUs, Infinity);
  }

  #takeStretch(place: number, before: number, after: number, at: number, next: number): void {
    const change = this.#changeOf(before, after);
    if (change === undefined) return;
    this.#count(change, place, before, after);
    this.#keep(change, before, after, at, next);
  }

  #changeOf(before: number, after: number): RateChange | undefined {
    if (before === NONE) return after === NONE ? undefined : 'created';
    if (after === NONE) return 'closed';
    const [from, to] = [this.#from, this.#to];
    // What a blocked destination would cost is no price, so a change of it is none of a rate either.
    if (from.blocked[before] !== to.blocked[after]) return 'changed';
    const oldRate = from.ratePerMinNanos[before] ?? 0n;
    const newRate = to.ratePerMinNanos[after] ?? 0n;
    if (this.#sameBesideRate(before, after)) return oldRate === newRate ? 'unchanged' : newRate > oldRate ? 'increased' : 'decreased';
    const [oldPrice, newPrice] = [referencePriceNanos(termsAt(from, before)), referencePriceNanos(termsAt(to, after))];
    if (newPrice !== oldPrice) return newPrice > oldPrice ? 'increased' : 'decreased';
    return oldRate === newRate ? 'changed' : newRate > oldRate ? 'increased' : 'decreased';
  }

  #sameBesideRate(before: number, after: number): boolean {
    const [from, to] = [this.#from, this.#to];
    return (
      from.connectFeeNanos[before] === to.connectFeeNanos[after] &&
      from.initialIncrementSec[before] === to.initialIncrementSec[after] &&
      from.incrementSec[before] === to.incrementSec[after] &&
      this.#profiles[from.profile[before] ?? 0] === to.profile[after]
    );
  }

  #count(change: RateChange, place: number, before: number, after: number): void {
    const oldRate = before === NONE ? 0n : (this.#from.ratePerMinNanos[before] ?? 0n);
    const newRate = after === NONE ? 0n : (this.#to.ratePerMinNanos[after] ?? 0n);
    let ofPlace = this.byPlace.get(place);
    if (ofPlace === undefined) {
      ofPlace = emptySums();
      this.byPlace.set(place, ofPlace);
    }
    addTo(this.sums[change], oldRate, newRate);
    addTo(ofPlace[change], oldRate, newRate);
  }

  #keep(change: RateChange, before: number, after: number, at: number, next: number): void {
    const open = this.#blocks.get(change) ?? { block: 0, rows: new DiffRows(this.#rowsPerBlock) };
    open.rows.push(
      before === NONE ? undefined : { rates: this.#from, at: before },
      after === NONE ? undefined : { rates: this.#to, at: after },
      at === this.#sinceUs ? 0 : at,
      next === Infinity ? 0 : next,
    );
    if (open.rows.size < this.#rowsPerBlock) {
      this.#blocks.set(change, open);
      return;
    }
    this.#full.push({ change, ...open });
    this.#blocks.set(change, { block: open.block + 1, rows: new DiffRows(this.#rowsPerBlock) });
  }
}

function addTo(sum: DiffSum, oldRateNanos: bigint, newRateNanos: bigint): void {
  sum.rowCount += 1;
  sum.oldRateSumNanos += oldRateNanos;
  sum.newRateSumNanos += newRateNanos;
}

/** Whether a prefix has no rate, or one that is not dated: nearly all are so, and need no walk through time. */
function isForever(rates: RateColumns, first: number, end: number): boolean {
  return first === end || (end === first + 1 && rates.validFromUs[first] === 0 && rates.validUntilUs[first] === 0);
}

/** The rate of a prefix that is valid at an instant; rates of one prefix never overlap. */
function validAt(rates: RateColumns, first: number, end: number, atUs: number): number {
  for (let at = first; at < end; at += 1) {
    const untilUs = rates.validUntilUs[at] ?? 0;
    if ((rates.validFromUs[at] ?? 0) <= atUs && (untilUs === 0 || atUs < untilUs)) return at;
  }
  return NONE;
}

/** Of a window that is unchanged: the rate that it ends with. */
function lastValid(rates: RateColumns, first: number, end: number): number {
  return end > first && rates.size > 0 ? end - 1 : NONE;
}

function nextBoundary(rates: RateColumns, first: number, end: number, afterUs: number): number {
  let next = Infinity;
  for (let at = first; at < end; at += 1) {
    for (const us of [rates.validFromUs[at] ?? 0, rates.validUntilUs[at] ?? 0]) if (us > afterUs && us < next) next = us;
  }
  return next;
}

function termsAt(rates: RateColumns, at: number): PricedTerms {
  return {
    ratePerMinNanos: rates.ratePerMinNanos[at] ?? 0n,
    connectFeeNanos: rates.connectFeeNanos[at] ?? 0n,
    initialIncrementSec: rates.initialIncrementSec[at] ?? 0,
    incrementSec: rates.incrementSec[at] ?? 0,
    profile: rates.profileAt(at),
  };
}

function emptySums(): DiffSums {
  const zero = (): DiffSum => ({ rowCount: 0, oldRateSumNanos: 0n, newRateSumNanos: 0n });
  return { created: zero(), increased: zero(), decreased: zero(), closed: zero(), changed: zero(), unchanged: zero() };
}
