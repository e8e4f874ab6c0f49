import { nanos } from './money.ts';
import type { Nanos } from './money.ts';
import type { PrefixIndex } from './prefix-index.ts';
import { billedSec, chargeInBigints, chargeInDoubles } from './rate.ts';
import type { RateTerms } from './rate.ts';
import type { RateRows } from './rate-rows.ts';
import type { Rounding } from './rounding.ts';
import type { RateProfile } from './price/rate-profile.ts';
import { billableSec } from './price/price.ts';
import type { ChargeTerms, Pulses, Schedule, Segment, Step } from './price/schedule.ts';
import { amountTerms, type AmountTerm } from './price/schedule-exchange.ts';
import { ANY_TIME, countsBefore } from './price/time-window.ts';
import { stretchesOf, WindowClock } from './price/windowed.ts';
import type { Zone } from './price/zone.ts';

/** Terms that many rates of a deck share, kept once. */
export interface SharedTerms {
  readonly connectFeeNanos: number;
  readonly initialIncrementSec: number;
  readonly incrementSec: number;
  readonly blocked: boolean;
  readonly profile: RateProfile | undefined;
  /** The steps of the rate itself, without its amount: those before the further steps of its profile. */
  readonly ownSteps: readonly { readonly fromSec: number; readonly incrementSec: number }[];
  /** What the rate charges differently from its plan; undefined: nothing. */
  readonly ownCharges: Partial<ChargeTerms> | undefined;
}

/** What a compiled deck is made of, by row. */
export interface Compiled {
  readonly index: PrefixIndex;
  readonly rows: RateRows;
  /** Empty where no rate has one. */
  readonly countryPrefix: Uint32Array;
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

/** A deck compiled for search by number and instant: about 33 bytes a rate, 29 without country prefixes. Immutable. */
export class RateTable {
  readonly #index: PrefixIndex;
  readonly #rows: RateRows;
  readonly #countryPrefix: Uint32Array;
  readonly #shared: readonly SharedTerms[];
  readonly #windowed: boolean;
  /** By kind of rate; those with the same window share one. */
  readonly #clocks: readonly WindowClock[];
  readonly #anyTime: WindowClock;
  /** By plan, then by kind of rate. */
  readonly #charges = new WeakMap<ChargeTerms, ChargeTerms[]>();

  constructor({ index, rows, countryPrefix }: Compiled, shared: readonly SharedTerms[], zone: Zone) {
    this.#index = index;
    this.#rows = rows;
    this.#countryPrefix = countryPrefix;
    this.#shared = shared;
    this.#anyTime = new WindowClock(ANY_TIME, zone);
    this.#clocks = clocksOf(shared, this.#anyTime, zone);
    this.#windowed = shared.some(({ profile }) => profile?.window !== undefined);
  }

