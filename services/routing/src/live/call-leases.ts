import type { Clock } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { LEASE_SEC } from '../domain/call-lease.ts';
import type { Carrier } from '../domain/carriers.ts';
import { countLeases, type InUse, type Offer, writeOffers } from '../projections/lease-table.ts';

const SECOND_US = 1_000_000;
const UNUSED = { concurrentCalls: 0, othersPerSec: 0 };

/** Whether there is a limit that leases are counted for. */
export function hasCapacityLimit({ limits }: Carrier): boolean {
  return limits !== undefined && (limits.concurrentCallsMax !== null || limits.callsPerSecMax !== null);
}

/**
 * What is in use of the capacity of carriers with limits. Calls that this instance lets through count at once, in memory; they
 * are written down in batches, and what other instances and calls' events say is read, a few times a second. So no decision
 * waits for the database.
 */
export class CallLeases {
  readonly #sql: Sql;
  readonly #clock: Clock;
  /** Names this instance among those that share the database. */
  readonly #instance: string;
  #counted: ReadonlyMap<string, InUse> = new Map();
  /** Let through and not counted yet, by call. */
  #pending = new Map<string, Offer>();
  #writing: ReadonlyMap<string, Offer> = new Map();
  readonly #uncounted = new Map<string, number>();
  /** Let through by this instance as long as that counts, by call, oldest first: a call that is asked about again is not in its own way. */
  readonly #held = new Map<string, Offer>();
  /** When calls were let through over each carrier. */
  readonly #begun = new Map<string, LastSecond>();

  constructor({ database, clock, instance }: { readonly database: Sql; readonly clock: Clock; readonly instance: string }) {
    this.#sql = database;
    this.#clock = clock;
    this.#instance = instance;
  }

  /** Takes capacity for a call that is let through over a carrier; nothing where the carrier has no limit of it. */
  offer(callKey: string, carrier: Carrier): void {
    if (!hasCapacityLimit(carrier) || this.#pending.has(callKey) || this.#writing.has(callKey)) return;
    const offeredUs = this.#clock.nowUs();
    const { carrierCode } = carrier;
    const offer = { callKey, carrierCode, offeredUs, untilUs: offeredUs + LEASE_SEC.offered * SECOND_US };
    this.#pending.set(callKey, offer);
    this.#held.delete(callKey);
    this.#held.set(callKey, offer);
    this.#uncounted.set(carrierCode, (this.#uncounted.get(carrierCode) ?? 0) + 1);
    const begun = this.#begun.get(carrierCode) ?? new LastSecond();
    this.#begun.set(carrierCode, begun);
    begun.add(offeredUs);
  }

  /** How many calls are up over a carrier now, beside the one that is asked about. */
  concurrentCalls(carrierCode: string, callKey = ''): number {
    const isOwn = this.#ownOffer(carrierCode, callKey) !== undefined;
    return (this.#counted.get(carrierCode) ?? UNUSED).concurrentCalls + (this.#uncounted.get(carrierCode) ?? 0) - Number(isOwn);
  }

  /** How many calls were let through over a carrier within the last second, beside the one that is asked about. */
  callsPerSec(carrierCode: string, callKey = ''): number {
    const own = this.#ownOffer(carrierCode, callKey);
    const isLate = own !== undefined && own.offeredUs > this.#clock.nowUs() - SECOND_US;
    return (this.#counted.get(carrierCode) ?? UNUSED).othersPerSec + this.#begunLately(carrierCode) - Number(isLate);
  }

  /** Whether nothing is in use of anybody. */
  get isIdle(): boolean {
    return this.#counted.size === 0 && this.#pending.size === 0;
  }

  /** Facts of now say nothing of other times. */
  isNow(atUs: number): boolean {
    return Math.abs(atUs - this.#clock.nowUs()) < 60 * SECOND_US;
  }

  /**
   * Writes down what was let through, and counts what is in use by now. Nothing is asked where no carrier has a limit and
   * nothing is counted. One run at a time; when it rejects, what it was to write is kept for the next one.
   */
  async refresh(carriers: readonly Carrier[]): Promise<void> {
    if (this.isIdle && !carriers.some(hasCapacityLimit)) return;
    this.#writing = this.#pending;
    this.#pending = new Map();
    this.#letGo(this.#clock.nowUs());
    try {
      await writeOffers(this.#sql, [...this.#writing.values()], this.#instance);
      const counted = await countLeases(this.#sql, this.#clock.nowUs(), this.#instance);
      this.#counted = new Map(counted.map((each) => [each.carrierCode, each]));
      for (const { carrierCode } of this.#writing.values()) this.#uncounted.set(carrierCode, (this.#uncounted.get(carrierCode) ?? 0) - 1);
    } catch (error) {
      this.#pending = new Map([...this.#writing, ...this.#pending]);
      throw error;
    } finally {
      this.#writing = new Map();
    }
  }

  #ownOffer(carrierCode: string, callKey: string): Offer | undefined {
    const own = callKey === '' ? undefined : this.#held.get(callKey);
    return own !== undefined && own.carrierCode === carrierCode && own.untilUs > this.#clock.nowUs() ? own : undefined;
  }

  #letGo(nowUs: number): void {
    for (const [callKey, { untilUs }] of this.#held) {
      if (untilUs > nowUs) return;
      this.#held.delete(callKey);
    }
  }

  #begunLately(carrierCode: string): number {
    const begun = this.#begun.get(carrierCode);
    // Most carriers have no calls to count, and to look at the clock for each takes longer than the rest.
    return begun === undefined || begun.isEmpty ? 0 : begun.countAt(this.#clock.nowUs());
  }
}

/** From so many instants on that are gone the list is made shorter. */
const GONE_MAX = 1_024;

/** Counts what happened within the last second. Every decision asks for it of every carrier, so that costs the same however much happened. */
class LastSecond {
  /** Oldest first; those before `#from` are gone. */
  readonly #instants: number[] = [];
  #from = 0;

  get isEmpty(): boolean {
    return this.#from === this.#instants.length;
  }

  add(us: number): void {
    this.countAt(us);
    this.#instants.push(us);
  }

  countAt(nowUs: number): number {
    const sinceUs = nowUs - SECOND_US;
    while ((this.#instants[this.#from] ?? Infinity) <= sinceUs) this.#from += 1;
    if (this.#from > GONE_MAX && this.#from * 2 > this.#instants.length) {
      this.#instants.splice(0, this.#from);
      this.#from = 0;
    }
    return this.#instants.length - this.#from;
  }
}
