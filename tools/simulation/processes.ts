import { create } from '@bufbuild/protobuf';
import { EmptySchema, QuoteReplySchema, QuoteRequestSchema, RouteReplySchema, RouteRequestSchema } from '@tollwire/contracts';
import type { CodedRefusal } from '@tollwire/contracts';
import { type Clock, ok, refuse, type Result } from '@tollwire/core';
import { commandHandler, type ConnectionPool, Database, type Reaction, readModel } from '@tollwire/event-store';
import { type CardDeps, defaultPinPolicy } from '../../services/card/src/card.deps.ts';
import { account } from '../../services/card/src/domain/account.ts';
import { cardBatch } from '../../services/card/src/domain/card-batch.ts';
import { cardType } from '../../services/card/src/domain/card-type.ts';
import { card } from '../../services/card/src/domain/card.ts';
import { creditProposal } from '../../services/card/src/domain/credit-proposal.ts';
import { proposalList, proposalStreamPrefix } from '../../services/card/src/money/proposal-projection.ts';
import { PinSecrets } from '../../services/card/src/pins/pin-secrets.ts';
import { settleCharges } from '../../services/card/src/reactions/settle-charges.ts';
import { ErasedCalls } from '../../services/rating/src/rated-calls/erased-calls.ts';
import { AllowanceTargets } from '../../services/rating/src/allowances/targets.ts';
import { quoteBatch } from '../../services/rating/src/answers/quote-answers.ts';
import type { RatingDeps } from '../../services/rating/src/rating.deps.ts';
import { rate } from '../../services/rating/src/reactions/rate.ts';
import type { CurrentTables } from '../../services/rating/src/spread/current-tables.ts';
import { enrolSubscribers } from '../../services/rating/src/subscribers/enrol.ts';
import { SubscriberPlans } from '../../services/rating/src/subscribers/subscriber-plans.ts';
import { routeBatch } from '../../services/routing/src/answers/route-answers.ts';
import type { LiveRouter } from '../../services/routing/src/live/live-router.ts';

export const root = 'simulated';

/** What a process is given when it starts. */
export interface Surroundings {
  /** Names this life of the process; the next one has another. */
  readonly owner: string;
  readonly pool: ConnectionPool;
  readonly clock: Clock;
}

/** What instances of card and rating have alike. */
interface Process {
  readonly owner: string;
  readonly database: Database;
  readonly clock: Clock;
}

export interface CardProcess extends Process {
  readonly deps: CardDeps;
  readonly settle: Reaction;
}

export interface RatingProcess extends Process {
  readonly deps: Pick<RatingDeps, 'database' | 'clock' | 'root' | 'tables' | 'subscribers' | 'allowances' | 'erased' | 'wakeRelay'>;
  readonly rate: Reaction;
  readonly enrol: Reaction;
}

export interface RoutingProcess {
  readonly owner: string;
  readonly router: LiveRouter;
}

/** Asks another service: what it answers, or that no answer came. */
export type Ask = <Reply>(service: 'rating' | 'routing', answer: (owner: string) => Result<Reply, CodedRefusal>) => Promise<Result<Reply, CodedRefusal>>;

/** Cards are issued and accounts opened before a simulation begins, so nothing but a proposal is ever asked of these. */
const nowhere = { transaction: () => Promise.reject(new Error('No command to this aggregate is simulated')) };
const unused = { database: nowhere, root, streamOf: (id: string) => id };
const proposed = { ...unused, streamOf: (id: string) => `${proposalStreamPrefix}${id}`, projections: [readModel(proposalList)] };
const aggregates: CardDeps['aggregates'] = {
  cards: commandHandler({ ...unused, decider: card }),
  cardTypes: commandHandler({ ...unused, decider: cardType }),
  batches: commandHandler({ ...unused, decider: cardBatch }),
  accounts: commandHandler({ ...unused, decider: account }),
  proposals: commandHandler({ ...proposed, decider: creditProposal }),
};

/** Short calls and a short grace, so that reservations expire within a simulation. */
const policy = { callSecMax: 600, graceSec: 60 };

/** What one person may post alone, in nanos of any currency. */
export const aloneMaxNanos = 1_000_000_000n;

/** The key that vouchers are found by. */
export const voucherKey = 'a key for vouchers that nobody has';

/** A minute and a half, so that credit is forfeited and comes back within a simulation; a part of a day that binary fractions have. */
const forfeitAfterDays = 1 / 1_024;

const money: CardDeps['money'] = { voucherKey, creditAloneMax: () => aloneMaxNanos, forfeitAfterDays };
const pins: CardDeps['pins'] = { secrets: new PinSecrets('a secret for which there is no PIN'), policy: defaultPinPolicy };

const serviceAway: CodedRefusal = { code: 'service_unavailable', detail: 'No answer came.' };

/** The price and the carriers of calls as the other services answer them. */
export interface Answers {
  readonly rating: (owner: string) => CurrentTables;
  readonly routing: (owner: string) => LiveRouter;
}

export function cardProcess({ owner, pool, clock }: Surroundings, ask: Ask, answers: Answers): CardProcess {
  const database = Database.over(pool, { url: '', applicationName: owner });
  const deps: CardDeps = {
    database, clock, root, policy, aggregates, money, pins,
    wakeRelay: () => undefined,
    rating: {
      quote: (request) =>
        ask('rating', (rating) => {
          const reply = quoteBatch(create(QuoteRequestSchema, request), answers.rating(rating).now);
          return reply.ok ? ok(create(QuoteReplySchema, reply.value)) : reply;
        }),
    },
    allowances: { releaseHolds: async () => ok(create(EmptySchema)) },
    routing: {
      route: (request) =>
        ask('routing', (routing) => {
          const reply = routeBatch(answers.routing(routing), create(RouteRequestSchema, request));
          return reply.ok ? ok(create(RouteReplySchema, reply.value)) : reply;
        }),
    },
  };
  return { owner, database, clock, deps, settle: witnessed(settleCharges(deps)) };
}

export function ratingProcess({ owner, pool, clock }: Surroundings, tables: CurrentTables): RatingProcess {
  const database = Database.over(pool, { url: '', applicationName: owner });
  const deps = { database, clock, root, tables, subscribers: new SubscriberPlans(), allowances: new AllowanceTargets(), erased: new ErasedCalls(), wakeRelay: () => undefined };
  return { owner, database, clock, deps, rate: rate(deps), enrol: witnessed(enrolSubscribers) };
}

/** No answer from a service: every instance is down, or the message is lost. */
export const noAnswer = (): Result<never, CodedRefusal> => refuse(serviceAway);

const insertWitness = 'INSERT INTO witness (consumer, event_id) SELECT consumer, event_id FROM unnest($1::text[], $2::uuid[]) AS w (consumer, event_id)';

/** A reaction that leaves a row for each event whose effect it has, in the effect's own transaction. */
function witnessed(reaction: Reaction): Reaction {
  return {
    ...reaction,
    async handle(tx, events) {
      const outcome = await reaction.handle(tx, events);
      await tx.query(insertWitness, [events.map(() => reaction.name), events.map(({ id }) => id)]);
      return outcome;
    },
  };
}
