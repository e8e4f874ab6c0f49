import { type InstantUs, unreachable } from '@tollwire/core';
import type { Nanos } from '@tollwire/telecom';

/** What makes a call one call, however often and by however many adapters it is told. */
export interface CallId {
  readonly switchId: string;
  readonly callId: string;
  readonly leg: number;
}

/** Who pays. At most one of the two is set; both empty: nobody was named. */
export interface Charged {
  readonly cardId: string;
  readonly accountCode: string;
}

export interface Money {
  readonly nanos: Nanos;
  readonly currency: string;
}

/** An instant, or 0 for what did not happen. */
export type InstantOrZero = InstantUs | 0;

export interface Attempt {
  readonly carrierCode: string;
  readonly startedAtUs: InstantOrZero;
  readonly endedAtUs: InstantOrZero;
  readonly q850Cause: number;
}

export interface StartedFacts extends Charged {
  readonly cli: string;
  readonly calledNumber: string;
  readonly channel: string;
  readonly startedAtUs: InstantUs;
}

export interface RingingFacts {
  readonly ringingAtUs: InstantUs;
}

export interface AnsweredFacts {
  readonly answeredAtUs: InstantUs;
  readonly carrierCode: string;
}

/** What an end and a rating both say. */
export interface CourseFacts extends Charged {
  readonly startedAtUs: InstantUs;
  readonly answeredAtUs: InstantOrZero;
  readonly endedAtUs: InstantUs;
  readonly q850Cause: number;
  readonly carrierCode: string;
}

export interface EndedFacts extends StartedFacts, CourseFacts {
  readonly attempts: readonly Attempt[];
  readonly preRatedSell: Money | undefined;
}

/** What a rating says of the price. */
export interface PriceFacts {
  readonly calledE164: string;
  readonly sellPrefix: string;
  /** What the catalog's number plan has for the prefix of the rate; 0: unknown. */
  readonly countryPrefixId: number;
  readonly tariffId: number;
  readonly voipPlanId: number;
  /** Conversation, in whole seconds rounded up; and the seconds of it that were billed. */
  readonly durationSec: number;
  readonly billedSec: number;
  readonly sell: Money | undefined;
  readonly buy: Money | undefined;
  readonly buyRefusal: string;
  /** Of the sell price, before tax, what is left when carriers are paid, in its currency; undefined where it is not known. */
  readonly margin: Money | undefined;
  readonly preRated: boolean;
  readonly ratedAtUs: InstantUs;
  /** 1 for the first rating, one more for each re-rating. */
  readonly revision: number;
}

export interface RatedFacts extends CourseFacts, PriceFacts {}

/** Which rule closed a call whose end did not come. */
export type AbandonReason = 'silence' | 'max_duration' | 'switch_restarted';

export interface AbandonedFacts {
  readonly reason: AbandonReason;
  readonly abandonedAtUs: InstantUs;
}

export type CallEvent =
  | { readonly type: 'CallStarted'; readonly call: CallId; readonly facts: StartedFacts }
  | { readonly type: 'CallRinging'; readonly call: CallId; readonly facts: RingingFacts }
  | { readonly type: 'CallAnswered'; readonly call: CallId; readonly facts: AnsweredFacts }
  | { readonly type: 'CallEnded'; readonly call: CallId; readonly facts: EndedFacts }
  | { readonly type: 'CallRated'; readonly call: CallId; readonly facts: RatedFacts }
  | { readonly type: 'CallAbandoned'; readonly call: CallId; readonly facts: AbandonedFacts };

/** The kinds of events as bits, for the sets `told` and `conflicts` of a stored call. */
export const told = { started: 1, answered: 2, ended: 4, rated: 8, ringing: 16, abandoned: 32 } as const;

/** All that is known of a call: at most one telling of each kind. What it amounts to is derived (`cdrOf`). */
export interface CallRecord {
  readonly call: CallId;
  readonly started?: StartedFacts;
  readonly ringing?: RingingFacts;
  readonly answered?: AnsweredFacts;
  readonly ended?: EndedFacts;
  readonly rated?: RatedFacts;
  /** The rule that closed the call; it says nothing more once an end or a rating is there. */
  readonly abandoned?: AbandonedFacts;
  /** The kinds (bits of `told`) that were told with different contents. */
  readonly conflicts: number;
}

/** A call of which nothing has been told. */
export function untold(call: CallId): CallRecord {
  return { call, conflicts: 0 };
}

/**
 * The record with one more event. Commutative and idempotent: the same set of events gives the same record in any order
 * and with any repeats, because every kind keeps the least of its tellings in an order made of their contents alone.
 * Of two contents of a kind, the one with the earlier instant by the switch's clock stands, ties by its text, and the
 * kind is marked as a conflict. A later revision of a rating is no conflict: it replaces the earlier one.
 */
export function evolve(record: CallRecord, event: CallEvent): CallRecord {
  switch (event.type) {
    case 'CallStarted': {
      const { facts, clash } = kept(record.started, event.facts, (started) => started.startedAtUs);
      return { ...record, started: facts, conflicts: record.conflicts | (clash ? told.started : 0) };
    }
    case 'CallRinging': {
      const { facts, clash } = kept(record.ringing, event.facts, (ringing) => ringing.ringingAtUs);
      return { ...record, ringing: facts, conflicts: record.conflicts | (clash ? told.ringing : 0) };
    }
    case 'CallAnswered': {
      const { facts, clash } = kept(record.answered, event.facts, (answered) => answered.answeredAtUs);
      return { ...record, answered: facts, conflicts: record.conflicts | (clash ? told.answered : 0) };
    }
    case 'CallEnded': {
      const { facts, clash } = kept(record.ended, event.facts, (ended) => ended.endedAtUs);
      return { ...record, ended: facts, conflicts: record.conflicts | (clash ? told.ended : 0) };
    }
    case 'CallRated':
      return rated(record, event.facts);
    case 'CallAbandoned':
      // Two rules may find the same call; that is no contradiction, and the one that fell due first stands.
      return { ...record, abandoned: kept(record.abandoned, event.facts, (abandoned) => abandoned.abandonedAtUs).facts };
    default:
      return unreachable(event);
  }
}

function rated(record: CallRecord, facts: RatedFacts): CallRecord {
  const revision = record.rated?.revision ?? 0;
  if (facts.revision < revision) return record;
  if (facts.revision > revision) return { ...record, rated: facts, conflicts: record.conflicts & ~told.rated };
  const { facts: stands, clash } = kept(record.rated, facts, (rating) => rating.ratedAtUs);
  return { ...record, rated: stands, conflicts: record.conflicts | (clash ? told.rated : 0) };
}

function kept<Facts extends object>(
  stands: Facts | undefined,
  facts: Facts,
  atUsOf: (facts: Facts) => number,
): { facts: Facts; clash: boolean } {
  if (stands === undefined) return { facts, clash: false };
  const [one, other] = [textOf(stands), textOf(facts)];
  if (one === other) return { facts: stands, clash: false };
  const byTime = atUsOf(facts) - atUsOf(stands);
  const isFirst = byTime < 0 || (byTime === 0 && other < one);
  return { facts: isFirst ? facts : stands, clash: true };
}

/** The facts as text that does not depend on the order in which an object was put together. */
function textOf(facts: object): string {
  return JSON.stringify(facts, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
