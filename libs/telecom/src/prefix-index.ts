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

/**
 * Longest-prefix search over sorted prefixes of 1–15 digits in 12 bytes each and 2 to 8 for the buckets.
 *
 * The longest prefix of a number is the entry just before it in digit order, or one that encloses that entry:
 * whatever lies between a prefix and a number that begins with it begins with it too. So each entry keeps the
 * nearest entry that encloses it (of equal prefixes, the one before), and a search is one bisection within the
 * entries that share the first digits, then a short walk outwards.
 */
export class PrefixIndex {
  readonly size: number;
  readonly #values: Float64Array;
  /** Of each entry the position of the one that encloses it, from 1 (0: none), and in the last four bits its length. */
  readonly #links: Uint32Array;
  readonly #bucketStarts: Uint32Array;
  readonly #bucketSpan: number;

  constructor(values: Float64Array, links: Uint32Array) {
    this.size = values.length;
    this.#values = values;
    this.#links = links;
    // About a bucket for each entry: a bisection takes a step or two.
    const digits = Math.min(6, Math.max(1, Math.round(Math.log10(Math.max(1, values.length)))));
    this.#bucketSpan = 10 ** (PREFIX_DIGITS_MAX - digits);
    this.#bucketStarts = bucketStarts(values, this.#bucketSpan, 10 ** digits);
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
      if ((this.#values[middle] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    let at = low - 1;
    while (at !== NONE) {
      const link = this.#links[at] ?? 0;
      if (covers(link & LENGTH_BITS, this.#values[at] ?? 0, value, e164.length)) return at;
      at = (link >>> LENGTH_BIT_COUNT) - 1;
    }
    return NONE;
  }

  /** The next shorter (or equal and earlier) prefix after `position`, or -1: walks all matches, longest first. */
  next(position: number): number {
    return ((this.#links[position] ?? 0) >>> LENGTH_BIT_COUNT) - 1;
  }

  /** How many digits the prefix at `position` has. */
  lengthAt(position: number): number {
    return (this.#links[position] ?? 0) & LENGTH_BITS;
  }

  /** The digits of the prefix at `position`. */
  prefixAt(position: number): string {
    const length = this.lengthAt(position);
    const value = (this.#values[position] ?? 0) / (POWERS[PREFIX_DIGITS_MAX - length] ?? 1);
    return value.toString().padStart(length, '0');
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    return this.#values.byteLength + this.#links.byteLength + this.#bucketStarts.byteLength;
  }
}

function covers(length: number, prefix: number, value: number, digits: number): boolean {
  return length <= digits && value - prefix < (POWERS[PREFIX_DIGITS_MAX - length] ?? 1);
}

/** Takes prefixes in digit order, one at a time, so that a large index can be built in slices of time. */
export class PrefixIndexBuilder {
  #size = 0;
  #values: Float64Array;
  #links: Uint32Array;
  /** The entries that enclose the last one, shortest first; of equal prefixes only the last. */
  readonly #open: number[] = [];

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity);
    this.#links = new Uint32Array(capacity);
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
    const last = this.#values[this.#size - 1] ?? 0;
    return value > last || (value === last && prefix.length >= this.#lengthAt(this.#size - 1));
  }

  /** Adds a prefix that `fits`, and answers its position. */
  add(prefix: string): number {
    assert(this.fits(prefix), `prefixes come as 1–15 digits in digit order, not "${prefix.slice(0, 20)}"`);
    const at = this.#size;
    assert(at < ENTRIES_MAX, `an index holds ${ENTRIES_MAX} prefixes`);
    if (at === this.#values.length) this.#grow();
    const value = leftAligned(prefix);
    this.#values[at] = value;
    this.#links[at] = ((this.#enclose(at, value, prefix.length) + 1) << LENGTH_BIT_COUNT) | prefix.length;
    this.#size += 1;
    return at;
  }

  /** The index over what was added; the builder is spent. */
  build(): PrefixIndex {
    const exact = this.#size === this.#values.length;
    return new PrefixIndex(
      exact ? this.#values : this.#values.slice(0, this.#size),
      exact ? this.#links : this.#links.slice(0, this.#size),
    );
  }

  #enclose(at: number, value: number, length: number): number {
    for (let top = this.#open.pop(); top !== undefined; top = this.#open.pop()) {
      const topLength = this.#lengthAt(top);
      if (value - (this.#values[top] ?? 0) < (POWERS[PREFIX_DIGITS_MAX - topLength] ?? 1)) {
        if (topLength < length) this.#open.push(top);
        this.#open.push(at);
        return top;
      }
    }
    this.#open.push(at);
    return NONE;
  }

  #lengthAt(at: number): number {
    return (this.#links[at] ?? 0) & LENGTH_BITS;
  }

  #grow(): void {
    const capacity = Math.max(1024, this.#values.length * 2);
    const values = new Float64Array(capacity);
    values.set(this.#values);
    const links = new Uint32Array(capacity);
    links.set(this.#links);
    this.#values = values;
    this.#links = links;
  }
}

function bucketStarts(values: Float64Array, span: number, count: number): Uint32Array {
  const starts = new Uint32Array(count + 1);
  let at = 0;
  for (let bucket = 0; bucket <= count; bucket += 1) {
    while (at < values.length && (values[at] ?? 0) < bucket * span) at += 1;
    starts[bucket] = at;
  }
  return starts;
}
