/** A past call, as far as a comparison of routes needs it. */
export interface ComparedCall {
  readonly durationSec: number;
  readonly sellNanos: bigint;
  readonly currency: string;
  /** The catalog's countryprefixid; 0: unknown. */
  readonly destination: number;
  /** By carrier code, under the empty one over all others, where that differs by carrier. */
  readonly soldOver?: ReadonlyMap<string, bigint>;
}

/** What a call would have cost by one policy: over the first carrier of its list. */
export interface Course {
  readonly carrierCode: string;
  /** Of the whole call, in the currency of the sale; undefined where no exchange rate leads there. */
  readonly costNanos: bigint | undefined;
}

/** Sums over the calls of a destination. Money is of those that both policies route at a known cost. */
export interface Comparison {
  readonly destination: number;
  readonly currency: string;
  callCount: number;
  durationSec: number;
  movedCount: number;
  unroutedBeforeCount: number;
  unroutedAfterCount: number;
  unknownCount: number;
  /** Before and after: what customers pay differs where plans sell by the carrier. */
  sellNanos: bigint;
  sellAfterNanos: bigint;
  costBeforeNanos: bigint;
  costAfterNanos: bigint;
}

/** Calls that would go from one carrier to another; an empty code: over none. */
export interface Move {
  readonly from: string;
  readonly to: string;
  callCount: number;
  durationSec: number;
}

function soldFor({ sellNanos, soldOver }: ComparedCall, { carrierCode }: Course): bigint {
  return soldOver?.get(carrierCode) ?? soldOver?.get('') ?? sellNanos;
}

/** Adds up what a change of policy would have meant for calls. */
export class WhatIf {
  readonly #comparisons = new Map<string, Comparison>();
  readonly #moves = new Map<string, Move>();

  /** A course that is undefined: no carrier was left. */
  add(call: ComparedCall, before: Course | undefined, after: Course | undefined): void {
    const sums = this.#sumsOf(call);
    sums.callCount += 1;
    sums.durationSec += call.durationSec;
    sums.unroutedBeforeCount += Number(before === undefined);
    sums.unroutedAfterCount += Number(after === undefined);
    if (before?.carrierCode !== after?.carrierCode) this.#move(sums, call, before?.carrierCode ?? '', after?.carrierCode ?? '');
    if (before === undefined || after === undefined) return;
    if (before.costNanos === undefined || after.costNanos === undefined) {
      sums.unknownCount += 1;
      return;
    }
    sums.sellNanos += soldFor(call, before);
    sums.sellAfterNanos += soldFor(call, after);
    sums.costBeforeNanos += before.costNanos;
    sums.costAfterNanos += after.costNanos;
  }

  get comparisons(): readonly Comparison[] {
    return [...this.#comparisons.values()];
  }

  /** The most calls first. */
  get moves(): readonly Move[] {
    return [...this.#moves.values()].sort((one, other) => other.callCount - one.callCount || (`${one.from} ${one.to}` < `${other.from} ${other.to}` ? -1 : 1));
  }

  #sumsOf({ destination, currency }: ComparedCall): Comparison {
    const key = `${destination} ${currency}`;
    const sums = this.#comparisons.get(key) ?? {
      destination, currency, callCount: 0, durationSec: 0, movedCount: 0, unroutedBeforeCount: 0, unroutedAfterCount: 0, unknownCount: 0,
      sellNanos: 0n, sellAfterNanos: 0n, costBeforeNanos: 0n, costAfterNanos: 0n,
    };
    this.#comparisons.set(key, sums);
    return sums;
  }

  #move(sums: Comparison, { durationSec }: ComparedCall, from: string, to: string): void {
    sums.movedCount += 1;
    const key = `${from}\0${to}`;
    const move = this.#moves.get(key) ?? { from, to, callCount: 0, durationSec: 0 };
    move.callCount += 1;
    move.durationSec += durationSec;
    this.#moves.set(key, move);
  }
}
