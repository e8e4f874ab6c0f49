import { unreachable } from '@tollwire/core';

/** A call as the watch against fraud sees it while it goes on. Instants are microseconds, 0 where not told; texts are empty then. */
export interface WatchedCall {
  /** `card:…` or `account:…`. */
  readonly party: string;
  readonly cli: string;
  /** The called number in international form. */
  readonly called: string;
  readonly startedAtUs: number;
  readonly reservedAtUs: number;
  readonly answeredAtUs: number;
  readonly endedAtUs: number;
  readonly currency: string;
  /** What is reserved for all of it; null while nothing is. */
  readonly reservedNanos: bigint | null;
  /** What was reserved is free again: the call was given up, or its time was over. */
  readonly isFreed: boolean;
  /** A rule closed it, because its end never came: nobody knows how long was talked. */
  readonly isAbandoned: boolean;
  /** What it was charged by the latest revision that was told; null before that. */
  readonly chargedNanos: bigint | null;
  readonly chargedRevision: number;
}

export const unheard: WatchedCall = {
  party: '', cli: '', called: '', startedAtUs: 0, reservedAtUs: 0, answeredAtUs: 0, endedAtUs: 0, currency: '', reservedNanos: null, isFreed: false, isAbandoned: false, chargedNanos: null,
  chargedRevision: 0,
};

/** What one event tells of a call. */
export type WatchedEvent =
  | { readonly type: 'started'; readonly party: string; readonly cli: string; readonly called: string; readonly atUs: number }
  | { readonly type: 'answered'; readonly atUs: number }
  | { readonly type: 'ended'; readonly party: string; readonly cli: string; readonly called: string; readonly startedAtUs: number; readonly answeredAtUs: number; readonly atUs: number }
  | { readonly type: 'reserved'; readonly party: string; readonly called: string; readonly nanos: bigint; readonly currency: string; readonly atUs: number }
  | { readonly type: 'freed' }
  | { readonly type: 'abandoned' }
  | { readonly type: 'charged'; readonly party: string; readonly nanos: bigint; readonly currency: string; readonly revision: number };

/** The call after an event. Events may come in any order and any number of times: the outcome is the same. */
export function heard(call: WatchedCall, event: WatchedEvent): WatchedCall {
  switch (event.type) {
    case 'started':
      return { ...call, ...named(call, event), startedAtUs: earliest(call.startedAtUs, event.atUs) };
    case 'answered':
      return { ...call, answeredAtUs: earliest(call.answeredAtUs, event.atUs) };
    case 'ended': {
      const times = { startedAtUs: earliest(call.startedAtUs, event.startedAtUs), answeredAtUs: earliest(call.answeredAtUs, event.answeredAtUs) };
      return { ...call, ...named(call, event), ...times, endedAtUs: Math.max(call.endedAtUs, event.atUs) };
    }
    case 'reserved': {
      const reservedNanos = call.reservedNanos === null || call.reservedNanos < event.nanos ? event.nanos : call.reservedNanos;
      return { ...call, ...named(call, { ...event, cli: '' }), currency: event.currency, reservedNanos, reservedAtUs: earliest(call.reservedAtUs, event.atUs) };
    }
    case 'freed':
      return { ...call, isFreed: true };
    case 'abandoned':
      return { ...call, isAbandoned: true };
    case 'charged': {
      const isLater = event.revision > call.chargedRevision;
      const charged = isLater ? { chargedNanos: event.nanos, chargedRevision: event.revision, currency: event.currency } : {};
      return { ...call, ...named(call, { party: event.party, cli: '', called: '' }), ...charged };
    }
    default:
      return unreachable(event);
  }
}

/** Of contradicting names the one that sorts first stands, so that no order matters. */
function named(call: WatchedCall, event: Pick<WatchedCall, 'party' | 'cli' | 'called'>): Pick<WatchedCall, 'party' | 'cli' | 'called'> {
  return { party: first(call.party, event.party), cli: first(call.cli, event.cli), called: first(call.called, event.called) };
}

function first(one: string, other: string): string {
  if (one === '' || other === '') return one || other;
  return one < other ? one : other;
}

function earliest(one: number, other: number): number {
  if (one === 0 || other === 0) return one || other;
  return Math.min(one, other);
}
