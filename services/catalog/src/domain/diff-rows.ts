import { assert } from '@tollwire/core';
import { formatNanos, type RateProfile, roundTo } from '@tollwire/telecom';
import { bytesOfColumns, fillColumns, rowsInBytes } from './column-bytes.ts';
import type { RateColumns } from './rate-columns.ts';
import { fillNotes, noNotes, notesText, type PlaceName, type RateNotes } from './rate-notes.ts';
import { referencePriceNanos } from './reference-price.ts';

/** What a prefix is charged, on one side of a difference. */
export interface DiffTerms {
  readonly ratePerMinNanos: bigint;
  readonly connectFeeNanos: bigint;
  readonly initialIncrementSec: number;
  readonly incrementSec: number;
  readonly blocked: boolean;
  /** What the rate says beyond that; undefined: nothing. */
  readonly profile: RateProfile | undefined;
  /** What the file calls the place. */
  readonly name: PlaceName | undefined;
}

/** One difference, for people to look at. */
export interface DiffRow {
  readonly prefix: string;
  /** Undefined where the prefix had no rate. */
  readonly before: DiffTerms | undefined;
  /** Undefined where it will have none. */
  readonly after: DiffTerms | undefined;
  /** µs; 0: as soon as the version is in force. */
  readonly effectiveFromUs: number;
  /** µs, exclusive; 0: open end. */
  readonly effectiveUntilUs: number;
}

/** A rate in columns. */
export interface RateAt {
  readonly rates: RateColumns;
  readonly at: number;
}

const ABSENT = 0;
const PRESENT = 1;
const BLOCKED = 2;

/** One side of many differences, in columns. */
class SideColumns {
  readonly ratePerMinNanos: BigInt64Array;
  readonly connectFeeNanos: BigInt64Array;
  readonly initialIncrementSec: Uint32Array;
  readonly incrementSec: Uint32Array;
  readonly state: Uint8Array;
  readonly profile: Uint32Array;
  readonly name: Uint32Array;

  constructor(capacity: number) {
    this.ratePerMinNanos = new BigInt64Array(capacity);
    this.connectFeeNanos = new BigInt64Array(capacity);
    this.initialIncrementSec = new Uint32Array(capacity);
    this.incrementSec = new Uint32Array(capacity);
    this.state = new Uint8Array(capacity);
    this.profile = new Uint32Array(capacity);
    this.name = new Uint32Array(capacity);
  }

  set(at: number, { rates, at: from }: RateAt, { profiles, names }: RateNotes): void {
    this.ratePerMinNanos[at] = rates.ratePerMinNanos[from] ?? 0n;
    this.connectFeeNanos[at] = rates.connectFeeNanos[from] ?? 0n;
    this.initialIncrementSec[at] = rates.initialIncrementSec[from] ?? 0;
    this.incrementSec[at] = rates.incrementSec[from] ?? 0;
    this.state[at] = rates.blocked[from] === 1 ? BLOCKED : PRESENT;
    if (rates.profile[from] !== 0) this.profile[at] = profiles.numberOf(rates.profileAt(from));
    if (rates.name[from] !== 0) this.name[at] = names.numberOf(rates.nameAt(from));
  }

  termsAt(at: number, { profiles, names }: RateNotes): DiffTerms | undefined {
    if (this.state[at] === ABSENT) return undefined;
    return {
      ratePerMinNanos: this.ratePerMinNanos[at] ?? 0n,
      connectFeeNanos: this.connectFeeNanos[at] ?? 0n,
      initialIncrementSec: this.initialIncrementSec[at] ?? 0,
      incrementSec: this.incrementSec[at] ?? 0,
      blocked: this.state[at] === BLOCKED,
      profile: profiles.at(this.profile[at] ?? 0),
      name: names.at(this.name[at] ?? 0),
    };
  }

  columns() {
    return [this.ratePerMinNanos, this.connectFeeNanos, this.initialIncrementSec, this.incrementSec, this.state, this.profile, this.name] as const;
  }
}

/** Differences in typed columns, 90 bytes a row, which compress well: a million of them are made and kept without a million objects. */
export class DiffRows {
  readonly capacity: number;
  #size = 0;
  readonly #prefix: Float64Array;
  readonly #fromUs: Float64Array;
  readonly #untilUs: Float64Array;
  readonly #before: SideColumns;
  readonly #after: SideColumns;
  readonly #notes: RateNotes;

  constructor(capacity: number, notes: RateNotes = noNotes()) {
    this.capacity = capacity;
    this.#notes = notes;
    this.#prefix = new Float64Array(capacity);
    this.#fromUs = new Float64Array(capacity);
    this.#untilUs = new Float64Array(capacity);
    this.#before = new SideColumns(capacity);
    this.#after = new SideColumns(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a row; one of the sides is there. */
  push(before: RateAt | undefined, after: RateAt | undefined, fromUs: number, untilUs: number): void {
    assert(this.#size < this.capacity, 'a page of differences has room for one more');
    const at = this.#size;
    const named = before ?? after;
    this.#prefix[at] = named?.rates.prefixNumberAt(named.at) ?? 0;
    this.#fromUs[at] = fromUs;
    this.#untilUs[at] = untilUs;
    if (before !== undefined) this.#before.set(at, before, this.#notes);
    if (after !== undefined) this.#after.set(at, after, this.#notes);
    this.#size += 1;
  }

  /** The row at `at`. */
  rowAt(at: number): DiffRow {
    return {
      prefix: String(this.#prefix[at] ?? 0),
      before: this.#before.termsAt(at, this.#notes),
      after: this.#after.termsAt(at, this.#notes),
      effectiveFromUs: this.#fromUs[at] ?? 0,
      effectiveUntilUs: this.#untilUs[at] ?? 0,
    };
  }

  /** All rows, in their order. */
  rows(): DiffRow[] {
    return Array.from({ length: this.#size }, (_, at) => this.rowAt(at));
  }

  /** The columns as bytes, of exactly the rows that are there. */
  toBytes(): Uint8Array {
    return bytesOfColumns(this.#size, this.#all(), notesText(this.#notes));
  }

  /** The rows that `toBytes` wrote. */
  static fromBytes(bytes: Uint8Array): DiffRows {
    const size = rowsInBytes(bytes);
    const rows = new DiffRows(size);
    fillNotes(rows.#notes, fillColumns(rows.#all(), bytes));
    rows.#size = size;
    return rows;
  }

  #all() {
    return [this.#prefix, this.#fromUs, this.#untilUs, ...this.#before.columns(), ...this.#after.columns()] as const;
  }
}

/** By how much the reference call rises (or falls, below zero) in percent, half up to two decimals; nothing where it cost nothing or there was no rate. */
export function percentOf({ before, after }: Pick<DiffRow, 'before' | 'after'>): string {
  if (before === undefined || after === undefined) return '';
  const [oldPrice, newPrice] = [referencePriceNanos(before), referencePriceNanos(after)];
  if (oldPrice === 0n) return '';
  return formatNanos(roundTo({ num: (newPrice - oldPrice) * 100n * 1_000_000_000n, den: oldPrice }, 2, 'half_up'));
}
