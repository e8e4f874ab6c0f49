import { earlierEnd, mergedWindows } from './merged-windows.ts';
import { RateColumns } from './rate-columns.ts';

/** What a file makes of a deck. */
export interface DeckContent {
  /** Sorted by prefix, then validFromUs, then window; no two rates of a prefix and window are valid at once. */
  readonly rates: RateColumns;
  /** Rates of the version in force that the new version keeps, whole or until the file's date. */
  readonly carriedCount: number;
  /** Lines with a prefix, window and date that an earlier line has already. */
  readonly duplicates: readonly { readonly line: number; readonly prefix: string }[];
}

export interface DeckSources {
  /** What the file says, in any order. */
  readonly file: RateColumns;
  /** The content of the version in force, sorted; empty where there is none. */
  readonly base: RateColumns;
  /** The file holds changes: prefixes that it does not name keep their rates. */
  readonly amends: boolean;
}

/** How many prefixes are merged between two pauses: about a millisecond of work. */
const SLICE = 2_000;

/**
 * The content of a new version. A rate with a date closes at that date what was valid for its prefix and window before, in the
 * file and in the version in force, which goes on until then. A rate without a date replaces its prefix and window altogether.
 * Windows that the version in force has for a prefix beside those that the file names for it go on where the file amends;
 * otherwise they end where the first rate of the prefix in the file begins.
 * A generator that pauses in between, because a million rates take the better part of a second.
 */
export function* deckContent({ file, base, amends }: DeckSources): Generator<void, DeckContent> {
  const merge = new Merge(file, base, yield* file.sorted());
  const hasWindows = file.hasWindows || base.hasWindows;
  for (let prefixes = 1; !merge.done; prefixes += 1) {
    const side = merge.side();
    if (side >= 0 && hasWindows) merge.takeWindows(side === 0, amends);
    else if (side >= 0) merge.takeFile(side === 0);
    else if (amends) merge.takeBase(Infinity);
    else merge.passBase();
    if (prefixes % SLICE === 0) yield;
  }
  return { rates: merge.rates, carriedCount: merge.carriedCount, duplicates: merge.duplicates };
}

/** Walks both sides in digit order, one prefix at a time. */
class Merge {
  readonly rates: RateColumns;
  readonly duplicates: { line: number; prefix: string }[] = [];
  carriedCount = 0;
  readonly #file: RateColumns;
  readonly #base: RateColumns;
  readonly #order: Uint32Array;
  #fileAt = 0;
  #baseAt = 0;

  constructor(file: RateColumns, base: RateColumns, order: Uint32Array) {
    this.#file = file;
    this.#base = base;
    this.#order = order;
    this.rates = new RateColumns(file.size + base.size);
  }

  get done(): boolean {
    return this.#fileAt === this.#file.size && this.#baseAt === this.#base.size;
  }

  /** Whose prefix is next: negative the base's, positive the file's, 0 both. */
  side(): number {
    if (this.#fileAt === this.#file.size) return -1;
    if (this.#baseAt === this.#base.size) return 1;
    return this.#base.comparePrefix(this.#baseAt, this.#file, this.#position(this.#fileAt));
  }

  /** Takes the file's rates of the next prefix, after those of the base that go on until the first of them. */
  takeFile(alsoInBase: boolean): void {
    const from = this.#fileAt;
    const until = this.#endOfFileGroup(from);
    const firstFromUs = this.#file.validFromUs[this.#position(from)] ?? 0;
    if (alsoInBase) this.takeBase(firstFromUs);
    for (let at = from; at < until; at += 1) this.#takeRate(at, until);
    this.#fileAt = until;
  }

  /** Takes the file's rates of the next prefix, which count in windows, or are in the base beside some that do. */
  takeWindows(alsoInBase: boolean, amends: boolean): void {
    const [fileFrom, baseFrom] = [this.#fileAt, this.#baseAt];
    this.#fileAt = this.#endOfFileGroup(fileFrom);
    if (alsoInBase) this.#baseAt = this.#endOfBaseGroup(baseFrom);
    const merged = mergedWindows({
      file: this.#file, base: this.#base, amends,
      fileAts: Array.from(this.#order.subarray(fileFrom, this.#fileAt)),
      baseAts: Array.from({ length: this.#baseAt - baseFrom }, (_, at) => baseFrom + at),
    });
    for (const { rates, at, untilUs } of merged.rates) this.rates.copy(rates, at, untilUs);
    this.carriedCount += merged.carriedCount;
    for (const at of merged.duplicates) this.#noteDuplicate(at);
  }

  /** Takes the base's rates of the next prefix as far as they are valid before `untilUs`. */
  takeBase(untilUs: number): void {
    const first = this.#baseAt;
    for (; this.#baseAt < this.#base.size && this.#base.comparePrefix(this.#baseAt, this.#base, first) === 0; this.#baseAt += 1) {
      if ((this.#base.validFromUs[this.#baseAt] ?? 0) >= untilUs) continue;
      this.rates.copy(this.#base, this.#baseAt, earlierEnd(this.#base.validUntilUs[this.#baseAt] ?? 0, untilUs));
      this.carriedCount += 1;
    }
  }

  /** Leaves the base's next prefix out: the new version does not have it. */
  passBase(): void {
    this.#baseAt = this.#endOfBaseGroup(this.#baseAt);
  }

  #takeRate(at: number, groupEnd: number): void {
    const position = this.#position(at);
    const fromUs = this.#file.validFromUs[position] ?? 0;
    if (at > this.#fileAt && this.#file.validFromUs[this.#position(at - 1)] === fromUs) {
      this.#noteDuplicate(position);
      return;
    }
    let next = at + 1;
    while (next < groupEnd && this.#file.validFromUs[this.#position(next)] === fromUs) next += 1;
    const nextFromUs = next < groupEnd ? (this.#file.validFromUs[this.#position(next)] ?? 0) : Infinity;
    this.rates.copy(this.#file, position, earlierEnd(this.#file.validUntilUs[position] ?? 0, nextFromUs));
  }

  #noteDuplicate(position: number): void {
    this.duplicates.push({ line: this.#file.line[position] ?? 0, prefix: String(this.#file.prefixNumberAt(position)) });
  }

  #endOfBaseGroup(from: number): number {
    let at = from + 1;
    while (at < this.#base.size && this.#base.comparePrefix(at, this.#base, from) === 0) at += 1;
    return at;
  }

  #endOfFileGroup(from: number): number {
    let at = from + 1;
    while (at < this.#file.size && this.#file.comparePrefix(this.#position(at), this.#file, this.#position(from)) === 0) at += 1;
    return at;
  }

  #position(at: number): number {
    return this.#order[at] ?? 0;
  }
}
