import { callingCodeOf } from '@tollwire/telecom';
import type { CarrierFacts, MeasuredQuality } from '../domain/carrier-facts.ts';
import { lockAt } from '../domain/carrier-quality.ts';
import type { Carrier } from '../domain/carriers.ts';
import { hoursOf, NO_LIMITS } from '../domain/provider-limits.ts';
import type { LiveFacts, RouteQuestion } from '../domain/route.ts';
import { hasCapacityLimit } from './call-leases.ts';

/** What is measured of carriers while calls go over them. */
export interface LiveMeasures {
  readonly quality: {
    /** Another number when something else was measured. */
    readonly version: number;
    for(carrierCode: string, destination: string, attemptCountMin: number): MeasuredQuality | undefined;
  };
  readonly capacity: {
    inUse(carrierCode: string): { readonly concurrentCalls: number; readonly callsPerSec: number };
    /** Whether what is in use now says anything of a call that starts at the instant. */
    isNow(atUs: number): boolean;
  };
}

export const NOTHING_MEASURED: LiveMeasures = {
  quality: { version: 0, for: () => undefined },
  capacity: { inUse: () => ({ concurrentCalls: 0, callsPerSec: 0 }), isNow: () => false },
};

const NO_FACTS: CarrierFacts = {};

/**
 * What is agreed of carriers and measured of them, as facts of a route. What does not change with each call is made once for
 * each destination and kept until something else is measured. A destination is the country code of the number.
 */
export class CarrierFactsNow implements LiveFacts {
  readonly #measures: LiveMeasures;
  readonly #kept = new Map<string, Map<string, CarrierFacts>>();
  #version = 0;
  #number = '';
  #destination = '';

  constructor(measures: LiveMeasures = NOTHING_MEASURED) {
    this.#measures = measures;
  }

  of(carrier: Carrier, _prefix: string, { e164, atUs }: Pick<RouteQuestion, 'e164' | 'atUs'>): CarrierFacts {
    const destination = this.#destinationOf(e164);
    const lasting = this.#lasting(carrier, destination);
    const lock = carrier.locks === undefined ? undefined : lockAt(carrier.locks, destination, atUs);
    const locked = lock === undefined ? lasting : { ...lasting, lockedUntilUs: lock.untilUs, lockedFor: lock.fault };
    return hasCapacityLimit(carrier) && this.#measures.capacity.isNow(atUs) ? { ...locked, ...this.#capacityOf(carrier) } : locked;
  }

  #capacityOf({ carrierCode, limits = NO_LIMITS }: Carrier): CarrierFacts {
    const { concurrentCalls, callsPerSec } = this.#measures.capacity.inUse(carrierCode);
    const { concurrentCallsMax, callsPerSecMax } = limits;
    return {
      ...(concurrentCallsMax === null ? {} : { concurrentCalls: { inUse: concurrentCalls, max: concurrentCallsMax } }),
      ...(callsPerSecMax === null ? {} : { callsPerSec: { inUse: callsPerSec, max: callsPerSecMax } }),
    };
  }

  /** All carriers of a route are asked about the same number. */
  #destinationOf(e164: string): string {
    if (e164 !== this.#number) {
      this.#number = e164;
      this.#destination = callingCodeOf(e164);
    }
    return this.#destination;
  }

  #lasting(carrier: Carrier, destination: string): CarrierFacts {
    const { version } = this.#measures.quality;
    if (version !== this.#version) this.#kept.clear();
    this.#version = version;
    const kept = this.#kept.get(carrier.carrierCode) ?? new Map<string, CarrierFacts>();
    const known = kept.get(destination);
    if (known !== undefined) return known;
    const made = this.#make(carrier, destination);
    this.#kept.set(carrier.carrierCode, kept.set(destination, made));
    return made;
  }

  #make({ carrierCode, limits = NO_LIMITS }: Carrier, destination: string): CarrierFacts {
    const quality = this.#measures.quality.for(carrierCode, destination, limits.quality.attemptCountMin);
    const hours = hoursOf(limits);
    return quality === undefined && hours.hours === undefined ? NO_FACTS : { ...hours, ...(quality === undefined ? {} : { quality }) };
  }
}
