import { nanos } from './money.ts';
import type { Nanos } from './money.ts';
import type { PrefixIndex } from './prefix-index.ts';
import { billedSec, chargeInBigints, chargeInDoubles } from './rate.ts';
import type { RateTerms } from './rate.ts';
import type { Rounding } from './rounding.ts';
import type { Validities } from './validities.ts';
import { billableSec } from './price/price.ts';
import type { ChargeTerms, Pulses, Schedule, Segment, Step } from './price/schedule.ts';
import { amountTerms, type AmountTerm } from './price/schedule-exchange.ts';
import { ANY_TIME, countsBefore } from './price/time-window.ts';
import type { TimeWindow } from './price/time-window.ts';
import { stretchesOf, WindowClock } from './price/windowed.ts';
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

/** What a compiled deck is made of. */
export interface Compiled {
  /** With each prefix the nanos per minute (exact, because a table takes no rate of 2⁵³ nanos or more), and the words below. */
  readonly index: PrefixIndex;
  readonly validities: Validities;
}

/** The words of an entry: the number of the terms that it shares with others, of its validity, and of its country prefix. */
const TERMS = 0;
const VALIDITY = 1;
const COUNTRY_PREFIX = 2;

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
  /** By kind of rate; those with the same window share one. */
  readonly #clocks: readonly WindowClock[];
  readonly #anyTime: WindowClock;
  /** By plan, then by kind of rate. */
  readonly #charges = new WeakMap<ChargeTerms, ChargeTerms[]>();

  constructor({ index, validities }: Compiled, shared: readonly SharedTerms[], zone: Zone) {
    this.#index = index;
    this.#validities = validities;
    this.#shared = shared;
    this.#anyTime = new WindowClock(ANY_TIME, zone);
    this.#clocks = clocksOf(shared, this.#anyTime, zone);
    this.#windowed = shared.some(({ window }) => window !== undefined);
  }

  get size(): number {
    return this.#index.size;
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    const profiles = new Set(this.#shared.flatMap(({ hasProfile, furtherSteps }) => (hasProfile ? [furtherSteps] : []))).size;
    return this.#index.bytes + this.#validities.bytes + this.#shared.length * 64 + profiles * PROFILE_BYTES;
  }

  /**
   * The row of the longest prefix of `e164` that has a rate in force at the instant (`from ≤ at < until`, and its window, if
   * it has one, holds by the clocks of the deck's zone), or -1. Of several rates of that prefix the heaviest window's, then the one
   * whose window begins later in the day, then the one whose validity starts last.
   */
  find(e164: string, atUs: number): number {
    for (let row = this.#index.longest(e164); row >= 0; row = this.#index.next(row)) {
      if (!this.#isValidAt(row, atUs)) continue;
      const counting = this.#windowed ? this.#countingAt(row, atUs, atUs) : row;
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
    const charges = this.#chargesAt(row, plan.terms);
    const terms = pulses === undefined ? charges : { ...charges, pulses };
    const billable = Math.max(1, billableSec(terms, durationSec));
    const segments = this.#windowed && !plan.windowByStart ? this.#segmentsAt(row, startUs, billable) : [this.#segmentAt(row, 0)];
    return { segments, terms, rounding: plan.rounding };
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

  /** Of the rates of one prefix that are valid at an instant, from `row` downwards, the one whose window counts at another; -1: none holds. */
  #countingAt(row: number, validAtUs: number, us: number): number {
    let best = -1;
    for (let at = row; at >= 0; at = this.#earlierAt(at)) {
      if (!this.#isValidAt(at, validAtUs) || !this.#clockAt(at).spanAt(us).holds) continue;
      if (best < 0 || countsBefore(this.#clockAt(at).window, this.#clockAt(best).window)) best = at;
    }
    return best;
  }

  /** Until when, from an instant on, no window of these rates begins or ends. */
  #sameUntilUs(row: number, validAtUs: number, us: number): number {
    let until = Infinity;
    for (let at = row; at >= 0; at = this.#earlierAt(at)) {
      if (this.#isValidAt(at, validAtUs)) until = Math.min(until, this.#clockAt(at).spanAt(us).untilUs);
    }
    return until;
  }

  /** The row before of the same prefix, or -1. Those stand side by side: a prefix that stands elsewhere is not even looked at. */
  #earlierAt(row: number): number {
    const next = this.#index.next(row);
    return next === row - 1 && next >= 0 && this.#index.lengthAt(next) === this.#index.lengthAt(row) ? next : -1;
  }

  /** The last row of the prefix of `row`. */
  #lastOf(row: number): number {
    let last = row;
    while (this.#earlierAt(last + 1) === last) last += 1;
    return last;
  }

  #clockAt(row: number): WindowClock {
    return this.#clocks[this.#kindAt(row)] ?? this.#anyTime;
  }

  #segmentsAt(row: number, startUs: number, durationSec: number): Segment[] {
    const last = this.#lastOf(row);
    // Most calls are over before a window ends or begins.
    if (this.#sameUntilUs(last, startUs, startUs) >= startUs + durationSec * 1_000_000) return [this.#segmentAt(row, 0)];
    const windows = { countingAt: (us: number) => this.#countingAt(last, startUs, us), sameUntilUs: (us: number) => this.#sameUntilUs(last, startUs, us) };
    const stretches = stretchesOf(windows, startUs, durationSec) ?? [];
    // A blocked window refuses calls that begin in it; one that began before goes on by the rate that it has.
    return stretches.filter(({ window }) => !this.blockedAt(window)).map(({ fromSec, window }) => this.#segmentAt(window, fromSec));
  }

  #segmentAt(row: number, fromSec: number): Segment {
    const { windowName, firstIncrementSec, secondFromSec, incrementSec, furtherSteps } = this.#sharedAt(row);
    const rateNanos = BigInt(this.ratePerMinAt(row));
    const steps: Step[] = [];
    if (firstIncrementSec > 0) steps.push({ fromSec: 0, rateNanos, perSec: 60, incrementSec: firstIncrementSec, entryFeeNanos: 0n });
    if (secondFromSec > 0) steps.push({ fromSec: secondFromSec, rateNanos, perSec: 60, incrementSec, entryFeeNanos: 0n });
    for (const step of furtherSteps) steps.push(step);
    return { fromSec, window: windowName, steps };
  }

  /** The plan's charges with those that the rate states; made once for each plan and kind of rate. */
  #chargesAt(row: number, plan: ChargeTerms): ChargeTerms {
    const { ownCharges } = this.#sharedAt(row);
    if (ownCharges === undefined) return plan;
    let byKind = this.#charges.get(plan);
    if (byKind === undefined) this.#charges.set(plan, (byKind = []));
    const kind = this.#kindAt(row);
    return (byKind[kind] ??= { ...plan, ...ownCharges });
  }

  #sharedAt(row: number): SharedTerms {
    return this.#shared[this.#kindAt(row)] ?? NO_TERMS;
  }
}

function clocksOf(shared: readonly SharedTerms[], anyTime: WindowClock, zone: Zone): readonly WindowClock[] {
  const byContent = new Map<string, WindowClock>();
  return shared.map(({ window }) => {
    if (window === undefined) return anyTime;
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
