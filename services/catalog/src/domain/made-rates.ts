import { unreachable } from '@tollwire/core';
import { compare, plus, type Rational, rational, roundTo, type RoundingMode, times } from '@tollwire/telecom';
import { RateColumns } from './rate-columns.ts';

/** Which of several carriers' rates a sell rate is made from; an average is of the cheapest `count`. */
export type MadeFrom = { readonly take: 'cheapest' | 'dearest' } | { readonly take: 'average'; readonly count: number };

/** What becomes of a destination that has a rate of its own already: the dearer, the cheaper, that rate, or the made one. */
export type FixedPolicy = 'max' | 'min' | 'fixed' | 'carrier_plus_margin';

/** How sell rates are made from buy rates. Amounts are nanos per minute. */
export interface MakeRule {
  readonly from: MadeFrom;
  /** Ten-thousandths of a percent of the buy rate: 20 % is 200,000. */
  readonly marginPpm: bigint;
  /** Added to that. */
  readonly marginNanos: bigint;
  /** At least so much above the buy rate, whatever the rounding does. */
  readonly marginMinNanos: bigint;
  /** Never below this, whatever the rounding does. */
  readonly floorNanos: bigint;
  /** A made rate is a multiple of this; above 0. */
  readonly stepNanos: bigint;
  readonly rounding: RoundingMode;
  readonly policy: FixedPolicy;
  /** Undefined: the carrier's. */
  readonly increments: { readonly initialIncrementSec: number; readonly incrementSec: number } | undefined;
  /** Undefined: the carrier's. */
  readonly connectFeeNanos: bigint | undefined;
}

/**
 * The sell rate that a buy rate (undefined: no carrier goes there) leads to beside a fixed rate (undefined: none). Exact
 * until its one rounding. Floor and minimum margin hold for the made rate; where the policy chooses the fixed rate, that
 * stands as it is. Undefined where there is neither.
 */
export function madeRate(buy: Rational | undefined, fixedNanos: bigint | undefined, rule: MakeRule): bigint | undefined {
  if (buy === undefined) return rule.policy === 'carrier_plus_margin' ? undefined : fixedNanos;
  const least = dearer(plus(buy, rational(rule.marginMinNanos)), rational(rule.floorNanos));
  const wanted = plus(times(buy, rational(1_000_000n + rule.marginPpm, 1_000_000n)), rational(rule.marginNanos));
  const rounded = stepped(dearer(wanted, least), rule.stepNanos, rule.rounding);
  const made = compare(rational(rounded), least) < 0 ? stepped(least, rule.stepNanos, 'up') : rounded;
  if (fixedNanos === undefined) return made;
  switch (rule.policy) {
    case 'max':
      return made > fixedNanos ? made : fixedNanos;
    case 'min':
      return made < fixedNanos ? made : fixedNanos;
    case 'fixed':
      return fixedNanos;
    case 'carrier_plus_margin':
      return made;
    default:
      return unreachable(rule.policy);
  }
}

function dearer(a: Rational, b: Rational): Rational {
  return compare(a, b) < 0 ? b : a;
}

const NANOS = 1_000_000_000n;

/** A multiple of the step: rounded as a whole number of steps. */
function stepped(value: Rational, stepNanos: bigint, mode: RoundingMode): bigint {
  return (roundTo({ num: value.num * NANOS, den: value.den * stepNanos }, 0, mode) / NANOS) * stepNanos;
}

export interface MakeSources {
  /** The contents of the carriers' decks, sorted. */
  readonly carriers: readonly RateColumns[];
  /** What the plan has in force, sorted: its fixed rates. */
  readonly fixed: RateColumns;
  /** µs; the rates that are valid then. */
  readonly atUs: number;
  readonly rule: MakeRule;
}

const SLICE = 1_000;

/**
 * Rates for every prefix that a carrier has (and, unless the policy passes over it, that the plan has): each carrier
 * counts with its longest prefix that covers it. Where the only carriers block it, it is blocked. Sorted, undated. A merge
 * of sorted contents; pauses in between.
 */
export function* madeRates({ carriers, fixed, atUs, rule }: MakeSources): Generator<void, RateColumns> {
  const buying = carriers.map((rates) => new Covering(rates, atUs));
  const kept = new Covering(fixed, atUs);
  const walked = rule.policy === 'carrier_plus_margin' ? buying : [...buying, kept];
  const made = new RateColumns(walked.reduce((size, { rates }) => size + rates.size, 0));
  for (let prefixes = 1; ; prefixes += 1) {
    const next = nextPrefix(walked);
    if (next === undefined) return made;
    for (const side of [...buying, kept]) side.advanceTo(next);
    take(made, next, buying, kept, rule);
    if (prefixes % SLICE === 0) yield;
  }
}

interface At {
  readonly rates: RateColumns;
  readonly at: number;
}

