import { nanos } from './money.ts';
import type { Nanos } from './money.ts';
import type { PrefixIndex } from './prefix-index.ts';
import { billedSec, chargeInBigints, chargeInDoubles } from './rate.ts';
import type { RateTerms } from './rate.ts';
import type { Rounding } from './rounding.ts';
import type { Validities } from './validities.ts';
import { COUNTRY_PREFIX, RowWindows, TERMS, VALIDITY } from './row-windows.ts';
import type { Compiled } from './row-windows.ts';
import { billableSec, priceOf, roundedPrice } from './price/price.ts';
import type { Price } from './price/price.ts';
import { PreparedSteps } from './price/prepared-steps.ts';
import { feesInSixtieths, netOf, termsInDoubles } from './price/price-in-doubles.ts';
import type { TermsInDoubles } from './price/price-in-doubles.ts';
import type { ChargeTerms, Pulses, Schedule, Segment, Step } from './price/schedule.ts';
import { amountTerms, type AmountTerm } from './price/schedule-exchange.ts';
import { ANY_TIME } from './price/time-window.ts';
import type { TimeWindow } from './price/time-window.ts';
import { stretchesOf, WindowClock } from './price/windowed.ts';
import type { WindowedStretch } from './price/windowed.ts';
import type { Zone } from './price/zone.ts';

/** Terms that many rates of a deck share, kept once; flat, because a price waits for each line of memory that it reads. */
export interface SharedTerms {
  readonly connectFeeNanos: number;
  readonly initialIncrementSec: number;
  readonly incrementSec: number;
  readonly blocked: boolean;
  readonly hasProfile: boolean;
  /** When the rate counts; undefined: at any time. */
  readonly window: TimeWindow | undefined;
  /** Of the window; empty where there is none. */
  readonly windowName: string;
  /** The steps after those of the rate itself. */
  readonly furtherSteps: readonly Step[];
  /** The increment that the rate itself begins with; 0: its profile has all the steps. */
  readonly firstIncrementSec: number;
  /** Where the rate goes on by `incrementSec`; 0: nowhere. */
  readonly secondFromSec: number;
  /** What the rate charges differently from its plan; undefined: nothing. */
  readonly ownCharges: Partial<ChargeTerms> | undefined;
}

/** How a plan charges by the rates of a deck. */
export interface PlanCharges {
  readonly terms: ChargeTerms;
  readonly rounding: Rounding;
  /** Whether a call keeps the window that it began in; otherwise it is split where another begins. */
  readonly windowByStart: boolean;
}

/** Bytes of a profile: a window, some steps and fees, in objects. An estimate on the high side. */
const PROFILE_BYTES = 1_000;

/** A deck compiled for search by number and instant: 32 bytes a rate and 2 to 8 for the search. Immutable. */
export class RateTable {
  readonly #index: PrefixIndex;
  readonly #validities: Validities;
  readonly #shared: readonly SharedTerms[];
  readonly #windowed: boolean;
  readonly #windows: RowWindows;
  readonly #steps: PreparedSteps;
  /** By kind of rate, 1: it states charges itself. Where most do not, their terms need not be looked at. */
  readonly #statesCharges: Uint8Array;
  /** By plan. */
  readonly #charges = new WeakMap<ChargeTerms, ChargesByKind>();
  #lastCharges: ChargesByKind | undefined;

  constructor({ index, validities }: Compiled, shared: readonly SharedTerms[], zone: Zone) {
    this.#index = index;
    this.#validities = validities;
    this.#shared = shared;
    this.#windowed = shared.some(({ window }) => window !== undefined);
    this.#windows = new RowWindows({ index, validities }, clocksOf(shared, zone));
    this.#steps = new PreparedSteps(shared.map((one) => ({ own: ownSteps(one, 0n), further: one.furtherSteps })));
    this.#statesCharges = Uint8Array.from(shared, ({ ownCharges }) => (ownCharges === undefined ? 0 : 1));
  }

