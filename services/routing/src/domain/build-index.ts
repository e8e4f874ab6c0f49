import { assert } from '@tollwire/core';
import { PrefixIndexBuilder, profileKey } from '@tollwire/telecom';
import { CarrierIndex } from './carrier-index.ts';
import type { Carrier } from './carriers.ts';
import { BY_THE_SECOND, type OfferCharges, type SourceDeck, type Timing } from './source.ts';

/** How many rates are taken in between two yields: less than a millisecond of work, some while the code is still cold. */
const slice = 2_000;
const sourcesMax = 65_536;

/**
 * Merges the sources' sorted columns into one index. A generator, so that the caller can let other work in between
 * slices: an index over millions of rates is built beside the one that answers calls. A source whose carrier is not
 * among `carriers` is left out, because nobody could be sent there.
 */
export function* buildIndex(carriers: readonly Carrier[], decks: readonly SourceDeck[]): Generator<void, CarrierIndex> {
  const known = new Set(carriers.map(({ carrierCode }) => carrierCode));
  const routable = decks.filter(({ source }) => known.has(source.carrierCode)).sort(lastCounts);
  assert(routable.length <= sourcesMax, `no more than ${sourcesMax} deck versions are in force at once`);
  const rateCount = routable.reduce((sum, { columns }) => sum + columns.prefix.length, 0);
  const rates = new PrefixIndexBuilder(rateCount);
  const windows = new Windows();
  const charges = new Charges();
  for (const { deck, row, number } of merged(routable)) {
    const { columns, source } = deck;
    const window = windows.numberOf(
      columns.timings[(columns.timing[row] ?? 0) - 1],
      Math.max(source.validFromUs, columns.validFromUs[row] ?? 0),
      Math.min(source.validUntilUs, columns.validUntilUs[row] ?? Infinity),
    );
    const amount = columns.blocked[row] === true ? Infinity : (columns.ratePerMinNanos[row] ?? Infinity);
    const at = rates.add(columns.prefix[row] ?? '', { amount, words: [number, window, charges.numberOf(columns.charges[(columns.charge[row] ?? 0) - 1])] });
    if (at % slice === slice - 1) yield;
  }
  const { windowFrom, windowUntil, timings } = windows.columns();
  return new CarrierIndex(
    carriers,
    routable.map(({ source }) => source),
    { rates: rates.build(), windowFrom, windowUntil, timings, charges: charges.all },
  );
}

/**
 * Of a carrier's rates that are equally cheap the direct one counts, then that of the lowest carrier plan, as in rating. The index finds what was added
 * last first, so the order is the other way round.
 */
function lastCounts({ source: one }: SourceDeck, { source: other }: SourceDeck): number {
  return (other.carrierPlanId ?? 0) - (one.carrierPlanId ?? 0) || other.validFromUs - one.validFromUs;
}

interface Cursor {
  readonly deck: SourceDeck;
  readonly number: number;
  row: number;
}

/** The rows of all decks in digit order of their prefixes: a merge by a binary heap of one cursor per deck. */
function* merged(decks: readonly SourceDeck[]): Generator<Cursor> {
  const heap: Cursor[] = [];
  decks.forEach((deck, number) => {
    if (deck.columns.prefix.length > 0) heap.push({ deck, number, row: 0 });
  });
  for (let at = (heap.length >> 1) - 1; at >= 0; at -= 1) siftDown(heap, at);
  for (let top = heap[0]; top !== undefined; top = heap[0]) {
    yield top;
    top.row += 1;
    if (top.row === top.deck.columns.prefix.length) {
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) heap[0] = last;
    }
    siftDown(heap, 0);
  }
}

function before(left: Cursor | undefined, right: Cursor | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  const leftPrefix = left.deck.columns.prefix[left.row] ?? '';
  const rightPrefix = right.deck.columns.prefix[right.row] ?? '';
  return leftPrefix === rightPrefix ? left.number < right.number : leftPrefix < rightPrefix;
}

function siftDown(heap: Cursor[], start: number): void {
  for (let at = start; ; ) {
    const left = 2 * at + 1;
    const right = left + 1;
    let least = at;
    if (before(heap[left], heap[least])) least = left;
    if (before(heap[right], heap[least])) least = right;
    const above = heap[at];
    const below = heap[least];
    if (least === at || above === undefined || below === undefined) return;
    heap[at] = below;
    heap[least] = above;
    at = least;
  }
}

/** The distinct charges of all rates, each content once; the first is by the second. */
class Charges {
  readonly all: OfferCharges[] = [BY_THE_SECOND];
  readonly #byContent = new Map<string, number>();
  readonly #byIdentity = new Map<OfferCharges, number>();

  numberOf(charges: OfferCharges | undefined): number {
    if (charges === undefined) return 0;
    const known = this.#byIdentity.get(charges);
    if (known !== undefined) return known;
    const { connectFeeNanos, initialIncrementSec, incrementSec, profile } = charges;
    const key = `${connectFeeNanos}/${initialIncrementSec}/${incrementSec}/${profile === undefined ? '' : profileKey(profile)}`;
    const number = this.#byContent.get(key) ?? this.all.push(charges) - 1;
    this.#byContent.set(key, number);
    this.#byIdentity.set(charges, number);
    return number;
  }
}

/** The distinct validities of all rates, with their timing. A deck has few, so a rate keeps only a number. */
class Windows {
  readonly #from: number[] = [];
  readonly #until: number[] = [];
  readonly #timings: (Timing | undefined)[] = [];
  readonly #numbers = new Map<Timing | undefined, Map<number, Map<number, number>>>();

  numberOf(timing: Timing | undefined, fromUs: number, untilUs: number): number {
    const byUntil = within(within(this.#numbers, timing), fromUs);
    const known = byUntil.get(untilUs);
    if (known !== undefined) return known;
    const number = this.#from.push(fromUs) - 1;
    this.#until.push(untilUs);
    this.#timings.push(timing);
    byUntil.set(untilUs, number);
    return number;
  }

  columns(): { windowFrom: Float64Array; windowUntil: Float64Array; timings: readonly (Timing | undefined)[] } {
    return { windowFrom: Float64Array.from(this.#from), windowUntil: Float64Array.from(this.#until), timings: this.#timings };
  }
}

/** The map that a map holds for a key, made where there is none. */
function within<Key, Inner, Value>(map: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> {
  const known = map.get(key) ?? new Map<Inner, Value>();
  map.set(key, known);
  return known;
}
