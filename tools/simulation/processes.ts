import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { EmptySchema, QuoteReplySchema, QuoteRequestSchema, RouteReplySchema, RouteRequestSchema } from '@tollwire/contracts';
import type { CodedRefusal } from '@tollwire/contracts';
import { type Clock, ok, refuse, type Result } from '@tollwire/core';
import { commandHandler, type ConnectionPool, Database, type Reaction, readModel } from '@tollwire/event-store';
import type { CardDeps } from '../../services/card/src/card.deps.ts';
import { batchList, cardList, orderList, saleList, streamPrefixes } from '../../services/card/src/cards/card-projections.ts';
import { account } from '../../services/card/src/domain/account.ts';
import { cardBatch } from '../../services/card/src/domain/card-batch.ts';
import { cardType } from '../../services/card/src/domain/card-type.ts';
import { card } from '../../services/card/src/domain/card.ts';
import { creditProposal } from '../../services/card/src/domain/credit-proposal.ts';
import { proposalList, proposalStreamPrefix } from '../../services/card/src/money/proposal-projection.ts';
import { PinSecrets } from '../../services/card/src/pins/pin-secrets.ts';
import { settleCharges } from '../../services/card/src/reactions/settle-charges.ts';
import { cardEventsOf } from '../../services/card/src/wire/public-events.ts';
import { AuthorizedCalls } from '../../services/rating/src/rated-calls/authorized-calls.ts';
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

/** What an instance of card is given beside that. */
export interface CardSurroundings extends Surroundings {
  /** Ids for new cards, from the seed. */
  readonly drawCardIds: CardDeps['drawCardIds'];
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
  readonly deps: Pick<RatingDeps, 'database' | 'clock' | 'root' | 'tables' | 'subscribers' | 'allowances' | 'erased' | 'authorized' | 'wakeRelay'>;
  readonly rate: Reaction;
  readonly enrol: Reaction;
}

export interface RoutingProcess {
  readonly owner: string;
  readonly router: LiveRouter;
}

/** Asks another service: what it answers, or that no answer came. */
export type Ask = <Reply>(service: 'rating' | 'routing', answer: (owner: string) => Result<Reply, CodedRefusal>) => Promise<Result<Reply, CodedRefusal>>;

/** Who carries out the orders of an instance; card types are made and accounts opened before a simulation begins. */
export function aggregatesOver(database: Pick<Database, 'transaction'>, subjectRoot = root): CardDeps['aggregates'] {
  const stored = (prefix: string) => ({ database, root: subjectRoot, streamOf: (id: string) => `${prefix}${id}` });
  const { card: cardPrefix, batch, cardType: typePrefix, account: accountPrefix } = streamPrefixes;
  return {
    cards: commandHandler({
      ...stored(cardPrefix), decider: card, projections: [readModel(cardList), readModel(orderList), readModel(saleList)],
      publish: ({ stream, event, version, meta }) => cardEventsOf(stream.slice(cardPrefix.length), event, version, meta['traceparent']),
    }),
    batches: commandHandler({ ...stored(batch), decider: cardBatch, projections: [readModel(batchList)] }),
    cardTypes: commandHandler({ ...stored(typePrefix), decider: cardType }),
    accounts: commandHandler({ ...stored(accountPrefix), decider: account }),
    proposals: commandHandler({ ...stored(proposalStreamPrefix), decider: creditProposal, projections: [readModel(proposalList)] }),
  };
}

/** Short calls and a short grace, so that reservations expire within a simulation. */
const policy = { callSecMax: 600, graceSec: 60 };

/** What one person may post alone, in nanos of any currency. */
export const aloneMaxNanos = 1_000_000_000n;

/** The key that vouchers are found by. */
export const voucherKey = 'a key for vouchers that nobody has';

/** A minute and a half, so that credit is forfeited and comes back within a simulation; a part of a day that binary fractions have. */
const forfeitAfterDays = 1 / 1_024;

const money: CardDeps['money'] = { voucherKey, creditAloneMax: () => aloneMaxNanos, forfeitAfterDays };
/** How far the clock of an instance is from the time of the world at most. */
export const skewUsMax = 2_000_000;

/** Few tries, in windows that end within a simulation. */
export const pinPolicy = { length: 10, triesMax: 2, sharedTriesMax: 5, windowSec: 300 } as const;

/** Proves PINs by a hash that is not slow: nothing may wait for what no seed decides. */
export const pinSecrets = new PinSecrets('the secret of PINs in simulations', async (secret, salt) => createHash('sha256').update(secret).update(salt).digest());

const pins: CardDeps['pins'] = { secrets: pinSecrets, policy: pinPolicy };

const serviceAway: CodedRefusal = { code: 'service_unavailable', detail: 'No answer came.' };

/** The price and the carriers of calls as the other services answer them. */
export interface Answers {
  readonly rating: (owner: string) => CurrentTables;
  readonly routing: (owner: string) => LiveRouter;
}

export function cardProcess({ owner, pool, clock, drawCardIds }: CardSurroundings, ask: Ask, answers: Answers): CardProcess {
  const database = Database.over(pool, { url: '', applicationName: owner });
  const deps: CardDeps = {
    database, clock, root, policy, money, pins, drawCardIds, aggregates: aggregatesOver(database),
    wakeRelay: () => undefined,
    // For people who ask why, and no part of the books.
    refused: { keep: () => undefined, written: () => Promise.resolve() },
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
  const kept = { subscribers: new SubscriberPlans(), allowances: new AllowanceTargets(), erased: new ErasedCalls(), authorized: new AuthorizedCalls() };
  const deps = { database, clock, root, tables, ...kept, wakeRelay: () => undefined };
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
