import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  callKey, type CallRecord, type CodedRefusal, type CompareRoutesRequest_PastCallSchema, DeckKind, type DeckVersion, type RoutingPolicySchema, type SellPlanRefSchema,
} from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { EdgeAskers } from '../edge.deps.ts';
import type { Json } from '../http/reply.ts';
import { AccountGateways } from './account-gateways.ts';
import { namesOf } from './destination-names.ts';
import { saleTermsOf, soldOf } from './sold.ts';
import { WhatIfSums } from './sums.ts';

type Policy = MessageInitShape<typeof RoutingPolicySchema>;
type PastCall = MessageInitShape<typeof CompareRoutesRequest_PastCallSchema>;

export interface WhatIfQuestion {
  readonly plan: { readonly plan: Extract<MessageInitShape<typeof SellPlanRefSchema>['plan'], { readonly case: 'tariffId' | 'voipPlanId' }> };
  /** Undefined: the plan's own. */
  readonly before: Policy | undefined;
  readonly after: Policy | undefined;
  /** Versions of carrier plans, in place of what these had in force, for the second of the two. */
  readonly decks: readonly { readonly ownerId: number; readonly digest: string }[];
  readonly fromUs: bigint;
  readonly untilUs: bigint;
  /** Only the calls of this account; empty: of all. */
  readonly accountCode: string;
  /** Who asks. */
  readonly by: string;
}

/** Calls are priced and routed by their whole numbers, which are not shown; cdr records all the same, once for each what-if, for whom they were opened. */
export const whatIfReason = 'what-if of routing: priced and routed by the numbers, none is shown';

/** Calls of one page: as many as one question to rating may have. */
const PAGE_CALLS = 500;
export const lookedAtMax = 200_000;

/**
 * What the calls of a plan would have cost by another policy: cdr knows the calls, rating what they sell for, routing whom they
 * would have gone over. Pages are asked for one after the other, so that live calls go on; nothing is changed.
 */
export async function whatIf(ask: Pick<EdgeAskers, 'cdr' | 'rating' | 'routing' | 'catalog' | 'control'>, question: WhatIfQuestion, limit = lookedAtMax): Promise<Result<Json, CodedRefusal>> {
  const versions = await versionsOf(ask, question.decks);
  if (!versions.ok) return versions;
  const afterDecks = versions.value;
  const { plan, before, after, fromUs, untilUs, accountCode, by } = question;
  const reveal = { by, reason: whatIfReason, once: true };
  const [sums, gateways] = [new WhatIfSums(), new AccountGateways(ask)];
  const seen = { callCount: 0, lookedAtCount: 0, unpricedCount: 0 };
  let cursor = '';
  do {
    const page = await ask.cdr.searchCalls({ fromUs, untilUs, accountCode, pageSize: PAGE_CALLS, cursor, reveal });
    if (!page.ok) return page;
    seen.lookedAtCount += page.value.calls.length;
    cursor = page.value.nextCursor;
    const answered = page.value.calls.filter((call) => isOf(call, plan.plan) && call.answeredAtUs > 0n && call.endedAtUs > call.answeredAtUs);
    if (answered.length === 0) continue;
    const calls = await pastCalls(ask, answered, plan, gateways);
    if (!calls.ok) return calls;
    seen.callCount += calls.value.length;
    seen.unpricedCount += answered.length - calls.value.length;
    const compared = await ask.routing.compareRoutes({ plan, calls: calls.value, afterDecks, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }, compareTimeout);
    if (!compared.ok) return compared;
    sums.add(compared.value);
  } while (cursor !== '' && seen.lookedAtCount < limit);
  const named = await namesOf(ask, sums.countryPrefixIds);
  return named.ok ? ok({ ...seen, isPartial: cursor !== '', ...sums.json(named.value) }) : named;
}

/** A deck may have a million rates, and is put in its place when the first page is compared. */
const compareTimeout = { timeoutMs: 120_000 };

async function versionsOf({ catalog }: Pick<EdgeAskers, 'catalog'>, decks: WhatIfQuestion['decks']): Promise<Result<DeckVersion[], CodedRefusal>> {
  const versions: DeckVersion[] = [];
  for (const [at, { ownerId, digest }] of decks.entries()) {
    const listed = await catalog.listDecks({ kind: DeckKind.CARRIER, ownerId });
    if (!listed.ok) return listed;
    const deck = listed.value.decks.find((each) => each.deck?.digest === digest)?.deck;
    if (deck === undefined) return refuse({ code: 'unknown_deck', field: `decks[${at}].digest`, detail: 'No version with this digest was imported for this carrier plan.' });
    versions.push(deck);
  }
  return ok(versions);
}

function isOf({ plan }: CallRecord, { case: kind, value }: WhatIfQuestion['plan']['plan']): boolean {
  return plan?.plan.case === kind && plan.plan.value === value;
}

/** The calls with what they sell for, by the engine that rates calls; those that have no price now are left out. */
async function pastCalls({ rating }: Pick<EdgeAskers, 'rating'>, records: readonly CallRecord[], plan: WhatIfQuestion['plan'], gateways: AccountGateways): Promise<Result<PastCall[], CodedRefusal>> {
  const items = records.map((record) => ({ plan, e164: record.calledE164, atUs: record.startedAtUs, durationSec: talkSecOf(record), withoutSteps: true }));
  const [quotes, ported, allowed] = await Promise.all([
    rating.quote({ items }, { timeoutMs: 30_000 }), rating.listRoutedBy({ calls: records.flatMap(({ call }) => call ?? []) }), gateways.of(records.map(accountOf)),
  ]);
  if (!quotes.ok) return quotes;
  if (!ported.ok) return ported;
  if (!allowed.ok) return allowed;
  const routedBy = new Map(ported.value.routed.map(({ call, number }) => [callKey(call), number]));
  return ok(records.flatMap((record, at): PastCall[] => {
    const result = quotes.value.results[at]?.result;
    if (result?.case !== 'quoted') return [];
    const sold = soldOf(result.value, talkSecOf(record));
    if (sold === undefined) return [];
    const { calledE164: e164, startedAtUs: atUs, countryPrefixId } = record;
    const { ratePerMinNanos: sellRatePerMinNanos, netNanos: nanos, currency } = sold;
    const terms = saleTermsOf(result.value, talkSecOf(record));
    const [callId, accountCode] = [callKey(record.call), accountOf(record)];
    const who = { callId, accountCode, ...allowed.value.get(accountCode), routingNumber: routedBy.get(callId) ?? '' };
    return [{ ...who, e164, atUs, durationSec: talkSecOf(record), sellRatePerMinNanos, sell: { nanos, currency }, countryPrefixId, ...terms }];
  }));
}

/** Whose call it was; empty: a card's, as when it was authorized. */
function accountOf({ charged }: CallRecord): string {
  return charged?.party.case === 'accountCode' ? charged.party.value : '';
}

/** Whole seconds of conversation, rounded up as they are rated. */
function talkSecOf({ answeredAtUs, endedAtUs }: CallRecord): number {
  return Number((endedAtUs - answeredAtUs + 999_999n) / 1_000_000n);
}
