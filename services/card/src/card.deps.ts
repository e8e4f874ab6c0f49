import type { RatingService, RoutingService } from '@tollwire/contracts';
import type { Clock } from '@tollwire/core';
import type { Database } from '@tollwire/event-store';
import type { Asker } from '@tollwire/messaging';

/** How far one authorization goes. */
export interface CreditPolicy {
  /** The longest call that one reservation pays for, in seconds. */
  readonly callSecMax: number;
  /** How long a reservation outlives its longest call, in seconds: ringing, and the rated call's way here. */
  readonly graceSec: number;
}

/** What everything in the service is made of. */
export interface CardDeps {
  readonly database: Database;
  readonly clock: Clock;
  /** First token of every subject. */
  readonly root: string;
  /** Tells the relay that a commit left something to publish. */
  readonly wakeRelay: () => void;
  readonly rating: Pick<Asker<typeof RatingService>, 'quote'>;
  readonly routing: Pick<Asker<typeof RoutingService>, 'route'>;
  readonly policy: CreditPolicy;
}

/** Two hours of talk, and five minutes for ringing and rating. */
export const defaultPolicy: CreditPolicy = { callSecMax: 7_200, graceSec: 300 };
