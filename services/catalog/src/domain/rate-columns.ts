import { assert } from '@tollwire/core';
import type { RateProfile } from '@tollwire/telecom';
import { bytesOfColumns, fillColumns, rowsInBytes } from './column-bytes.ts';
import type { Interned } from './interned.ts';
import { fillNotes, noNotes, notesText, type PlaceName, type RateNotes, windowKey } from './rate-notes.ts';
import { sortedPositions } from './sorted-positions.ts';

const PREFIX_DIGITS_MAX = 15;
const POWERS = Float64Array.from({ length: PREFIX_DIGITS_MAX + 1 }, (_, exponent) => 10 ** exponent);

/** What a rate says of its prefix. */
export interface RateTerms {
  readonly ratePerMinNanos: bigint;
  readonly connectFeeNanos: bigint;
  readonly initialIncrementSec: number;
  readonly incrementSec: number;
  /** µs; 0: from the beginning of the version's own validity. */
  readonly validFromUs: number;
  /** µs, exclusive; 0: open end. */
  readonly validUntilUs: number;
  readonly blocked: boolean;
  /** What the rate says beyond that: its window, further steps, charges. */
  readonly profile?: RateProfile | undefined;
  /** What the file calls the place. */
  readonly name?: PlaceName | undefined;
}

/** One rate of a deck, as it goes into columns. */
export interface Rate extends RateTerms {
  /** 1–15 digits. */
  readonly prefix: string;
}

/**
 * Rates of a deck in typed columns, 58 bytes each: a million of them are handled without a million objects.
 * A prefix is kept as its digits filled up with zeros to 15, which sorts as digits do, beside how many it has. What few rates
 * say, or many say alike, is noted once.
 */
export class RateColumns {
  readonly capacity: number;
  #size = 0;
  readonly #value: Float64Array;
  readonly #length: Uint8Array;
  readonly ratePerMinNanos: BigInt64Array;
  readonly connectFeeNanos: BigInt64Array;
  readonly initialIncrementSec: Uint32Array;
  readonly incrementSec: Uint32Array;
  readonly validFromUs: Float64Array;
  readonly validUntilUs: Float64Array;
  readonly blocked: Uint8Array;
  /** The line of the file that a rate came from; 0 for one that did not come from a file. */
  readonly line: Uint32Array;
  /** The number of a rate's profile among `notes`; 0: none. */
  readonly profile: Uint32Array;
  /** The number of a rate's name among `notes`; 0: none. */
  readonly name: Uint32Array;
  readonly notes: RateNotes;
  /** The IANA zone whose clocks the windows go by; empty: UTC. */
  timeZone = '';

  constructor(capacity: number, notes: RateNotes = noNotes()) {
    this.capacity = capacity;
    this.notes = notes;
    this.#value = new Float64Array(capacity);
    this.#length = new Uint8Array(capacity);
    this.ratePerMinNanos = new BigInt64Array(capacity);
    this.connectFeeNanos = new BigInt64Array(capacity);
    this.initialIncrementSec = new Uint32Array(capacity);
    this.incrementSec = new Uint32Array(capacity);
    this.validFromUs = new Float64Array(capacity);
    this.validUntilUs = new Float64Array(capacity);
    this.blocked = new Uint8Array(capacity);
    this.line = new Uint32Array(capacity);
    this.profile = new Uint32Array(capacity);
    this.name = new Uint32Array(capacity);
  }

