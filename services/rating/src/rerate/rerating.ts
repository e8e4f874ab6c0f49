import type { ReratedCall, ReratingRefusals } from '@tollwire/contracts';
import type { InstantUs } from '@tollwire/core';
import type { PlanRef } from '../domain/tables.ts';
import type { Place } from './walk.ts';

/** Which rated calls a re-rating looks at: those that every given condition holds for. */
export interface ReratingFilter {
  /** Of the set-up: from (inclusive) until (exclusive). */
  readonly fromUs: InstantUs;
  readonly untilUs: InstantUs;
  readonly plan: PlanRef | undefined;
  readonly partyKey: string | undefined;
  readonly carrierCode: string | undefined;
  readonly destinationPrefix: string | undefined;
  /** Whether calls whose price the sender had set are rated, too, by the rates. */
  readonly includePreRated: boolean;
}

/** What is asked for. */
export interface ReratingOrder {
  readonly reratingId: string;
  readonly filter: ReratingFilter;
  /** The instant whose knowledge of the rates counts; undefined: whatever is known while it runs. */
  readonly knownAtUs: InstantUs | undefined;
  /** False: a dry run, which posts nothing. */
  readonly apply: boolean;
  readonly reason: string;
  readonly by: string;
  readonly requestedAt: InstantUs;
}

/** What a re-rating has found so far, apart from the differences of each party. */
export interface Findings {
  readonly callCount: number;
  readonly changedCount: number;
  /** Calls that cannot be rated now; their ratings stand. */
  readonly refusedCount: number;
  readonly worst: readonly ReratedCall[];
  readonly refusals: readonly ReratingRefusals[];
}

/** A re-rating that was asked for: how far it is, and what it found. */
export interface Rerating extends ReratingOrder {
  readonly status: 'running' | 'done' | 'cancelled';
  readonly finishedAt: InstantUs | undefined;
  readonly place: Place;
  readonly findings: Findings;
}
