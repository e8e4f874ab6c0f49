import { assert } from '@tollwire/core';
import { formatNanos, roundTo } from '@tollwire/telecom';
import { bytesOfColumns, fillColumns, rowsInBytes } from './column-bytes.ts';
import type { RateColumns } from './rate-columns.ts';

/** What a prefix is charged, on one side of a difference. */
export interface DiffTerms {
  readonly ratePerMinNanos: bigint;
  readonly connectFeeNanos: bigint;
  readonly initialIncrementSec: number;
  readonly incrementSec: number;
  readonly blocked: boolean;
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

  constructor(capacity: number) {
    this.ratePerMinNanos = new BigInt64Array(capacity);
    this.connectFeeNanos = new BigInt64Array(capacity);
    this.initialIncrementSec = new Uint32Array(capacity);
    this.incrementSec = new Uint32Array(capacity);
    this.state = new Uint8Array(capacity);
  }

  set(at: number, { rates, at: from }: RateAt): void {
    this.ratePerMinNanos[at] = rates.ratePerMinNanos[from] ?? 0n;
    this.connectFeeNanos[at] = rates.connectFeeNanos[from] ?? 0n;
    this.initialIncrementSec[at] = rates.initialIncrementSec[from] ?? 0;
    this.incrementSec[at] = rates.incrementSec[from] ?? 0;
    this.state[at] = rates.blocked[from] === 1 ? BLOCKED : PRESENT;
  }

  termsAt(at: number): DiffTerms | undefined {
    if (this.state[at] === ABSENT) return undefined;
    return {
      ratePerMinNanos: this.ratePerMinNanos[at] ?? 0n,
      connectFeeNanos: this.connectFeeNanos[at] ?? 0n,
      initialIncrementSec: this.initialIncrementSec[at] ?? 0,
      incrementSec: this.incrementSec[at] ?? 0,
      blocked: this.state[at] === BLOCKED,
    };
  }

  columns() {
    return [this.ratePerMinNanos, this.connectFeeNanos, this.initialIncrementSec, this.incrementSec, this.state] as const;
  }
}

/** Differences in typed columns, 74 bytes a row, which compress well: a million of them are made and kept without a million objects. */
export class DiffRows {
  readonly capacity: number;
  #size = 0;
  readonly #prefix: Float64Array;
  readonly #fromUs: Float64Array;
  readonly #untilUs: Float64Array;
  readonly #before: SideColumns;
  readonly #after: SideColumns;

  constructor(capacity: number) {
    this.capacity = capacity;
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
    if (before !== undefined) this.#before.set(at, before);
    if (after !== undefined) this.#after.set(at, after);
    this.#size += 1;
  }

  /** The row at `at`. */
  rowAt(at: number): DiffRow {
    return {
      prefix: String(this.#prefix[at] ?? 0),
      before: this.#before.termsAt(at),
      after: this.#after.termsAt(at),
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
    return bytesOfColumns(this.#size, this.#all());
  }

  /** The rows that `toBytes` wrote. */
  static fromBytes(bytes: Uint8Array): DiffRows {
    const size = rowsInBytes(bytes);
    const rows = new DiffRows(size);
    fillColumns(rows.#all(), bytes);
    rows.#size = size;
    return rows;
  }

  #all() {
    return [this.#prefix, this.#fromUs, this.#untilUs, ...this.#before.columns(), ...this.#after.columns()] as const;
  }
}

/** By how much a rate rises (or falls, below zero) in percent, half up to two decimals; nothing where it was 0 or none. */
export function percentOf({ before, after }: Pick<DiffRow, 'before' | 'after'>): string {
  if (before === undefined || after === undefined || before.ratePerMinNanos === 0n) return '';
  const num = (after.ratePerMinNanos - before.ratePerMinNanos) * 100n * 1_000_000_000n;
  return formatNanos(roundTo({ num, den: before.ratePerMinNanos }, 2, 'half_up'));
}
