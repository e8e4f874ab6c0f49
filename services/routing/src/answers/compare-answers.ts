import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, CompareRoutesReplySchema, DeckVersion, CompareRoutesRequest, CompareRoutesRequest_PastCall as PastCall, RoutingPolicy as PolicyMessage } from '@tollwire/contracts';
import { instantUs, ok, refuse, type Result } from '@tollwire/core';
import { normalizeE164 } from '@tollwire/telecom';
import type { CarrierIndex } from '../domain/carrier-index.ts';
import { portedOf } from '../domain/carriers.ts';
import { policyOf } from '../domain/plan-policy.ts';
import type { RoutingPolicy } from '../domain/routing-policy.ts';
import { type Comparison, type Move, WhatIf } from '../domain/what-if.ts';
import type { LiveQuestion, LiveRouter } from '../live/live-router.ts';
import { loadCandidates } from '../live/candidate-decks.ts';
import type { RoutingDeps } from '../routing.deps.ts';
import { policyFields } from '../wire/policy-fields.ts';
import { accessOf, planOfRef, saleOf, unknownPlanRefusal } from './route-answers.ts';

const callsMax = 1_000;
/** Calls between two yields to the event loop: about a millisecond. */
const slice = 50;

/** What a comparison is made with; the catalog has the content of versions that are not in force. */
export type CompareDeps = Pick<RoutingDeps, 'router' | 'catalog'>;

type Reply = MessageInitShape<typeof CompareRoutesReplySchema>;

/**
 * Routes past calls of a plan by two policies, over the decks that held at their start and the carriers as they are now, and adds
 * up what that would have meant. A policy that is not stated is the plan's own, as it was then. The second of the two may go over other versions of
 * carrier plans than those that were in force. Changes nothing, and takes no capacity.
 */
export async function compareRoutes({ router, catalog }: CompareDeps, { plan: ref, before, after, calls, afterDecks }: CompareRoutesRequest): Promise<Result<Reply, CodedRefusal>> {
  if (!router.ready) return refuse({ code: 'service_unavailable', detail: 'The rate decks are still being loaded; ask again' });
  if (calls.length > callsMax) return refuse({ code: 'too_many_items', field: 'calls', detail: `Give at most ${callsMax}` });
  const plan = planOfRef(ref);
  if (plan === undefined) return refuse({ code: 'field_missing', field: 'plan', detail: 'Say by which plan the calls were sold' });
  const unknown = router.unknownPlan(plan);
  if (unknown !== undefined) return refuse(unknownPlanRefusal(unknown));
  const policies = { before: readPolicy(before), after: readPolicy(after) };
  if (!policies.before.ok) return policies.before;
  if (!policies.after.ok) return policies.after;
  const index = afterDecks.length === 0 ? ok(undefined) : await indexWith(router, catalog, afterDecks);
  if (!index.ok) return index;
  const [was, is] = [policies.before.value, policies.after.value];
  const whatIf = new WhatIf();
  for (const [at, call] of calls.entries()) {
    const asked = questionOf(call, plan);
    if (asked !== undefined) whatIf.add(asked.call, router.courseOf(asked.question, was, call.durationSec), router.courseOf(asked.question, is, call.durationSec, index.value));
    if (at % slice === slice - 1) await new Promise(setImmediate);
  }
  return ok({ destinations: whatIf.comparisons.map(destinationOf), moves: whatIf.moves.map(moveOf) });
}

async function indexWith(router: LiveRouter, catalog: CompareDeps['catalog'], versions: readonly DeckVersion[]): Promise<Result<CarrierIndex | undefined, CodedRefusal>> {
  const candidates = await loadCandidates(catalog, versions);
  return candidates.ok ? ok(await router.indexWith(candidates.value)) : candidates;
}

function readPolicy(message: PolicyMessage | undefined): Result<RoutingPolicy | undefined, CodedRefusal> {
  if (message === undefined) return ok(undefined);
  const read = policyFields(message);
  return read.ok ? ok(policyOf(read.value)) : read;
}

/** Undefined for one that nobody could have routed: without a price, or a number that can be read. */
function questionOf({ callId, e164, routingNumber, atUs, durationSec, sell, countryPrefixId, accountCode: account, ...call }: PastCall, plan: LiveQuestion['plan']) {
  const number = normalizeE164(e164);
  if (!number.ok || sell === undefined) return undefined;
  const ported = portedOf({ routingNumber: routingNumber === '' ? undefined : normalizeE164(routingNumber), npdi: routingNumber !== '' }, number.value);
  if (!ported.ok) return undefined;
  const { nanos: sellNanos, currency } = sell;
  return {
    call: { durationSec, sellNanos, currency, destination: countryPrefixId, ...(call.sales.length === 0 ? {} : { soldOver: soldOver(call.sales) }) },
    question: { e164: number.value, atUs: instantUs(Number(atUs)), plan, callId, account, ...accessOf(call), ...ported.value, ...saleOf({ ...call, sellCurrency: currency }) },
  };
}

function soldOver(sales: PastCall['sales']): ReadonlyMap<string, bigint> {
  return new Map(sales.filter(({ unsold }) => !unsold).map(({ carrierCode, nanos }) => [carrierCode, nanos]));
}

function destinationOf({ destination, currency, sellNanos, sellAfterNanos, costBeforeNanos, costAfterNanos, ...counts }: Comparison) {
  const money = (nanos: bigint) => ({ nanos, currency });
  return {
    countryPrefixId: destination, callCount: BigInt(counts.callCount), durationSec: BigInt(counts.durationSec), movedCount: BigInt(counts.movedCount),
    unroutedBeforeCount: BigInt(counts.unroutedBeforeCount), unroutedAfterCount: BigInt(counts.unroutedAfterCount), unknownCount: BigInt(counts.unknownCount),
    sell: money(sellNanos), sellAfter: money(sellAfterNanos), costBefore: money(costBeforeNanos), costAfter: money(costAfterNanos),
    marginBefore: money(sellNanos - costBeforeNanos), marginAfter: money(sellAfterNanos - costAfterNanos),
  };
}

function moveOf({ from, to, callCount, durationSec }: Move) {
  return { fromCarrierCode: from, toCarrierCode: to, callCount: BigInt(callCount), durationSec: BigInt(durationSec) };
}
