import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  DeckActivatedSchema, DeckChunkSchema, DeckKind, ProviderSwitchSchema, publicEventOf, publicEvents, RegisterProviderRequestSchema, type RouteItem, RouteItemSchema, RouteReplySchema,
  RouteRequestSchema, type RouteResult, SetProviderGatewaysRequestSchema, SetProviderLimitsRequestSchema, SetRoutingPolicyRequestSchema, StateProviderBalanceRequestSchema,
} from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { runReaction } from '@tollwire/event-store';
import { deckContentOf, timeWindowsOf } from '../../services/rating/src/price-file/deck.ts';
import { exchangeRatesOf } from '../../services/rating/src/price-file/exchange-rates.ts';
import { usOfWritten } from '../../services/rating/src/price-file/local-instant.ts';
import { chargeTermsOfStated } from '../../services/rating/src/price-file/rates.schema.ts';
import { listProviders } from '../../services/routing/src/answers/provider-answers.ts';
import { routingAnswers } from '../../services/routing/src/routing.answers.ts';
import type { RoutingDeps } from '../../services/routing/src/routing.deps.ts';
import { openRouting, received, type RoutingBed, type SpecDeck } from '../../services/routing/src/spec/bed.ts';
import type { StatedCarrier } from './carrier.schema.ts';
import type { RouteDocument, StatedRoutedCall } from './document.schema.ts';

const context = { method: 'spec', correlationId: 'spec' };
const plan = { plan: { case: 'voipPlanId' as const, value: 1 } };
const said = { by: 'spec' };

/**
 * What the live service answers to the calls of a document of one plan, told to it as operators and the catalog would: by its requests and
 * events, on a database of its own.
 */
export async function liveRoutesOf(document: RouteDocument): Promise<readonly RouteResult[]> {
  const bed = await openRouting();
  try {
    listNumbers(bed, document);
    bed.catalog.decks = document.carriers.map(deckOf);
    const deps = bed.instance();
    await deps.lists.refresh();
    await deps.replica.start();
    await composePlan(deps, document);
    for (const carrier of document.carriers) await agreeWith(deps, carrier);
    await setPolicy(deps, document);
    await deps.lists.refresh();
    await deps.balances.refresh(deps.router.carriers);
    const groupIds = await groupIdsOf(deps);
    const items = document.calls.map((call) => create(RouteItemSchema, itemOf(document, call, groupIds)));
    return await askedAtTheirTime(bed, deps, items);
  } finally {
    await bed.close();
  }
}

/** Each call when it begins: what is left with a carrier counts for calls of now only. */
async function askedAtTheirTime({ clock }: RoutingBed, deps: RoutingDeps, items: readonly RouteItem[]): Promise<RouteResult[]> {
  const answers = new Map<RouteItem, RouteResult>();
  for (const item of items.toSorted((one, other) => Number(one.atUs - other.atUs))) {
    clock.advanceSec(Math.max(0, (Number(item.atUs) - clock.nowUs()) / 1_000_000));
    const answer = await routingAnswers(deps).route(create(RouteRequestSchema, { items: [item] }), context);
    if (!answer.ok) throw new Error(`the live service refused: ${answer.refusal.code}`);
    answers.set(item, present(create(RouteReplySchema, answer.value).results[0], 'an answer for the call'));
  }
  return items.map((item) => present(answers.get(item), 'an answer for each call'));
}

function listNumbers({ catalog }: RoutingBed, { plans: [stated], countries }: RouteDocument): void {
  const { whitelist, blacklist } = present(stated, 'the plan').routing;
  const prefixesOf = (subject: string) => (/^\d/.test(subject) ? [subject] : (countries.find(({ country }) => country === subject)?.prefixes ?? []));
  const entriesOf = (list: string, subjects: readonly string[]) =>
    subjects.map((subject) => ({ list, subject, isCountry: !/^\d/.test(subject), prefixes: prefixesOf(subject), revision: 1 }));
  catalog.lists.entries = [...entriesOf('whitelist', whitelist), ...entriesOf('blacklist', blacklist)];
}

/** The carrier plan of a carrier has its place in the document as its number. */
function deckOf(carrier: StatedCarrier, at: number): SpecDeck {
  const { chunk, digest } = deckContentOf(carrier, chargeTermsOfStated(carrier), { asOfUs: undefined, knownAtUs: undefined });
  const content = toBinary(DeckChunkSchema, chunk);
  const { code: carrierCode, currency } = carrier;
  const deck = { kind: DeckKind.CARRIER, ownerId: at + 1, version: 1, digest, rateCount: BigInt(chunk.prefix.length), chunkCount: 1, currency, carrierCode };
  return { content, digest, activated: create(DeckActivatedSchema, { deck, activation: 1, validFromUs: 1n, ...said }) };
}

async function composePlan(deps: RoutingDeps, document: RouteDocument): Promise<void> {
  const { carriers = document.carriers.map(({ code }) => code), routing } = present(document.plans[0], 'the plan');
  const carrierPlanIds = carriers.map((code) => placeOf(document, code));
  const data = { voipPlanId: 1, revision: 1, name: 'plan', carrierPlanIds, banPrefixes: routing.ban.map((prefix) => ({ prefix, banPlanId: 1 })) };
  const events = [
    publicEventOf(publicEvents.VoipPlanComposed, { source: 'tollwire/catalog', timeUs: 1, parts: ['plan'], data }),
    ...exchangeRatesOf(document).map((set, at) => publicEventOf(publicEvents.ExchangeRateSet, { source: 'tollwire/catalog', timeUs: 1, parts: ['rate', `${at}`], data: set })),
  ];
  await runReaction(deps.database, deps.replica.reaction(), events.flatMap(received));
}

