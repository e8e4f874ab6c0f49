/** How far a call is that takes capacity of a carrier. It only ever goes on: all orders of the same events make the same lease. */
export const LEASE_STATES = ['offered', 'started', 'answered', 'over'] as const;
export type LeaseState = (typeof LEASE_STATES)[number];

/** How long a lease holds at most, in seconds, from the instant of what was told: then it ends by itself. */
export const LEASE_SEC: Readonly<Record<LeaseState, number>> = {
  /** A call that is let through is told of by its switch soon, or was refused after all. */
  offered: 15,
  /** Ringing is over by then. */
  started: 180,
  /** As long as a call without an end is held open. */
  answered: 7_800,
  /** Counts no longer; kept so that what is told late takes nothing again. */
  over: 0,
};

/** What one event says of a lease. */
export interface LeaseNews {
  readonly callKey: string;
  /** Empty: not told. */
  readonly carrierCode: string;
  readonly state: LeaseState;
  readonly untilUs: number;
}

/** News of many events, one for each call: the furthest state counts, and the carrier that was told last on the way there. */
export function foldNews(news: readonly LeaseNews[]): LeaseNews[] {
  const byCall = new Map<string, LeaseNews>();
  for (const each of news) {
    const known = byCall.get(each.callKey);
    byCall.set(each.callKey, known === undefined ? each : later(known, each));
  }
  return [...byCall.values()];
}

function later(one: LeaseNews, other: LeaseNews): LeaseNews {
  const [before, after] = rank(one) <= rank(other) ? [one, other] : [other, one];
  return { ...after, carrierCode: after.carrierCode || before.carrierCode };
}

function rank({ state }: LeaseNews): number {
  return LEASE_STATES.indexOf(state);
}
