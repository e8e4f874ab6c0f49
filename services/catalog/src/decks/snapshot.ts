import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { type CodedRefusal, SnapshotReplySchema } from '@tollwire/contracts';
import { type InstantUs, ok, refuse, type Result, unreachable } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { deckActivatedOf, deckWithdrawnOf, exchangeRateSetOf, tariffTermsOf, voipPlanComposedOf, voipPlanTermsOf } from '../wire/messages.ts';
import { readRecordedRates } from '../exchange/exchange-rate-reads.ts';
import { readActivationPage } from './deck-reads.ts';
import { firstExchange, type PageCursor, pageCursorOf, pageTokenOf } from './page-token.ts';
import { readPastVoipPlans, readTariffPage, readVoipPlanPage } from './plan-reads.ts';

/** How long the end of a call may take to arrive and still be rated without asking for history: 35 days. */
const HISTORY_US = 35 * 86_400 * 1_000_000;

export interface SnapshotLimits {
  readonly activations: number;
  readonly voipPlans: number;
  readonly banPrefixes: number;
  readonly tariffs: number;
  readonly exchangeRates: number;
  /** A page with more bytes than this takes in no further part. */
  readonly fullBytes: number;
}

// A part that is full takes at most some 750 KB, on top of what let it in; a message on the bus has 1 MiB.
const limits: SnapshotLimits = { activations: 200, voipPlans: 200, banPrefixes: 20_000, tariffs: 2_000, exchangeRates: 1_500, fullBytes: 200_000 };

type Page = MessageInitShape<typeof SnapshotReplySchema>;

/** A part of the snapshot from a cursor on, and where to go on; undefined behind the last part. */
interface Part {
  readonly page: Page;
  readonly next: PageCursor | undefined;
}

/**
 * A page of everything that a consumer without history needs to start: as many parts as one message holds. What changes
 * between two pages the consumer hears as events. Refuses a page token that is none.
 */
export async function snapshot(sql: Sql, now: InstantUs, pageToken = '', pageLimits = limits): Promise<Result<Page, CodedRefusal>> {
  const cursor = pageCursorOf(pageToken);
  if (cursor === undefined) return refuse({ code: 'field_malformed', field: 'pageToken', detail: 'Give the token of the page before, or none.' });
  let { page, next } = await readPart(sql, now, cursor, pageLimits);
  while (next !== undefined && bytesOf(page) <= pageLimits.fullBytes) {
    const more = await readPart(sql, now, next, pageLimits);
    page = joined(page, more.page);
    next = more.next;
  }
  return ok({ ...page, nextPageToken: next === undefined ? '' : pageTokenOf(next) });
}

function readPart(sql: Sql, now: InstantUs, cursor: PageCursor, pageLimits: SnapshotLimits): Promise<Part> {
  switch (cursor.part) {
    case 'decks':
      return decksFrom(sql, now, cursor, pageLimits);
    case 'plans':
      return plansFrom(sql, cursor, pageLimits);
    case 'past':
      return pastFrom(sql, now, cursor, pageLimits);
    case 'tariffs':
      return tariffsFrom(sql, cursor, pageLimits);
    case 'exchange':
      return exchangeFrom(sql, cursor, pageLimits);
    default:
      return unreachable(cursor);
  }
}

async function decksFrom(sql: Sql, now: InstantUs, { after }: PageCursor & { part: 'decks' }, { activations: max }: SnapshotLimits): Promise<Part> {
  const activations = await readActivationPage(sql, now - HISTORY_US, after, max);
  const last = activations.at(-1);
  const isFull = activations.length === max && last !== undefined;
  return {
    page: {
      activeDecks: activations.map(deckActivatedOf),
      withdrawnDecks: activations.flatMap(({ withdrawnAt, withdrawnBy, ...activation }) => {
        return withdrawnAt === null ? [] : [deckWithdrawnOf({ ...activation, withdrawnAt, by: withdrawnBy ?? '' })];
      }),
    },
    next: isFull ? { part: 'decks', after: { kind: last.deck.kind, ownerId: last.deck.ownerId, activation: last.activation } } : { part: 'plans', after: 0 },
  };
}

async function plansFrom(sql: Sql, { after }: PageCursor & { part: 'plans' }, { voipPlans, banPrefixes }: SnapshotLimits): Promise<Part> {
  const plans = await readVoipPlanPage(sql, after, voipPlans, banPrefixes);
  const last = plans.at(-1);
  return {
    page: { voipPlans: plans.map((plan) => voipPlanComposedOf(plan, plan.composedAt)), sellTerms: plans.map((plan) => voipPlanTermsOf(plan, plan.composedAt)) },
    next: last === undefined ? { part: 'past', plan: 0, revision: 0 } : { part: 'plans', after: last.voipPlanId },
  };
}

/** What late calls were charged by: compositions and terms that counted within the history and were replaced. */
async function pastFrom(sql: Sql, now: InstantUs, after: PageCursor & { part: 'past' }, { voipPlans: max }: SnapshotLimits): Promise<Part> {
  const plans = await readPastVoipPlans(sql, now - HISTORY_US, after, max);
  const last = plans.at(-1);
  return {
    page: { voipPlans: plans.map((plan) => voipPlanComposedOf(plan, plan.at)), sellTerms: plans.map((plan) => voipPlanTermsOf(plan, plan.at)) },
    next: last === undefined ? { part: 'tariffs', after: 0 } : { part: 'past', plan: last.voipPlanId, revision: last.revision },
  };
}

async function tariffsFrom(sql: Sql, { after }: PageCursor & { part: 'tariffs' }, { tariffs: max }: SnapshotLimits): Promise<Part> {
  const tariffs = await readTariffPage(sql, after, max);
  const last = tariffs.at(-1);
  const isFull = tariffs.length === max && last !== undefined;
  return { page: { sellTerms: tariffs.map(tariffTermsOf) }, next: isFull ? { part: 'tariffs', after: last.tariffId } : firstExchange };
}

async function exchangeFrom(sql: Sql, after: PageCursor & { part: 'exchange' }, { exchangeRates: max }: SnapshotLimits): Promise<Part> {
  const rates = await readRecordedRates(sql, after, max);
  const last = rates.at(-1);
  const page = { exchangeRates: rates.map((rate) => exchangeRateSetOf({ ...rate, by: rate.recordedBy, at: rate.recordedAt })) };
  return { page, next: rates.length === max && last !== undefined ? { part: 'exchange', base: last.base, quote: last.quote, revision: last.revision } : undefined };
}

function joined(one: Page, other: Page): Page {
  return {
    activeDecks: [...(one.activeDecks ?? []), ...(other.activeDecks ?? [])],
    withdrawnDecks: [...(one.withdrawnDecks ?? []), ...(other.withdrawnDecks ?? [])],
    voipPlans: [...(one.voipPlans ?? []), ...(other.voipPlans ?? [])],
    sellTerms: [...(one.sellTerms ?? []), ...(other.sellTerms ?? [])],
    exchangeRates: [...(one.exchangeRates ?? []), ...(other.exchangeRates ?? [])],
  };
}

function bytesOf(page: Page): number {
  return toBinary(SnapshotReplySchema, create(SnapshotReplySchema, page)).length;
}