  /** Rates in columns, in the order given. */
  static of(rates: readonly Rate[]): RateColumns {
    const columns = new RateColumns(rates.length);
    for (const rate of rates) columns.push(rate, 0);
    return columns;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a rate from a line of a file. */
  push(rate: Rate, line: number): void {
    this.add(rate.prefix, rate, line);
  }

  /** Adds a rate of a prefix (1–15 digits) from a line of a file. */
  add(prefix: string, rate: RateTerms, line: number): void {
    const at = this.#next();
    this.#value[at] = Number(prefix) * (POWERS[PREFIX_DIGITS_MAX - prefix.length] ?? 1);
    this.#length[at] = prefix.length;
    this.ratePerMinNanos[at] = rate.ratePerMinNanos;
    this.connectFeeNanos[at] = rate.connectFeeNanos;
    this.initialIncrementSec[at] = rate.initialIncrementSec;
    this.incrementSec[at] = rate.incrementSec;
    this.validFromUs[at] = rate.validFromUs;
    this.validUntilUs[at] = rate.validUntilUs;
    this.blocked[at] = rate.blocked ? 1 : 0;
    this.line[at] = line;
    if (rate.profile !== undefined) this.profile[at] = this.notes.profiles.numberOf(rate.profile);
    if (rate.name !== undefined) this.name[at] = this.notes.names.numberOf(rate.name);
  }

  /** Adds the rate at `from` of other columns, with a validity of its own end. */
  copy(other: RateColumns, from: number, validUntilUs: number): void {
    const at = this.#next();
    this.#value[at] = other.#value[from] ?? 0;
    this.#length[at] = other.#length[from] ?? 0;
    this.ratePerMinNanos[at] = other.ratePerMinNanos[from] ?? 0n;
    this.connectFeeNanos[at] = other.connectFeeNanos[from] ?? 0n;
    this.initialIncrementSec[at] = other.initialIncrementSec[from] ?? 0;
    this.incrementSec[at] = other.incrementSec[from] ?? 0;
    this.validFromUs[at] = other.validFromUs[from] ?? 0;
    this.validUntilUs[at] = validUntilUs;
    this.blocked[at] = other.blocked[from] ?? 0;
    this.line[at] = other.line[from] ?? 0;
    if (other.profile[from] !== 0) this.profile[at] = this.notes.profiles.numberOf(other.profileAt(from));
    if (other.name[from] !== 0) this.name[at] = this.notes.names.numberOf(other.nameAt(from));
  }

  /** Adds all rates of other columns. */
  append(other: RateColumns): void {
    assert(this.#size + other.#size <= this.capacity, 'rate columns have room for what is appended');
    for (const [mine, theirs] of this.#pairs(other)) mine.set(theirs.subarray(0, other.#size), this.#size);
    this.ratePerMinNanos.set(other.ratePerMinNanos.subarray(0, other.#size), this.#size);
    this.connectFeeNanos.set(other.connectFeeNanos.subarray(0, other.#size), this.#size);
    renumber(this.profile.subarray(this.#size, this.#size + other.#size), other.profile, this.notes.profiles, other.notes.profiles);
    renumber(this.name.subarray(this.#size, this.#size + other.#size), other.name, this.notes.names, other.notes.names);
    if (other.timeZone !== '') this.timeZone = other.timeZone;
    this.#size += other.#size;
  }

  /** Whether any rate counts only in a time window. */
  get hasWindows(): boolean {
    return this.notes.profiles.items.some(({ window }) => window !== undefined);
  }

  /** What the rate at `at` says beyond its columns; undefined: nothing. */
  profileAt(at: number): RateProfile | undefined {
    return this.notes.profiles.at(this.profile[at] ?? 0);
  }

  /** What the file calls the place of the rate at `at`. */
  nameAt(at: number): PlaceName | undefined {
    return this.notes.names.at(this.name[at] ?? 0);
  }

  /** When the rate at `at` counts, as a key; empty: at any time. */
  windowKeyAt(at: number): string {
    return windowKey(this.profileAt(at)?.window);
  }

  /** How many digits the prefix at `at` has. */
  prefixLengthAt(at: number): number {
    return this.#length[at] ?? 0;
  }

  /** The digits of the prefix at `at` as a number, exact. A prefix never begins with 0: no country code does. */
  prefixNumberAt(at: number): number {
    return (this.#value[at] ?? 0) / (POWERS[PREFIX_DIGITS_MAX - (this.#length[at] ?? 0)] ?? 1);
  }

  /** The rate at `at`. */
  rateAt(at: number): Rate {
    return {
      prefix: String(this.prefixNumberAt(at)),
      ratePerMinNanos: this.ratePerMinNanos[at] ?? 0n,
      connectFeeNanos: this.connectFeeNanos[at] ?? 0n,
      initialIncrementSec: this.initialIncrementSec[at] ?? 0,
      incrementSec: this.incrementSec[at] ?? 0,
      validFromUs: this.validFromUs[at] ?? 0,
      validUntilUs: this.validUntilUs[at] ?? 0,
      blocked: this.blocked[at] === 1,
      profile: this.profileAt(at),
      name: this.nameAt(at),
    };
  }

  /** Negative where the prefix at `at` comes before that at `otherAt` of other columns in digit order, 0 where they are equal. */
  comparePrefix(at: number, other: RateColumns, otherAt: number): number {
    return (this.#value[at] ?? 0) - (other.#value[otherAt] ?? 0) || (this.#length[at] ?? 0) - (other.#length[otherAt] ?? 0);
  }

  /** The positions in the order of prefix, then validFromUs, then line; pauses in between. */
  sorted(): Generator<void, Uint32Array> {
    return sortedPositions(this.#size, (a, b) =>
      this.comparePrefix(a, this, b) ||
      (this.validFromUs[a] ?? 0) - (this.validFromUs[b] ?? 0) ||
      (this.line[a] ?? 0) - (this.line[b] ?? 0));
  }

  /** The columns as bytes, of exactly the rates that are there. */
  toBytes(): Uint8Array {
    return bytesOfColumns(this.#size, this.#all(), notesText(this.notes));
  }

  /** The columns that `toBytes` wrote. */
  static fromBytes(bytes: Uint8Array): RateColumns {
    const size = rowsInBytes(bytes);
    const columns = new RateColumns(size);
    fillNotes(columns.notes, fillColumns(columns.#all(), bytes));
    columns.#size = size;
    return columns;
  }

  #next(): number {
    assert(this.#size < this.capacity, 'rate columns have room for one more');
    const at = this.#size;
    this.#size += 1;
    return at;
  }

  #numbers() {
    return [
      this.#value, this.validFromUs, this.validUntilUs, this.initialIncrementSec, this.incrementSec, this.line, this.#length, this.blocked,
    ] as const;
  }

  #all() {
    return [this.ratePerMinNanos, this.connectFeeNanos, ...this.#numbers(), this.profile, this.name] as const;
  }

  #pairs(other: RateColumns) {
    const theirs = other.#numbers();
    return this.#numbers().map((mine, index) => [mine, theirs[index] ?? mine] as const);
  }
}

/** Takes over another's numbers of contents as numbers of one's own. */
function renumber<T extends object>(mine: Uint32Array, theirs: Uint32Array, own: Interned<T>, other: Interned<T>): void {
  if (other.size === 0) return;
  const numbers = [0, ...other.items.map((item) => own.numberOf(item))];
  for (let at = 0; at < mine.length; at += 1) mine[at] = numbers[theirs[at] ?? 0] ?? 0;
}
