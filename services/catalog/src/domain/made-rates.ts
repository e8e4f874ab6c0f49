import { unreachable } from '@tollwire/core';
import { compare, over, plus, type Rational, rational, type RateProfile, times } from '@tollwire/telecom';
import { endOfPrefix } from './deck-windows.ts';
import { madeFee, type MadeFrom, madeProfile, madeRate, type MakeRule } from './made-rate.ts';
import { type Rate, RateColumns } from './rate-columns.ts';

/** The content of a carrier's deck, sorted, and what its amounts are multiplied by, into the currency of the plan. */
export interface MakeSource {
  readonly rates: RateColumns;
  readonly exchange: Rational;
}

export interface MakeSources {
  readonly carriers: readonly MakeSource[];
  /** What the plan has in force, sorted: its fixed rates. */
  readonly fixed: RateColumns;
  /** µs; the rates that are valid then. */
  readonly atUs: number;
  readonly rule: MakeRule;
}

const SLICE = 1_000;

/**
 * Rates for every prefix that a carrier has (and, unless the policy passes over it, that the plan has): each carrier
 * counts with its longest prefix that covers it, in all its windows. Windows, further steps and charges are those of the carrier
 * that is taken, with the margin on each amount, exchanged exactly. Where the only carriers block it, it is blocked. Sorted by prefix, undated. A
 * merge of sorted contents; pauses in between.
 */
export function* madeRates({ carriers, fixed, atUs, rule }: MakeSources): Generator<void, RateColumns> {
  const buying = carriers.map((source) => new Covering(source, atUs));
  const kept = new Covering({ rates: fixed, exchange: rational(1n) }, atUs);
  const walked = rule.policy === 'carrier_plus_margin' ? buying : [...buying, kept];
  const making = new Making(rule);
  let made = new RateColumns(walked.reduce((size, { rates }) => size + rates.size, 0));
  for (let prefixes = 1; ; prefixes += 1) {
    const next = nextPrefix(walked);
    if (next === undefined) return made;
    for (const side of [...buying, kept]) side.advanceTo(next);
    const offers = buying.flatMap(({ found }) => found ?? []);
    const rates = making.rates(String(next.rates.prefixNumberAt(next.at)), offers, kept.found);
    made = withRoom(made, rates.length);
    for (const rate of rates) made.push(rate, 0);
    if (prefixes % SLICE === 0) yield;
  }
}

/** The same columns, or larger ones: a carrier's windows may come to more rates than all sides have prefixes. */
function withRoom(columns: RateColumns, count: number): RateColumns {
  if (columns.size + count <= columns.capacity) return columns;
  const larger = new RateColumns(2 * columns.size + count);
  larger.append(columns);
  return larger;
}

/** Makes the rates of one prefix after another. */
class Making {
  readonly #rule: MakeRule;
  readonly #profiles = new Map<RateProfile, RateProfile>();

  constructor(rule: MakeRule) {
    this.#rule = rule;
  }

