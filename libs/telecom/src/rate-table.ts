import { ok, refuse } from '@tollwire/core';
import type { Refusal, Result } from '@tollwire/core';
import { nanos } from './money.ts';
import type { Nanos } from './money.ts';
import type { PrefixIndex } from './prefix-index.ts';
import { PrefixIndexBuilder } from './prefix-index.ts';
import { billedSec, chargeInBigints, chargeInDoubles } from './rate.ts';
import type { RateTerms } from './rate.ts';
import type { Rounding } from './rounding.ts';

/** Rates in columns of equal length, sorted by prefix and then by `validFromUs`: the shape of a published deck chunk. */
export interface RateColumns {
  readonly prefix: readonly string[];
  readonly ratePerMinNanos: readonly bigint[];
  readonly connectFeeNanos: readonly bigint[];
  readonly initialIncrementSec: readonly number[];
  readonly incrementSec: readonly number[];
  /** Inclusive. */
  readonly validFromUs: readonly bigint[];
  /** Exclusive; 0: open end. */
  readonly validUntilUs: readonly bigint[];
  readonly blocked: readonly boolean[];
  /** What the prefix is in the number plan, 1 to 2³¹-1, 0: unknown; empty where nothing is known of any. */
  readonly countryPrefixId: readonly number[];
}

export type DeckRefusal = Refusal & { readonly code: 'deck_malformed'; readonly row: number; readonly reason: string };

/** Terms that many rates of a deck share, kept once. */
interface SharedTerms {
  readonly connectFeeNanos: number;
  readonly initialIncrementSec: number;
  readonly incrementSec: number;
  readonly blocked: boolean;
}

interface Columns {
  readonly rate: Float64Array;
  readonly terms: Uint32Array;
  readonly from: Float64Array;
  readonly until: Float64Array;
  /** Empty until a rate has one. */
  readonly countryPrefix: Uint32Array;
}

/** A deck compiled for search by number and instant: about 45 bytes a rate, 41 without country prefixes. Immutable. */
export class RateTable {
  readonly #index: PrefixIndex;
  readonly #columns: Columns;
  readonly #shared: readonly SharedTerms[];

  constructor(index: PrefixIndex, columns: Columns, shared: readonly SharedTerms[]) {
    this.#index = index;
    this.#columns = columns;
    this.#shared = shared;
  }

  get size(): number {
    return this.#index.size;
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    const { rate, terms, from, until, countryPrefix } = this.#columns;
    const columns = [rate, terms, from, until, countryPrefix];
    return this.#index.bytes + columns.reduce((sum, { byteLength }) => sum + byteLength, 0) + this.#shared.length * 64;
  }

  /**
   * The row of the longest prefix of `e164` whose rate is in force at the instant (`from ≤ at < until`), or -1.
   * Of rates of one prefix that overlap, the one that starts last.
   */
  find(e164: string, atUs: number): number {
    const { from, until } = this.#columns;
    let row = this.#index.longest(e164);
    while (row >= 0 && !((from[row] ?? 0) <= atUs && atUs < (until[row] ?? 0))) row = this.#index.next(row);
    return row;
  }

  /** Whether the destination is refused rather than priced. */
  blockedAt(row: number): boolean {
    return this.#sharedAt(row).blocked;
  }

  prefixLengthAt(row: number): number {
    return this.#index.lengthAt(row);
  }

  prefixAt(row: number): string {
    return this.#index.prefixAt(row);
  }

  /** The country prefix that the number plan has for the rate's prefix, by its number; 0: unknown. */
  countryPrefixIdAt(row: number): number {
    return this.#columns.countryPrefix[row] ?? 0;
  }

  /** Nanos per minute, as a number for ranking; exact, because a table takes no rate of 2⁵³ nanos or more. */
  ratePerMinAt(row: number): number {
    return this.#columns.rate[row] ?? 0;
  }

  termsAt(row: number): RateTerms {
    const shared = this.#sharedAt(row);
    return {
      ratePerMinNanos: BigInt(this.ratePerMinAt(row)),
      connectFeeNanos: BigInt(shared.connectFeeNanos),
      initialIncrementSec: shared.initialIncrementSec,
      incrementSec: shared.incrementSec,
    };
  }

  /** `from` inclusive, `until` exclusive or Infinity, in µs. */
  validityAt(row: number): { readonly fromUs: number; readonly untilUs: number } {
    return { fromUs: this.#columns.from[row] ?? 0, untilUs: this.#columns.until[row] ?? 0 };
  }

  /** What a conversation of `durationSec` seconds costs at the rate of `row`; equal to `charge` on its terms. */
  chargeAt(row: number, durationSec: number, rounding: Rounding): Nanos {
    const shared = this.#sharedAt(row);
    const billed = billedSec(durationSec, shared);
    const fast = chargeInDoubles(billed, this.ratePerMinAt(row), shared.connectFeeNanos, rounding);
    return fast >= 0 ? nanos(BigInt(fast)) : chargeInBigints(billed, this.termsAt(row), rounding);
  }

  #sharedAt(row: number): SharedTerms {
    return this.#shared[this.#columns.terms[row] ?? 0] ?? NO_TERMS;
  }
}

const NO_TERMS: SharedTerms = { connectFeeNanos: 0, initialIncrementSec: 0, incrementSec: 1, blocked: false };

/** Compiles a deck from its chunks, in their order. */
export class RateTableBuilder {
  readonly #index: PrefixIndexBuilder;
  #columns: Columns;
  readonly #shared: SharedTerms[] = [];
  readonly #sharedIds = new Map<string, number>();
  readonly #capacity: number;
  #last = '';
  #lastFromUs = 0;

