import { assert } from '@tollwire/core';

/** Digits of the longest prefix, and of the longest number (ITU-T E.164). */
export const PREFIX_DIGITS_MAX = 15;

const POWERS = Float64Array.from({ length: PREFIX_DIGITS_MAX + 1 }, (_, exponent) => 10 ** exponent);
const NONE = -1;
const LENGTH_BIT_COUNT = 4;
const LENGTH_BITS = 15;
/** As many as links can name. */
const ENTRIES_MAX = 2 ** 28 - 1;

/** The first 15 digits of `digits` as a number, filled up with zeros: `44` → 440000000000000. Exact, as it is below 2⁵³. */
function leftAligned(digits: string): number {
  const length = digits.length < PREFIX_DIGITS_MAX ? digits.length : PREFIX_DIGITS_MAX;
  let value = 0;
  for (let at = 0; at < length; at += 1) value = value * 10 + (digits.charCodeAt(at) - 48);
  return value * (POWERS[PREFIX_DIGITS_MAX - length] ?? 1);
}

/** Doubles and words of an entry: its digits, its link and the first word, the amount, the other words. */
const DOUBLES = 4;
const WORDS = 8;
const LINK = 2;
const AMOUNT = 2;
const WORD_PLACES = [3, 6, 7] as const;

/** What an index keeps with a prefix for whoever searches by it. */
export interface EntryContent {
  readonly amount: number;
  readonly words: readonly [number, number, number];
}

const NO_CONTENT: EntryContent = { amount: 0, words: [0, 0, 0] };

/**
 * Longest-prefix search over sorted prefixes of 1–15 digits in 32 bytes each, of which 20 are the owner's, and 2 to 8 for
 * the buckets.
 *
 * The longest prefix of a number is the entry just before it in digit order, or one that encloses that entry:
 * whatever lies between a prefix and a number that begins with it begins with it too. So each entry keeps the
 * nearest entry that encloses it (of equal prefixes, the one before), and a search is one bisection within the
 * entries that share the first digits, then a short walk outwards.
 *
 * A search costs as much as the lines of memory that it waits for: all that is kept of an entry stands together.
 */
export class PrefixIndex {
  readonly size: number;
  readonly #doubles: Float64Array;
  /** The same memory. Of each entry the link: the position of the one that encloses it, from 1 (0: none), and in the last four bits its length. */
  readonly #words: Uint32Array;
  readonly #bucketStarts: Uint32Array;
  readonly #bucketSpan: number;

  constructor(entries: Float64Array) {
    this.size = entries.length / DOUBLES;
    this.#doubles = entries;
    this.#words = new Uint32Array(entries.buffer, entries.byteOffset, entries.length * 2);
    // About a bucket for each entry: a bisection takes a step or two.
    const digits = Math.min(6, Math.max(1, Math.round(Math.log10(Math.max(1, this.size)))));
    this.#bucketSpan = 10 ** (PREFIX_DIGITS_MAX - digits);
    this.#bucketStarts = bucketStarts(entries, this.#bucketSpan, 10 ** digits);
  }

  /** An index over prefixes in digit order; equal ones may follow each other. Throws where that order is broken. */
  static build(prefixes: readonly string[]): PrefixIndex {
    const builder = new PrefixIndexBuilder(prefixes.length);
    for (const prefix of prefixes) builder.add(prefix);
    return builder.build();
  }