  /** The rates of a prefix that carriers offer, and that the plan has a rate for already. */
  rates(prefix: string, offers: readonly Offer[], kept: Offer | undefined): Rate[] {
    const { policy } = this.#rule;
    const usable = offers.filter(isUsable).sort((one, other) => compare(rateOf(one), rateOf(other)));
    const fixed = kept !== undefined && isUsable(kept) && policy !== 'carrier_plus_margin' ? kept : undefined;
    const chosen = chosenOf(usable, this.#rule.from);
    // What stands, and what no carrier goes to, keeps the plan's own terms.
    if (fixed !== undefined && (chosen === undefined || policy === 'fixed')) return undated(prefix, fixed);
    if (chosen !== undefined) return chosen.terms.ats.map((at) => this.#made(prefix, chosen, at, fixed));
    const blocking = offers[0] ?? (policy === 'carrier_plus_margin' ? undefined : kept);
    return blocking === undefined ? [] : undated(prefix, blocking).map(blocked);
  }

  #made(prefix: string, { terms: { rates, exchange }, averaged }: Chosen, at: number, fixed: Offer | undefined): Rate {
    const rule = this.#rule;
    const carrier = rates.rateAt(at);
    const rate = { ...carrier, prefix, validFromUs: 0, validUntilUs: 0, profile: this.#profile(carrier.profile, exchange) };
    if (carrier.blocked) return blocked(rate);
    const key = rates.windowKeyAt(at);
    const buys = averaged.length === 1 ? [times(rational(carrier.ratePerMinNanos), exchange)] : averaged.map((offer) => rateOf(offer, key));
    const buy = over(buys.reduce(plus), rational(BigInt(buys.length)));
    return {
      ...rate,
      ...rule.increments,
      ratePerMinNanos: madeRate(buy, fixed && nanosOf(fixed, key), rule) ?? 0n,
      connectFeeNanos: rule.connectFeeNanos ?? madeFee(times(rational(carrier.connectFeeNanos), exchange), rule),
    };
  }

  #profile(profile: RateProfile | undefined, exchange: Rational): RateProfile | undefined {
    if (profile === undefined) return undefined;
    const made = this.#profiles.get(profile) ?? madeProfile(profile, this.#rule, exchange);
    this.#profiles.set(profile, made);
    return made;
  }
}

/** What a side has for a prefix: the rates of its longest prefix that covers it, one for each window. */
interface Offer extends MakeSource {
  readonly ats: readonly number[];
}

/** A rate in columns. */
interface At {
  readonly rates: RateColumns;
  readonly at: number;
}

function isUsable({ rates, ats }: Offer): boolean {
  return ats.some((at) => rates.blocked[at] !== 1);
}

/** The rate of an offer in the currency of the plan. */
function rateOf(offer: Offer, key = ''): Rational {
  return times(rational(nanosOf(offer, key)), offer.exchange);
}

/** The rate of an offer in a window, else that for any time, else its dearest: what it costs at worst. */
function nanosOf({ rates, ats }: Offer, key: string): bigint {
  const open = ats.filter((at) => rates.blocked[at] !== 1);
  const at = open.find((each) => rates.windowKeyAt(each) === key) ?? open.find((each) => rates.windowKeyAt(each) === '');
  const counting = at === undefined ? open : [at];
  return counting.map((each) => rates.ratePerMinNanos[each] ?? 0n).reduce((one, other) => (one < other ? other : one), 0n);
}

function undated(prefix: string, { rates, ats }: Offer): Rate[] {
  return ats.map((at) => ({ ...rates.rateAt(at), prefix, validFromUs: 0, validUntilUs: 0 }));
}

function blocked(rate: Rate): Rate {
  return { ...rate, ratePerMinNanos: 0n, blocked: true };
}

interface Chosen {
  /** Whose windows, steps, charges and increments are taken: of an average those of the cheapest. */
  readonly terms: Offer;
  /** Whose rates are taken. */
  readonly averaged: readonly Offer[];
}

/** Which of the usable offers, the cheapest first, rates are made from. */
function chosenOf(usable: readonly Offer[], from: MadeFrom): Chosen | undefined {
  const [cheapest] = usable;
  const dearest = usable.at(-1);
  if (cheapest === undefined || dearest === undefined) return undefined;
  switch (from.take) {
    case 'cheapest':
      return { terms: cheapest, averaged: [cheapest] };
    case 'dearest':
      return { terms: dearest, averaged: [dearest] };
    case 'average':
      return { terms: cheapest, averaged: usable.slice(0, from.count) };
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

/** Walks a sorted content, and knows what its longest prefix has that covers where it is: those come before it in digit order. */
class Covering {
  readonly rates: RateColumns;
  readonly #exchange: Rational;
  readonly #atUs: number;
  readonly #open: (readonly number[])[] = [];
  #next = 0;

  constructor({ rates, exchange }: MakeSource, atUs: number) {
    this.rates = rates;
    this.#exchange = exchange;
    this.#atUs = atUs;
  }

  get next(): At | undefined {
    return this.#next < this.rates.size ? { rates: this.rates, at: this.#next } : undefined;
  }

  /** The rates that cover where `advanceTo` came to. */
  get found(): Offer | undefined {
    const ats = this.#open.at(-1);
    return ats === undefined ? undefined : { rates: this.rates, exchange: this.#exchange, ats };
  }

  advanceTo({ rates, at }: At): void {
    while (this.#next < this.rates.size && this.rates.comparePrefix(this.#next, rates, at) <= 0) {
      const first = this.#next;
      this.#next = endOfPrefix(this.rates, first);
      this.#closeUnless((open) => this.#covers(open, this.rates, first));
      const valid: number[] = [];
      for (let mine = first; mine < this.#next; mine += 1) if (this.#isValid(mine)) valid.push(mine);
      if (valid.length > 0) this.#open.push(valid);
    }
    this.#closeUnless((open) => this.#covers(open, rates, at));
  }

  #closeUnless(covers: (open: number) => boolean): void {
    for (let top = this.#open.at(-1); top !== undefined && !covers(top[0] ?? 0); top = this.#open.at(-1)) this.#open.pop();
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