  /** @param rateCount how many rates will come; more are refused. */
  constructor(rateCount: number) {
    this.#capacity = rateCount;
    this.#index = new PrefixIndexBuilder(rateCount);
    this.#columns = {
      rate: new Float64Array(rateCount),
      terms: new Uint32Array(rateCount),
      from: new Float64Array(rateCount),
      until: new Float64Array(rateCount),
      countryPrefix: new Uint32Array(0),
    };
  }

  /** Takes the next chunk. Refuses content that no deck has: unequal columns, disorder, negative or absurd amounts. */
  add(chunk: RateColumns): Result<number, DeckRefusal> {
    const columns = [chunk.ratePerMinNanos, chunk.connectFeeNanos, chunk.initialIncrementSec, chunk.incrementSec];
    const dates = [chunk.validFromUs, chunk.validUntilUs, chunk.blocked];
    if ([...columns, ...dates].some(({ length }) => length !== chunk.prefix.length)) return this.#malformed('columns of unequal length');
    if (!this.#takesCountryPrefixes(chunk)) return this.#malformed('columns of unequal length');
    for (let row = 0; row < chunk.prefix.length; row += 1) {
      const fault = this.#addRow(chunk, row);
      if (fault !== undefined) return this.#malformed(fault);
    }
    return ok(this.#index.size);
  }

  /** The table over all that was added; the builder is spent. */
  build(): RateTable {
    const size = this.#index.size;
    const { rate, terms, from, until, countryPrefix } = this.#columns;
    const columns = size === this.#capacity ? this.#columns : {
      rate: rate.slice(0, size), terms: terms.slice(0, size), from: from.slice(0, size), until: until.slice(0, size), countryPrefix: countryPrefix.slice(0, size),
    };
    return new RateTable(this.#index.build(), columns, this.#shared);
  }

  /** Makes room for the column when the first chunk has it. */
  #takesCountryPrefixes({ prefix, countryPrefixId }: RateColumns): boolean {
    if (countryPrefixId.length === 0) return true;
    if (this.#columns.countryPrefix.length === 0) this.#columns = { ...this.#columns, countryPrefix: new Uint32Array(this.#capacity) };
    return countryPrefixId.length === prefix.length;
  }

  #malformed(reason: string): { ok: false; refusal: DeckRefusal } {
    return refuse({ code: 'deck_malformed', row: this.#index.size, reason });
  }

  #addRow(chunk: RateColumns, row: number): string | undefined {
    const prefix = chunk.prefix[row] ?? '';
    const rate = Number(chunk.ratePerMinNanos[row] ?? -1n);
    const fee = Number(chunk.connectFeeNanos[row] ?? -1n);
    const fromUs = Number(chunk.validFromUs[row] ?? 0n);
    const untilUs = Number(chunk.validUntilUs[row] ?? 0n);
    if (this.#index.size === this.#capacity) return 'more rates than announced';
    if (!this.#index.fits(prefix)) return `prefix "${prefix.slice(0, 20)}" is malformed or out of order`;
    if (prefix === this.#last && fromUs < this.#lastFromUs) return `rates of prefix ${prefix} are out of order`;
    if (!inRange(rate) || !inRange(fee)) return `an amount of prefix ${prefix} is negative or beyond 9,007,199 units`;
    if ((chunk.initialIncrementSec[row] ?? 0) > INCREMENT_SEC_MAX || (chunk.incrementSec[row] ?? 0) > INCREMENT_SEC_MAX) {
      return `an increment of prefix ${prefix} is longer than ${INCREMENT_SEC_MAX} s`;
    }
    if ((chunk.countryPrefixId[row] ?? 0) > COUNTRY_PREFIX_ID_MAX) return `the country prefix of prefix ${prefix} is no row of the number plan`;
    const at = this.#index.add(prefix);
    this.#columns.rate[at] = rate;
    this.#columns.from[at] = fromUs;
    this.#columns.until[at] = untilUs === 0 ? Infinity : untilUs;
    this.#columns.terms[at] = this.#share(fee, chunk.initialIncrementSec[row] ?? 0, chunk.incrementSec[row] ?? 0, chunk.blocked[row] ?? false);
    if (chunk.countryPrefixId.length > 0) this.#columns.countryPrefix[at] = chunk.countryPrefixId[row] ?? 0;
    this.#last = prefix;
    this.#lastFromUs = fromUs;
    return undefined;
  }

  #share(connectFeeNanos: number, initialIncrementSec: number, incrementSec: number, blocked: boolean): number {
    const key = `${connectFeeNanos}/${initialIncrementSec}/${incrementSec}/${blocked ? 1 : 0}`;
    const known = this.#sharedIds.get(key);
    if (known !== undefined) return known;
    const id = this.#shared.length;
    // An increment that was left out is proto3's 0: charged by the second.
    this.#shared.push({ connectFeeNanos, initialIncrementSec, incrementSec: incrementSec === 0 ? 1 : incrementSec, blocked });
    this.#sharedIds.set(key, id);
    return id;
  }
}

/** Thirty years; billed seconds stay within 32 bits. */
const INCREMENT_SEC_MAX = 1_000_000_000;
/** An integer of the database. */
const COUNTRY_PREFIX_ID_MAX = 2 ** 31 - 1;

function inRange(amount: number): boolean {
  return amount >= 0 && amount <= Number.MAX_SAFE_INTEGER;
}