function take(made: RateColumns, { rates, at }: At, buying: readonly Covering[], kept: Covering, rule: MakeRule): void {
  const offers = buying.flatMap(({ found }) => found ?? []);
  const usable = offers.filter((offer) => offer.rates.blocked[offer.at] !== 1).sort((a, b) => (rateOf(a) < rateOf(b) ? -1 : rateOf(a) > rateOf(b) ? 1 : 0));
  const fixed = kept.found !== undefined && kept.found.rates.blocked[kept.found.at] !== 1 ? kept.found : undefined;
  const prefix = String(rates.prefixNumberAt(at));
  const chosen = chosenOf(usable, rule.from);
  const rate = madeRate(chosen?.buy, fixed && rateOf(fixed), rule);
  const blocks = rate === undefined ? (offers[0] ?? (rule.policy === 'carrier_plus_margin' ? undefined : kept.found)) : undefined;
  const terms = chosen?.terms ?? fixed ?? blocks;
  if (terms === undefined) return;
  // What no carrier goes to keeps the plan's own terms; own increments and fee are for what is made.
  const own = chosen === undefined ? undefined : rule;
  made.push({
    prefix,
    ratePerMinNanos: rate ?? 0n,
    connectFeeNanos: own?.connectFeeNanos ?? terms.rates.connectFeeNanos[terms.at] ?? 0n,
    initialIncrementSec: own?.increments?.initialIncrementSec ?? terms.rates.initialIncrementSec[terms.at] ?? 1,
    incrementSec: own?.increments?.incrementSec ?? terms.rates.incrementSec[terms.at] ?? 1,
    validFromUs: 0,
    validUntilUs: 0,
    blocked: rate === undefined,
  }, 0);
}

function rateOf({ rates, at }: At): bigint {
  return rates.ratePerMinNanos[at] ?? 0n;
}

/** The buy rate, and whose fee and increments go with it: of an average those of the cheapest. */
function chosenOf(usable: readonly At[], from: MadeFrom): { readonly buy: Rational; readonly terms: At } | undefined {
  const [cheapest] = usable;
  const dearest = usable.at(-1);
  if (cheapest === undefined || dearest === undefined) return undefined;
  switch (from.take) {
    case 'cheapest':
      return { buy: rational(rateOf(cheapest)), terms: cheapest };
    case 'dearest':
      return { buy: rational(rateOf(dearest)), terms: dearest };
    case 'average': {
      const some = usable.slice(0, from.count);
      return { buy: rational(some.reduce((sum, offer) => sum + rateOf(offer), 0n), BigInt(some.length)), terms: cheapest };
    }
    default:
      return unreachable(from);
  }
}

/** The first prefix in digit order that a side has next. */
function nextPrefix(sides: readonly Covering[]): At | undefined {
  let first: At | undefined;
  for (const { next } of sides) {
    if (next !== undefined && (first === undefined || next.rates.comparePrefix(next.at, first.rates, first.at) < 0)) first = next;
  }
  return first;
}

/** Walks a sorted content, and knows the longest of its valid rates that covers where it is: those come before it in digit order. */
class Covering {
  readonly rates: RateColumns;
  readonly #atUs: number;
  readonly #open: number[] = [];
  #next = 0;

  constructor(rates: RateColumns, atUs: number) {
    this.rates = rates;
    this.#atUs = atUs;
  }

  get next(): At | undefined {
    return this.#next < this.rates.size ? { rates: this.rates, at: this.#next } : undefined;
  }

  /** The rate that covers where `advanceTo` came to. */
  get found(): At | undefined {
    const at = this.#open.at(-1);
    return at === undefined ? undefined : { rates: this.rates, at };
  }

  advanceTo({ rates, at }: At): void {
    while (this.#next < this.rates.size && this.rates.comparePrefix(this.#next, rates, at) <= 0) {
      const mine = this.#next;
      this.#next += 1;
      this.#closeUnless((open) => this.#covers(open, this.rates, mine));
      if (this.#isValid(mine)) this.#open.push(mine);
    }
    this.#closeUnless((open) => this.#covers(open, rates, at));
  }

  #closeUnless(covers: (open: number) => boolean): void {
    for (let top = this.#open.at(-1); top !== undefined && !covers(top); top = this.#open.at(-1)) this.#open.pop();
  }

  #covers(open: number, rates: RateColumns, at: number): boolean {
    const shorter = rates.prefixLengthAt(at) - this.rates.prefixLengthAt(open);
    return shorter >= 0 && Math.floor(rates.prefixNumberAt(at) / 10 ** shorter) === this.rates.prefixNumberAt(open);
  }

  #isValid(at: number): boolean {
    const untilUs = this.rates.validUntilUs[at] ?? 0;
    return (this.rates.validFromUs[at] ?? 0) <= this.#atUs && (untilUs === 0 || this.#atUs < untilUs);
  }
}
