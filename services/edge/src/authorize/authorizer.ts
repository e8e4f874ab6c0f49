import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AuthorizeItemSchema, AuthorizeResult, CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { askTogether, currentTraceparent, microBatch } from '@tollwire/messaging';
import type { EdgeAskers } from '../edge.deps.ts';

type Item = MessageInitShape<typeof AuthorizeItemSchema>;

/** Asks card whether one call may go ahead. Never rejects: card away or too much waiting is a refusal. */
export type Authorizer = (item: Item) => Promise<Result<AuthorizeResult, CodedRefusal>>;

/** Calls in one request; card takes 1,000, and decides 500 together. */
const itemsMax = 200;

/** Requests under way at a time: two as a rule, and so many when a card instance does not answer those that it has. */
const requestsMax = 200;

/** Between two requests. Sooner would cost more, a batch of few calls each; later would be felt. */
const spacingMs = { min: 3, max: 10 } as const;

/** Calls that wait at once; more than that cannot be answered in time. */
const waitingMax = 2_000;

/**
 * Makes the authorizer of the door. Calls that arrive close to each other share a request: a message each, with
 * its spans and its way through three processes, cost more than the decision. Two requests are under way as a rule, so
 * that the services behind work on one while this process reads and answers another. Each call keeps its own trace, and
 * an idle door asks at once.
 */
export function authorizer(card: Pick<EdgeAskers['card'], 'authorize'>): Authorizer {
  const ask = microBatch((items: readonly Item[]) => askTogether(items, (some) => resultsFor(card, some)), { itemsMax, concurrency: requestsMax, spacingMs });
  let waiting = 0;
  return async (item) => {
    if (waiting >= waitingMax) return refuse({ code: 'service_unavailable', detail: 'Too many calls wait to be authorized; ask again' });
    waiting += 1;
    try {
      return await ask({ ...item, traceparent: currentTraceparent() ?? '' });
    } finally {
      waiting -= 1;
    }
  };
}

async function resultsFor(card: Pick<EdgeAskers['card'], 'authorize'>, items: readonly Item[]): Promise<Result<AuthorizeResult[], CodedRefusal>> {
  const reply = await card.authorize({ items: [...items] });
  return reply.ok ? ok(reply.value.results) : reply;
}