  get size(): number {
    return this.#index.size;
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    const profiles = new Set(this.#shared.flatMap(({ hasProfile, furtherSteps }) => (hasProfile ? [furtherSteps] : []))).size;
    return this.#index.bytes + this.#validities.bytes + this.#steps.bytes + this.#shared.length * 64 + profiles * PROFILE_BYTES;
  }

  /**
   * The row of the longest prefix of `e164` that has a rate in force at the instant (`from ≤ at < until`, and its window, if
   * it has one, holds by the clocks of the deck's zone), or -1. Of several rates of that prefix the heaviest window's, then the one
   * whose window begins later in the day, then the one whose validity starts last.
   */
  find(e164: string, atUs: number): number {
    for (let row = this.#index.longest(e164); row >= 0; row = this.#index.next(row)) {
      if (!this.#isValidAt(row, atUs)) continue;
      const counting = this.#windowed ? this.#windows.findAt(row, atUs) : row;
      if (counting >= 0) return counting;
    }
    return -1;
  }

  /** Whether the rate is an amount per minute with its increments and connect fee, and its deck has no windows. */
  isPlainAt(row: number): boolean {
    return !this.#windowed && !this.#sharedAt(row).hasProfile;
  }

  /**
   * Everything that the price of a call follows from which `find` found `row` for: the call's rates over the windows of the
   * seconds that `durationSec` are billed as, and the charges of the plan with those that the rate states itself. A connect fee
   * of 0 is none that the rate states. The pulses of who pays go before those of plan and rate.
   */
  scheduleAt(row: number, startUs: number, durationSec: number, plan: PlanCharges, pulses?: Pulses): Schedule {
    const { terms: charges } = this.#chargesAt(row, plan.terms);
    const terms = pulses === undefined ? charges : { ...charges, pulses };
    const stretches = this.#stretchesAt(row, startUs, Math.max(1, billableSec(terms, durationSec)), plan);
    const segments = stretches === undefined ? [this.#segmentAt(row, 0)] : stretches.map(({ fromSec, window }) => this.#segmentAt(window, fromSec));
    return { segments, terms, rounding: plan.rounding };
  }

  /** What `priceOf` says of what `scheduleAt` says, for a fraction of the work where doubles are exact. */
  priceAt(row: number, startUs: number, durationSec: number, plan: PlanCharges): Price {
    const { terms, inDoubles } = this.#chargesAt(row, plan.terms);
    const billable = billableSec(terms, durationSec);
    if (billable > 0 && terms.pulses === undefined) {
      this.#walk(row, startUs, billable, plan);
      const { sixtieths, billedSec } = this.#steps;
      const net = netOf(sixtieths + feesInSixtieths(inDoubles, billable, durationSec), inDoubles, billedSec, 0);
      const price = roundedPrice(net, inDoubles, plan.rounding);
      if (price !== undefined) return price;
    }
    return priceOf(this.scheduleAt(row, startUs, durationSec, plan), durationSec);
  }

  /** The amounts of its schedule's terms that the rate states itself, and that are in the currency of its deck. */
  ownAmountsAt(row: number): readonly AmountTerm[] {
    const { ownCharges } = this.#sharedAt(row);
    return ownCharges === undefined ? [] : amountTerms.filter((term) => ownCharges[term] !== undefined);
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
    return this.#index.wordAt(row, COUNTRY_PREFIX);
  }

  /** Nanos per minute, as a number for ranking; exact, because a table takes no rate of 2⁵³ nanos or more. */
  ratePerMinAt(row: number): number {
    return this.#index.amountAt(row);
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
    const validity = this.#index.wordAt(row, VALIDITY);
    return { fromUs: this.#validities.fromUsOf(validity), untilUs: this.#validities.untilUsOf(validity) };
  }

  /** What a conversation of `durationSec` seconds costs at the rate of `row`; equal to `charge` on its terms. */
  chargeAt(row: number, durationSec: number, rounding: Rounding): Nanos {
    const shared = this.#sharedAt(row);
    const billed = billedSec(durationSec, shared);
    const fast = chargeInDoubles(billed, this.ratePerMinAt(row), shared.connectFeeNanos, rounding);
    return fast >= 0 ? nanos(BigInt(fast)) : chargeInBigints(billed, this.termsAt(row), rounding);
  }

  #isValidAt(row: number, us: number): boolean {
    return this.#validities.holdsAt(this.#index.wordAt(row, VALIDITY), us);
  }

  #kindAt(row: number): number {
    return this.#index.wordAt(row, TERMS);
  }

  /** Which row counts when in a call that is charged for `billable` seconds; undefined: the one that it began with, to the end. */
  #stretchesAt(row: number, startUs: number, billable: number, { windowByStart }: PlanCharges): readonly WindowedStretch[] | undefined {
    if (!this.#windowed || windowByStart) return undefined;
    this.#windows.turnTo(row, startUs);
    // Most calls are over before a window ends or begins.
    if (this.#windows.sameUntilUs >= startUs + billable * 1_000_000) return undefined;
    // A blocked window refuses calls that begin in it; one that began before goes on by the rate that it has.
    return stretchesOf(this.#windows, row, startUs, billable).filter(({ window }) => !this.blockedAt(window));
  }

  #walk(row: number, startUs: number, billable: number, plan: PlanCharges): void {
    const stretches = this.#stretchesAt(row, startUs, billable, plan);
    this.#steps.begin();
    if (stretches === undefined) return this.#steps.walk(this.#kindAt(row), this.ratePerMinAt(row), billable);
    for (let at = 0; at < stretches.length; at += 1) {
      const counting = stretches[at]?.window ?? row;
      this.#steps.walk(this.#kindAt(counting), this.ratePerMinAt(counting), Math.min(stretches[at + 1]?.fromSec ?? Infinity, billable));
    }
  }

  #segmentAt(row: number, fromSec: number): Segment {
    const shared = this.#sharedAt(row);
    return { fromSec, window: shared.windowName, steps: [...ownSteps(shared, BigInt(this.ratePerMinAt(row))), ...shared.furtherSteps] };
  }

  /** The plan's charges with those that the rate states; made once for each plan and kind of rate. */
  #chargesAt(row: number, plan: ChargeTerms): Charges {
    const byKind = this.#lastCharges?.plan.terms === plan ? this.#lastCharges : this.#chargesOf(plan);
    const kind = this.#kindAt(row);
    if (this.#statesCharges[kind] !== 1) return byKind.plan;
    return (byKind.kinds[kind] ??= chargesOf({ ...plan, ...this.#sharedAt(row).ownCharges }));
  }

  #chargesOf(plan: ChargeTerms): ChargesByKind {
    const known = this.#charges.get(plan) ?? { plan: chargesOf(plan), kinds: [] };
    this.#charges.set(plan, known);
    this.#lastCharges = known;
    return known;
  }

  #sharedAt(row: number): SharedTerms {
    return this.#shared[this.#kindAt(row)] ?? NO_TERMS;
  }
}

/** What a rate charges by a plan beside its steps. */
interface Charges {
  readonly terms: ChargeTerms;
  readonly inDoubles: TermsInDoubles;
}

/** The charges of a plan, and by kind of rate those of rates that state some themselves. */
interface ChargesByKind {
  readonly plan: Charges;
  readonly kinds: Charges[];
}

function chargesOf(terms: ChargeTerms): Charges {
  return { terms, inDoubles: termsInDoubles(terms) };
}

/** The steps that the rate of a prefix prices. */
function ownSteps({ firstIncrementSec, secondFromSec, incrementSec }: SharedTerms, rateNanos: bigint): Step[] {
  const steps: Step[] = [];
  if (firstIncrementSec > 0) steps.push({ fromSec: 0, rateNanos, perSec: 60, incrementSec: firstIncrementSec, entryFeeNanos: 0n });
  if (secondFromSec > 0) steps.push({ fromSec: secondFromSec, rateNanos, perSec: 60, incrementSec, entryFeeNanos: 0n });
  return steps;
}

/** By kind of rate; those with the same window share one. */
function clocksOf(shared: readonly SharedTerms[], zone: Zone): readonly WindowClock[] {
  const byContent = new Map<string, WindowClock>();
  return shared.map(({ window = ANY_TIME }) => {
    const key = JSON.stringify(window);
    const clock = byContent.get(key) ?? new WindowClock(window, zone);
    byContent.set(key, clock);
    return clock;
  });
}

const NO_TERMS: SharedTerms = {
  connectFeeNanos: 0, initialIncrementSec: 0, incrementSec: 1, blocked: false, hasProfile: false, window: undefined, windowName: '', furtherSteps: [],
  firstIncrementSec: 1, secondFromSec: 0, ownCharges: undefined,
};