  /** The position of the longest prefix of `e164` (the last of equal ones), or -1. */
  longest(e164: string): number {
    const value = leftAligned(e164);
    const bucket = Math.floor(value / this.#bucketSpan);
    let low = this.#bucketStarts[bucket] ?? 0;
    let high = this.#bucketStarts[bucket + 1] ?? this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#doubles[middle * DOUBLES] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    let at = low - 1;
    while (at !== NONE) {
      const link = this.#words[at * WORDS + LINK] ?? 0;
      if (covers(link & LENGTH_BITS, this.#doubles[at * DOUBLES] ?? 0, value, e164.length)) return at;
      at = (link >>> LENGTH_BIT_COUNT) - 1;
    }
    return NONE;
  }

  /** The next shorter (or equal and earlier) prefix after `position`, or -1: walks all matches, longest first. */
  next(position: number): number {
    return ((this.#words[position * WORDS + LINK] ?? 0) >>> LENGTH_BIT_COUNT) - 1;
  }

  /** How many digits the prefix at `position` has. */
  lengthAt(position: number): number {
    return (this.#words[position * WORDS + LINK] ?? 0) & LENGTH_BITS;
  }

  /** The amount that was put there with the prefix. */
  amountAt(position: number): number {
    return this.#doubles[position * DOUBLES + AMOUNT] ?? 0;
  }

  /** A word that was put there with the prefix. */
  wordAt(position: number, word: 0 | 1 | 2): number {
    return this.#words[position * WORDS + WORD_PLACES[word]] ?? 0;
  }

  /** The digits of the prefix at `position`. */
  prefixAt(position: number): string {
    const length = this.lengthAt(position);
    const value = (this.#doubles[position * DOUBLES] ?? 0) / (POWERS[PREFIX_DIGITS_MAX - length] ?? 1);
    return value.toString().padStart(length, '0');
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    return this.#doubles.byteLength + this.#bucketStarts.byteLength;
  }
}

function covers(length: number, prefix: number, value: number, digits: number): boolean {
  return length <= digits && value - prefix < (POWERS[PREFIX_DIGITS_MAX - length] ?? 1);
}

/** Takes prefixes in digit order, one at a time, so that a large index can be built in slices of time. */
export class PrefixIndexBuilder {
  #size = 0;
  #doubles: Float64Array;
  #words: Uint32Array;
  /** The entries that enclose the last one, shortest first; of equal prefixes only the last. */
  readonly #open: number[] = [];

  constructor(capacity: number) {
    this.#doubles = new Float64Array(capacity * DOUBLES);
    this.#words = new Uint32Array(this.#doubles.buffer);
  }

  get size(): number {
    return this.#size;
  }

  /** Whether `prefix` may come next: 1–15 digits, not before the last one in digit order. */
  fits(prefix: string): boolean {
    if (prefix.length < 1 || prefix.length > PREFIX_DIGITS_MAX) return false;
    for (let at = 0; at < prefix.length; at += 1) {
      const digit = prefix.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) return false;
    }
    if (this.#size === 0) return true;
    const value = leftAligned(prefix);
    const last = this.#valueAt(this.#size - 1);
    return value > last || (value === last && prefix.length >= this.#lengthAt(this.#size - 1));
  }

  /** Adds a prefix that `fits`, with what is kept of it (an amount, and words of 32 bits), and answers its position. */
  add(prefix: string, { amount, words }: EntryContent = NO_CONTENT): number {
    assert(this.fits(prefix), `prefixes come as 1–15 digits in digit order, not "${prefix.slice(0, 20)}"`);
    const at = this.#size;
    assert(at < ENTRIES_MAX, `an index holds ${ENTRIES_MAX} prefixes`);
    if (at * DOUBLES === this.#doubles.length) this.#grow();
    const value = leftAligned(prefix);
    this.#doubles[at * DOUBLES] = value;
    this.#doubles[at * DOUBLES + AMOUNT] = amount;
    this.#words[at * WORDS + LINK] = ((this.#enclose(at, value, prefix.length) + 1) << LENGTH_BIT_COUNT) | prefix.length;
    for (const [word, place] of WORD_PLACES.entries()) this.#words[at * WORDS + place] = words[word] ?? 0;
    this.#size += 1;
    return at;
  }

  /** The index over what was added; the builder is spent. */
  build(): PrefixIndex {
    const end = this.#size * DOUBLES;
    return new PrefixIndex(end === this.#doubles.length ? this.#doubles : this.#doubles.slice(0, end));
  }

  #enclose(at: number, value: number, length: number): number {
    for (let top = this.#open.pop(); top !== undefined; top = this.#open.pop()) {
      const topLength = this.#lengthAt(top);
      if (value - this.#valueAt(top) < (POWERS[PREFIX_DIGITS_MAX - topLength] ?? 1)) {
        if (topLength < length) this.#open.push(top);
        this.#open.push(at);
        return top;
      }
    }
    this.#open.push(at);
    return NONE;
  }

  #valueAt(at: number): number {
    return this.#doubles[at * DOUBLES] ?? 0;
  }

  #lengthAt(at: number): number {
    return (this.#words[at * WORDS + LINK] ?? 0) & LENGTH_BITS;
  }

  #grow(): void {
    const doubles = new Float64Array(Math.max(1024 * DOUBLES, this.#doubles.length * 2));
    doubles.set(this.#doubles);
    this.#doubles = doubles;
    this.#words = new Uint32Array(doubles.buffer);
  }
}

function bucketStarts(entries: Float64Array, span: number, count: number): Uint32Array {
  const starts = new Uint32Array(count + 1);
  let at = 0;
  for (let bucket = 0; bucket <= count; bucket += 1) {
    while (at * DOUBLES < entries.length && (entries[at * DOUBLES] ?? 0) < bucket * span) at += 1;
    starts[bucket] = at;
  }
  return starts;
}