  get size(): number {
    return this.#index.size;
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    const profiles = new Set(this.#shared.flatMap(({ profile }) => (profile === undefined ? [] : [profile]))).size;
    return this.#index.bytes + this.#rows.bytes + this.#countryPrefix.byteLength + this.#shared.length * 64 + profiles * PROFILE_BYTES;
  }

  /**
   * The row of the longest prefix of `e164` that has a rate in force at the instant (`from ≤ at < until`, and its window, if
   * it has one, holds by the clocks of the deck's zone), or -1. Of several rates of that prefix the heaviest window's, then the one
   * whose window begins later in the day, then the one whose validity starts last.
   */
  find(e164: string, atUs: number): number {
    for (let row = this.#index.longest(e164); row >= 0; row = this.#index.next(row)) {
      if (!this.#rows.isValidAt(row, atUs)) continue;
      const counting = this.#windowed ? this.#countingAt(row, atUs, atUs) : row;
      if (counting >= 0) return counting;
    }
    return -1;
  }

  /** Whether the rate is an amount per minute with its increments and connect fee, and its deck has no windows. */
  isPlainAt(row: number): boolean {
    return !this.#windowed && this.#sharedAt(row).profile === undefined;
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
    return this.#countryPrefix[row] ?? 0;
  }

  /** Nanos per minute, as a number for ranking; exact, because a table takes no rate of 2⁵³ nanos or more. */
  ratePerMinAt(row: number): number {
    return this.#rows.rateAt(row);
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
    return { fromUs: this.#rows.fromUsAt(row), untilUs: this.#rows.untilUsAt(row) };
  }

  /** What a conversation of `durationSec` seconds costs at the rate of `row`; equal to `charge` on its terms. */
  chargeAt(row: number, durationSec: number, rounding: Rounding): Nanos {
    const shared = this.#sharedAt(row);
    const billed = billedSec(durationSec, shared);
    const fast = chargeInDoubles(billed, this.ratePerMinAt(row), shared.connectFeeNanos, rounding);
    return fast >= 0 ? nanos(BigInt(fast)) : chargeInBigints(billed, this.termsAt(row), rounding);
  }

  /** Of the rates of one prefix that are valid at an instant, from `row` downwards, the one whose window counts at another; -1: none holds. */
  #countingAt(row: number, validAtUs: number, us: number): number {
    const length = this.#index.lengthAt(row);
    let best = -1;
    for (let at = row; at >= 0 && this.#index.lengthAt(at) === length; at = this.#index.next(at)) {
      if (!this.#rows.isValidAt(at, validAtUs) || !this.#clockAt(at).spanAt(us).holds) continue;
      if (best < 0 || countsBefore(this.#clockAt(at).window, this.#clockAt(best).window)) best = at;
    }
    return best;
  }

  /** Until when, from an instant on, no window of these rates begins or ends. */
  #sameUntilUs(row: number, validAtUs: number, us: number): number {
    const length = this.#index.lengthAt(row);
    let until = Infinity;
    for (let at = row; at >= 0 && this.#index.lengthAt(at) === length; at = this.#index.next(at)) {
      if (this.#rows.isValidAt(at, validAtUs)) until = Math.min(until, this.#clockAt(at).spanAt(us).untilUs);
    }
    return until;
  }

  /** The last row of the prefix of `row`. */
  #lastOf(row: number): number {
    const length = this.#index.lengthAt(row);
    let last = row;
    while (this.#index.next(last + 1) === last && this.#index.lengthAt(last + 1) === length) last += 1;
    return last;
  }

  #clockAt(row: number): WindowClock {
    return this.#clocks[this.#rows.termsAt(row)] ?? this.#anyTime;
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
    const { profile, ownSteps } = this.#sharedAt(row);
    const rateNanos = BigInt(this.ratePerMinAt(row));
    const steps: Step[] = [];
    for (const { fromSec: at, incrementSec } of ownSteps) steps.push({ fromSec: at, rateNanos, perSec: 60, incrementSec, entryFeeNanos: 0n });
    if (profile !== undefined) for (const step of profile.furtherSteps) steps.push(step);
    return { fromSec, window: profile?.window?.name ?? '', steps };
  }

  /** The plan's charges with those that the rate states; made once for each plan and kind of rate. */
  #chargesAt(row: number, plan: ChargeTerms): ChargeTerms {
    const { ownCharges } = this.#sharedAt(row);
    if (ownCharges === undefined) return plan;
    let byKind = this.#charges.get(plan);
    if (byKind === undefined) this.#charges.set(plan, (byKind = []));
    const kind = this.#rows.termsAt(row);
    return (byKind[kind] ??= { ...plan, ...ownCharges });
  }

  #sharedAt(row: number): SharedTerms {
    return this.#shared[this.#rows.termsAt(row)] ?? NO_TERMS;
  }
}

function clocksOf(shared: readonly SharedTerms[], anyTime: WindowClock, zone: Zone): readonly WindowClock[] {
  const byContent = new Map<string, WindowClock>();
  return shared.map(({ profile }) => {
    if (profile?.window === undefined) return anyTime;
    const key = JSON.stringify(profile.window);
    const clock = byContent.get(key) ?? new WindowClock(profile.window, zone);
    byContent.set(key, clock);
    return clock;
  });
}

const NO_TERMS: SharedTerms = {
  connectFeeNanos: 0, initialIncrementSec: 0, incrementSec: 1, blocked: false, profile: undefined, ownSteps: [], ownCharges: undefined,
};
