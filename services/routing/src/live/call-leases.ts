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
  /** When calls were let through over each carrier within the last second, oldest first. */
  readonly #begun = new Map<string, number[]>();

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
    this.#pending.set(callKey, { callKey, carrierCode, offeredUs, untilUs: offeredUs + LEASE_SEC.offered * SECOND_US });
    this.#uncounted.set(carrierCode, (this.#uncounted.get(carrierCode) ?? 0) + 1);
    const begun = this.#begun.get(carrierCode) ?? [];
    this.#begun.set(carrierCode, begun);
    begun.push(offeredUs);
  }

  /** What is in use of a carrier now. */
  inUse(carrierCode: string): { readonly concurrentCalls: number; readonly callsPerSec: number } {
    const { concurrentCalls, othersPerSec } = this.#counted.get(carrierCode) ?? UNUSED;
    return { concurrentCalls: concurrentCalls + (this.#uncounted.get(carrierCode) ?? 0), callsPerSec: othersPerSec + this.#begunLately(carrierCode) };
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

  #begunLately(carrierCode: string): number {
    const begun = this.#begun.get(carrierCode);
    if (begun === undefined) return 0;
    const sinceUs = this.#clock.nowUs() - SECOND_US;
    const gone = begun.findIndex((us) => us > sinceUs);
    begun.splice(0, gone < 0 ? begun.length : gone);
    return begun.length;
  }
}
