import type { AllowanceService, RatingService, RoutingService } from '@tollwire/contracts';
import type { Clock } from '@tollwire/core';
import type { Database, HandlerOf } from '@tollwire/event-store';
import type { Asker } from '@tollwire/messaging';
import type { RefusedRoutes } from './authorize/refused-routes.ts';
import type { account } from './domain/account.ts';
import type { cardBatch } from './domain/card-batch.ts';
import type { creditProposal } from './domain/credit-proposal.ts';
import type { cardType } from './domain/card-type.ts';
import type { card } from './domain/card.ts';
import type { PinSecrets } from './pins/pin-secrets.ts';

/** Who carries out the commands of each kind of aggregate; the flow says where each is stored. */
export interface Aggregates {
  readonly cards: HandlerOf<typeof card>;
  readonly cardTypes: HandlerOf<typeof cardType>;
  readonly batches: HandlerOf<typeof cardBatch>;
  readonly accounts: HandlerOf<typeof account>;
  readonly proposals: HandlerOf<typeof creditProposal>;
}

/** How far one authorization goes. */
export interface CreditPolicy {
  /** The longest call that one reservation pays for, in seconds. */
  readonly callSecMax: number;
  /** How long a reservation outlives its longest call, in seconds: ringing, and the rated call's way here. */
  readonly graceSec: number;
}

/** How PINs are made, proved and kept from being guessed. */
export interface PinPolicy {
  /** Digits of a PIN where the request names no number. */
  readonly length: number;
  /** Wrong PINs that one caller may give within the window. */
  readonly triesMax: number;
  /** The same for a trunk or an address, where many call from. */
  readonly sharedTriesMax: number;
  readonly windowSec: number;
}

export interface Pins {
  readonly secrets: PinSecrets;
  readonly policy: PinPolicy;
}

/** How money comes in, and what becomes of what is left. */
export interface MoneyPolicy {
  /** Keys the index of voucher codes; null where vouchers are not set up. */
  readonly voucherKey: string | null;
  /** What one person may post alone, in nanos of a currency; null for any amount. */
  creditAloneMax(currency: string): bigint | null;
  /** How long after its expiry the credit of a card goes to breakage, in days; 0 for never. */
  readonly forfeitAfterDays: number;
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
  /** Free seconds that are held for calls; answered by rating. */
  readonly allowances: Pick<Asker<typeof AllowanceService>, 'releaseHolds'>;
  readonly routing: Pick<Asker<typeof RoutingService>, 'route'>;
  /** How calls were decided that are not let through. */
  readonly refused: Pick<RefusedRoutes, 'keep' | 'written'>;
  readonly policy: CreditPolicy;
  readonly pins: Pins;
  readonly money: MoneyPolicy;
  readonly aggregates: Aggregates;
  /** Ids for so many new cards, each different from the others. */
  readonly drawCardIds: (count: number) => string[];
}

/** Two hours of talk, and five minutes for ringing and rating. */
export const defaultPolicy: CreditPolicy = { callSecMax: 7_200, graceSec: 300 };

/** Three tries for who calls, a hundred for where many call from, in a quarter of an hour. */
export const defaultPinPolicy: PinPolicy = { length: 10, triesMax: 3, sharedTriesMax: 100, windowSec: 900 };
