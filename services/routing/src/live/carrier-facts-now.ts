import { callingCodeOf } from '@tollwire/telecom';
import type { CarrierFacts, MeasuredQuality } from '../domain/carrier-facts.ts';
import { lockAt } from '../domain/carrier-quality.ts';
import type { Carrier } from '../domain/carriers.ts';
import { callsTaken, hoursOf, NO_LIMITS, type ProviderLimits } from '../domain/provider-limits.ts';
import type { LiveFacts } from '../domain/route.ts';
import { hasCapacityLimit } from './call-leases.ts';

/** What is measured of carriers while calls go over them. */
export interface LiveMeasures {
  readonly quality: {
    /** Another number when something else was measured. */
    readonly version: number;
    for(carrierCode: string, destination: string, attemptCountMin: number): MeasuredQuality | undefined;
  };
  readonly capacity: {
    /** Beside what the call that is named holds itself. */
    concurrentCalls(carrierCode: string, callId: string): number;
    callsPerSec(carrierCode: string, callId: string): number;
    /** Whether what is in use now says anything of a call that starts at the instant. */
    isNow(atUs: number): boolean;
  };
  readonly balances: {
    /** What was spent of the balance that was stated at an instant. */
    spentNanos(carrierCode: string, sinceUs: number): bigint;
  };
}

export const NOTHING_MEASURED: LiveMeasures = {
  quality: { version: 0, for: () => undefined },
  capacity: { concurrentCalls: () => 0, callsPerSec: () => 0, isNow: () => false },
  balances: { spentNanos: () => 0n },
};

const NO_FACTS: CarrierFacts = {};

type AskedCall = Parameters<LiveFacts['of']>[2];

/** Of a carrier and destination: what lasts until something else is measured, and the same with what is in use of its capacity. */
interface KeptFacts {
  readonly lasting: CarrierFacts;
  /** The same object where it has no limit of its capacity. */
  readonly now: CarrierFacts;
}

/**
 * What is agreed of carriers and measured of them, as facts of a route. A route asks for each carrier, so what does not change with each
 * call is made once for each destination, by the numbers of the carriers, and kept until something else is measured. A destination is the
 * country code of the number.
 */
export class CarrierFactsNow implements LiveFacts {
  readonly #measures: LiveMeasures;
  readonly #byDestination = new Map<string, KeptFacts[]>();
  #version = 0;
  /** The call that was asked about last: all carriers of a route are asked about the same one. */
  #number = '';
  #atUs = NaN;
  #isNow = false;
  #callId = '';
  #destination = '';
  #kept: KeptFacts[] = [];

  constructor(measures: LiveMeasures = NOTHING_MEASURED) {
    this.#measures = measures;
  }

  of(carrier: Carrier, _prefix: string, { e164, atUs, callId = '', takesCapacity = false }: AskedCall): CarrierFacts {
    this.#callId = callId;
    if (e164 !== this.#number || atUs !== this.#atUs || this.#measures.quality.version !== this.#version) this.#turnTo(e164, atUs);
    const kept = this.#kept[carrier.number] ?? this.#keep(carrier);
    const facts = this.#isNow || takesCapacity ? kept.now : kept.lasting;
    const lock = carrier.locks === undefined ? undefined : lockAt(carrier.locks, this.#destination, atUs);
    return lock === undefined ? facts : { ...facts, lockedUntilUs: lock.untilUs, lockedFor: lock.fault };
  }

  #turnTo(e164: string, atUs: number): void {
    const { version } = this.#measures.quality;
    if (version !== this.#version) this.#byDestination.clear();
    this.#version = version;
    this.#number = e164;
    this.#atUs = atUs;
    this.#isNow = this.#measures.capacity.isNow(atUs);
    this.#destination = callingCodeOf(e164);
    this.#kept = this.#byDestination.get(this.#destination) ?? [];
    this.#byDestination.set(this.#destination, this.#kept);
  }

  #keep(carrier: Carrier): KeptFacts {
    const { carrierCode, limits = NO_LIMITS } = carrier;
    const quality = this.#measures.quality.for(carrierCode, this.#destination, limits.quality.attemptCountMin);
    const agreed = { ...hoursOf(limits), ...callsTaken(limits), ...(quality === undefined ? {} : { quality }) };
    const lasting = Object.keys(agreed).length === 0 ? NO_FACTS : agreed;
    const limited = hasCapacityLimit(carrier) ? withCapacity(lasting, limits, this.#inUseOf(carrierCode)) : lasting;
    const kept = { lasting, now: carrier.balance === undefined ? limited : withBalance(limited, carrier, this.#measures.balances) };
    this.#kept[carrier.number] = kept;
    return kept;
  }

  /** Of the call that is asked about when it is read. */
  #inUseOf(carrierCode: string): InUse {
    const { capacity } = this.#measures;
    return { concurrentCalls: () => capacity.concurrentCalls(carrierCode, this.#callId), callsPerSec: () => capacity.callsPerSec(carrierCode, this.#callId) };
  }
}

/** What is in use of a carrier. */
interface InUse {
  readonly concurrentCalls: () => number;
  readonly callsPerSec: () => number;
}

/** Facts whose capacity is looked up when it is read, so that they can be kept. */
function withCapacity(lasting: CarrierFacts, { concurrentCallsMax, callsPerSecMax }: ProviderLimits, inUse: InUse): CarrierFacts {
  return {
    ...lasting,
    ...(concurrentCallsMax === null ? {} : { concurrentCalls: { get inUse() { return inUse.concurrentCalls(); }, max: concurrentCallsMax } }),
    ...(callsPerSecMax === null ? {} : { callsPerSec: { get inUse() { return inUse.callsPerSec(); }, max: callsPerSecMax } }),
  };
}

/** The same with what is left of the balance. Properties stay what they are: those that are looked up go on being so. */
function withBalance(facts: CarrierFacts, { carrierCode, balance }: Carrier, balances: LiveMeasures['balances']): CarrierFacts {
  const { leftNanos = 0n, sinceUs = 0 } = balance ?? {};
  const own = Object.getOwnPropertyDescriptors({ get balanceNanos() { return leftNanos - balances.spentNanos(carrierCode, sinceUs); } });
  return Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(facts), ...own });
}