function placeOf({ carriers }: RouteDocument, code: string): number {
  return carriers.findIndex((carrier) => carrier.code === code) + 1;
}

async function agreeWith(deps: RoutingDeps, carrier: StatedCarrier): Promise<void> {
  const { code: carrierCode, priority, gateways, balance, currency, active } = carrier;
  const answers = routingAnswers(deps);
  await done(answers.registerProvider(create(RegisterProviderRequestSchema, { carrierCode, name: carrierCode, gateway: gatewayOf(carrier.gateway), priority, ...said }), context));
  await done(answers.setProviderLimits(create(SetProviderLimitsRequestSchema, { carrierCode, limits: limitsOf(carrier), ...said }), context));
  if (gateways !== undefined) {
    const named = gateways.map(({ name, groups, priority: first, weight, active: isOn, ...where }) =>
      ({ name, groups, priority: first, weight, suspended: !isOn, gateway: gatewayOf(where) }));
    await done(answers.setProviderGateways(create(SetProviderGatewaysRequestSchema, { carrierCode, gateways: named, ...said }), context));
  }
  if (balance !== undefined) await done(answers.stateProviderBalance(create(StateProviderBalanceRequestSchema, { carrierCode, left: { nanos: balance, currency }, ...said }), context));
  if (!active) await done(answers.suspendProvider(create(ProviderSwitchSchema, { carrierCode, ...said }), context));
}

async function done(answer: Promise<{ readonly ok: boolean }>): Promise<void> {
  const told = await answer;
  if (!told.ok) throw new Error(`the live service refused: ${JSON.stringify(told)}`);
}

function gatewayOf({ protocol: tech, portability, callerId, ...gateway }: StatedCarrier['gateway']) {
  return { tech, ...gateway, ...(portability === undefined ? {} : { portability }), ...(callerId === undefined ? {} : { callerId }) };
}

function limitsOf({ hours, timeZone, accountsOnly = [], accountsNot = [], codecs = [], attestationMin }: StatedCarrier) {
  const windows = (hours ?? []).flatMap(timeWindowsOf).map(({ fromSec, untilSec }) => ({ fromSec, untilSec }));
  return { hours: windows, timeZone, accountsOnly, accountsNot, codecs, ...(attestationMin === undefined ? {} : { attestationMin }) };
}

async function setPolicy(deps: RoutingDeps, document: RouteDocument): Promise<void> {
  const { routing } = present(document.plans[0], 'the plan');
  const { prefixMode, order, delta, deltaPercent: deltaPpm = 0, seed, expectedSec, lossAllowed, blacklisted, marginMin, marginPercentMin: marginPpmMin = 0 } = routing;
  const policy = {
    prefixMode, order, deltaNanos: delta ?? 0n, deltaPpm, seed, expectedSec, lossAllowed, marginMinNanos: marginMin ?? 0n, marginPpmMin, blacklisted,
    staticRoutes: routing.staticRoutes.map(({ prefix, carriers: carrierCodes, exclusive }) => ({ prefix, carrierCodes, exclusive })),
    metrics: Object.entries(routing.metrics).map(([code, metric]) => ({ carrierPlanId: placeOf(document, code), metric })),
    weights: order === 'weights' ? document.carriers.map(({ code: carrierCode, weight }) => ({ carrierCode, weight })) : [],
    ...(routing.sellRateMax === undefined ? {} : { sellRateMaxNanos: routing.sellRateMax }),
  };
  await done(routingAnswers(deps).setRoutingPolicy(create(SetRoutingPolicyRequestSchema, { plan, policy, ...said }), context));
}

/** By the name of the group, the id by which accounts are allowed to use it. */
async function groupIdsOf(deps: RoutingDeps): Promise<ReadonlyMap<string, number>> {
  const { providers } = (await listProviders(deps)).value;
  const gateways = providers.flatMap((provider) => provider.gateways);
  return new Map(gateways.flatMap(({ groups = [], groupIds = [] }) => groups.map((name, at) => [name, groupIds[at] ?? 0] as const)));
}

/** As authorizing would ask: every destination of the plan is sold for 0.05 a minute, to four decimals. */
function itemOf({ accounts }: RouteDocument, call: StatedRoutedCall, groupIds: ReadonlyMap<string, number>): MessageInitShape<typeof RouteItemSchema> {
  const allowed = accounts.find(({ account }) => account === call.account)?.gatewayGroups ?? [];
  return {
    plan, e164: call.number.replace('+', ''), atUs: BigInt(usOfWritten(call.start, 'UTC')), callId: call.id, accountCode: call.account ?? '',
    hasSellRate: true, sellRatePerMinNanos: 50_000_000n, sellCurrency: 'EUR', sellRoundingDecimals: 4, sellRoundingMode: 'half_up',
    // A group that no gateway is in is none that anybody could allow; an account that may use it alone may use nothing.
    gatewayGroupIds: allowed.map((name) => groupIds.get(name) ?? 2 ** 31 - 1),
    codecs: call.codecs ?? [], attestation: call.attestation ?? '', routingNumber: call.routingNumber ?? '', ...(call.caller === undefined ? {} : { cli: call.caller }),
  };
}
