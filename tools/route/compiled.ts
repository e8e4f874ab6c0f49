import { ATTESTATIONS, type CarrierFacts } from '../../services/routing/src/domain/carrier-facts.ts';
import { buildIndex } from '../../services/routing/src/domain/build-index.ts';
import type { CarrierIndex } from '../../services/routing/src/domain/carrier-index.ts';
import type { Carrier } from '../../services/routing/src/domain/carriers.ts';
import { failoverBy, type FailoverPolicy } from '../../services/routing/src/domain/failover.ts';
import type { GatewayAccess } from '../../services/routing/src/domain/gateways.ts';
import type { Gateway, NamedGateway } from '../../services/routing/src/domain/provider.ts';
import { RoutingPlan } from '../../services/routing/src/domain/routing-plan.ts';
import type { RouteOrder, RoutingPolicy } from '../../services/routing/src/domain/routing-policy.ts';
import { type ListedPrefix, Screening } from '../../services/routing/src/domain/screening.ts';
import { loadCarrierDecks } from '../../services/routing/src/live/load-decks.ts';
import { deckContentOf, timeWindowsOf } from '../../services/rating/src/price-file/deck.ts';
import { usOfWritten, type WrittenInstant } from '../../services/rating/src/price-file/local-instant.ts';
import { chargeTermsOfStated } from '../../services/rating/src/price-file/rates.schema.ts';
import { exchangeRatesOf } from '../../services/rating/src/price-file/exchange-rates.ts';
import { DeckKind, exchangeRateOf } from '@tollwire/contracts';
import { assert } from '@tollwire/core';
import { ExchangeRates, UTC, type Zone, zoneOf } from '@tollwire/telecom';
import type { StatedCarrier } from './carrier.schema.ts';
import type { RouteDocument, RoutedPlan } from './document.schema.ts';
import type { StatedPolicy } from './policy.schema.ts';
import { Sales } from './sales.ts';

/** A plan of the document as the router knows it. */
export interface CompiledPlan {
  readonly stated: RoutedPlan;
  readonly routing: RoutingPlan;
  readonly screening: Screening;
  readonly failover: FailoverPolicy;
}

/** A document as the routing service would have it: the carriers' decks in one index, by the functions that build the live one. */
export interface CompiledDocument {
  readonly stated: RouteDocument;
  readonly index: CarrierIndex;
  readonly plans: ReadonlyMap<string, CompiledPlan>;
  readonly accounts: ReadonlyMap<string, RouteDocument['accounts'][number]>;
  /** By carrier, the retail plan that customers pay by over it. */
  readonly sellBy: ReadonlyMap<string, string>;
  readonly gatewayGroups: readonly string[];
  readonly facts: ReadonlyMap<string, CarrierFacts>;
  readonly sales: Sales;
  readonly exchangeRates: ExchangeRates;
}

export async function compileDocument(document: RouteDocument): Promise<CompiledDocument> {
  return {
    stated: document,
    index: await indexOf(document),
    plans: new Map(document.plans.map((plan) => [plan.name, compiledPlan(plan, document)])),
    accounts: new Map(document.accounts.map((each) => [each.account, each])),
    sellBy: new Map(document.carriers.flatMap(({ code, sellBy }) => (sellBy === undefined ? [] : [[code, sellBy] as const]))),
    gatewayGroups: gatewayGroupsOf(document.carriers),
    facts: new Map(document.carriers.map((carrier) => [carrier.code, factsOf(carrier)])),
    sales: await Sales.of(document),
    exchangeRates: new ExchangeRates(exchangeRatesOf(document).flatMap((set) => exchangeRateOf(set) ?? [])),
  };
}

async function indexOf({ carriers }: RouteDocument): Promise<CarrierIndex> {
  const everyRate = { asOfUs: undefined, knownAtUs: undefined };
  const contents = carriers.map((carrier) => deckContentOf(carrier, chargeTermsOfStated(carrier), everyRate));
  const decks = carriers.map(({ code, currency }, at) => ({
    kind: DeckKind.CARRIER, ownerId: at + 1, activation: 1, version: 1, digest: contents[at]?.digest ?? '', currency, carrierCode: code, chunkCount: 1,
    rateCount: contents[at]?.chunk.prefix.length ?? 0, validFromUs: 0, withdrawnAtUs: undefined, validUntilUs: Infinity,
  }));
  const sources = await loadCarrierDecks({
    decks,
    async *chunks({ ownerId }) {
      const content = contents[ownerId - 1];
      if (content !== undefined) yield content.chunk;
    },
  });
  const build = buildIndex(carriersOf(carriers), sources);
  let slice = build.next();
  while (slice.done !== true) slice = build.next();
  return slice.value;
}

/** In the order of their codes, as the routing service numbers them. */
function carriersOf(stated: readonly StatedCarrier[]): Carrier[] {
  const sorted = stated.toSorted((one, other) => (one.code < other.code ? -1 : 1));
  const groups = gatewayGroupsOf(stated);
  return sorted.map(({ code, gateway, gateways, priority, active }, number) => ({
    number, carrierCode: code, name: code, gateway: gatewayOf(gateway), priority, active,
    ...(gateways === undefined ? {} : { gateways: gateways.map((each, at) => namedGatewayOf(each, at, groups)) }),
  }));
}

function gatewayOf({ address, protocol, stripDigits, addPrefix, timeoutSec, portability, callerId }: StatedCarrier['gateway']): Gateway {
  const presented = callerId === undefined || callerId.rule === 'keep' ? {} : { callerId };
  return { address, tech: protocol, stripDigits, addPrefix, timeoutSec, ...(portability === undefined ? {} : { portability }), ...presented };
}

function namedGatewayOf({ name, groups: within, priority, weight, active, ...gateway }: NonNullable<StatedCarrier['gateways']>[number], at: number, groups: readonly string[]): NamedGateway {
  return { ...gatewayOf(gateway), name, gatewayId: at + 1, groupIds: within.map((group) => groups.indexOf(group)), priority, weight, active };
}

/** The groups of gateways by their names; a group is known by its place among them. */
function gatewayGroupsOf(stated: readonly StatedCarrier[]): readonly string[] {
  return [...new Set(stated.flatMap(({ gateways = [] }) => gateways.flatMap(({ groups }) => groups)))];
}

/** Which gateways an account may use; undefined: all. */
export function gatewayAccessOf({ accounts, gatewayGroups }: CompiledDocument, account: string | undefined): GatewayAccess | undefined {
  const allowed = accounts.get(account ?? '')?.gatewayGroups ?? [];
  return allowed.length === 0 ? undefined : { gatewayIds: new Set(), groupIds: new Set(allowed.map((group) => gatewayGroups.indexOf(group))) };
}

function compiledPlan(plan: RoutedPlan, document: RouteDocument): CompiledPlan {
  const codes = document.carriers.map(({ code }) => code);
  const { routing, timeZone, carriers = codes } = plan;
  const ids = carriers.map((code) => codes.indexOf(code) + 1);
  const metrics = new Map(Object.entries(routing.metrics).map(([code, metric]) => [codes.indexOf(code) + 1, metric]));
  const policy: RoutingPolicy = {
    prefixMode: routing.prefixMode, order: orderOf(routing), expectedSec: routing.expectedSec, lossAllowed: routing.lossAllowed,
    marginPpmMin: routing.marginPercentMin ?? 0, marginNanosMin: Number(routing.marginMin ?? 0n), metrics, weights: new Map(),
    staticRoutes: routing.staticRoutes.map(({ prefix, carriers: carrierCodes, exclusive }) => ({ prefix, carrierCodes, exclusive })),
    ...(routing.sellRateMax === undefined ? {} : { sellRateMaxNanos: Number(routing.sellRateMax) }),
  };
  const bound = (written: WrittenInstant | undefined, open: number) => (written === undefined ? open : usOfWritten(written, timeZone));
  const validity = { fromUs: bound(plan.validFrom, -Infinity), untilUs: bound(plan.validUntil, Infinity), retailLinks: [] };
  const listed = (entries: readonly string[]) => entries.flatMap((entry) => listedOf(entry, document));
  const { q850, sipGoesOn, sipStops } = routing.failover;
  const statedCauses = q850 === undefined || q850.length === 0 ? {} : { q850 };
  return {
    stated: plan,
    routing: RoutingPlan.ofVoipPlan(ids, routing.ban.map((prefix) => ({ prefix, banPlanId: 0 })), policy, validity),
    screening: new Screening({ white: listed(routing.whitelist), black: listed(routing.blacklist), blacklisted: routing.blacklisted }),
    failover: failoverBy({ ...statedCauses, sipGoesOn, sipStops }),
  };
}

/** Percentages are stated in ten-thousandths of a percent: millionths of the whole. */
function orderOf({ order, delta, deltaPercent = 0, seed }: StatedPolicy): RouteOrder {
  if (order === 'least_cost') return { by: order, deltaNanos: Number(delta ?? 0n), deltaPpm: deltaPercent };
  return order === 'weights' ? { by: order, seed } : { by: order };
}

function listedOf(entry: string, { countries }: RouteDocument): ListedPrefix[] {
  if (/^\d/.test(entry)) return [{ prefix: entry }];
  return (countries.find(({ country }) => country === entry)?.prefixes ?? []).map((prefix) => ({ prefix, country: entry }));
}

function factsOf(carrier: StatedCarrier): CarrierFacts {
  const { hours, accountsOnly, accountsNot, codecs, attestationMin, concurrentCalls, callsPerSec, balance, quality, weight, timeZone } = carrier;
  const strongest = ATTESTATIONS.find((each) => each === attestationMin);
  return {
    weight,
    ...(hours === undefined ? {} : { hours: { windows: hours.flatMap(timeWindowsOf), zone: zoneNamed(timeZone) } }),
    ...(accountsOnly === undefined || accountsOnly.length === 0 ? {} : { onlyAccounts: new Set(accountsOnly) }),
    ...(accountsNot === undefined ? {} : { notAccounts: new Set(accountsNot) }),
    ...(codecs === undefined ? {} : { codecs }),
    ...(strongest === undefined ? {} : { attestationMin: strongest }),
    ...(concurrentCalls === undefined ? {} : { concurrentCalls }),
    ...(callsPerSec === undefined ? {} : { callsPerSec }),
    ...(balance === undefined ? {} : { balanceNanos: balance }),
    ...(quality === undefined ? {} : qualityOf(quality, timeZone)),
  };
}

type StatedQuality = NonNullable<StatedCarrier['quality']>;

function qualityOf({ asr, acdSec, pddMs, attempts, asrMin, acdSecMin, pddMsMax, attemptsMin, lockedUntil }: StatedQuality, timeZone: string): CarrierFacts {
  // As the live service does, which measures nobody over fewer attempts.
  const isMeasured = attempts >= attemptsMin;
  return {
    ...(isMeasured ? { quality: { asr, acdSec, pddMs, attemptCount: attempts } } : {}),
    qualityLimits: { asrMin, acdSecMin, pddMsMax, attemptCountMin: attemptsMin },
    ...(lockedUntil === undefined ? {} : { lockedUntilUs: usOfWritten(lockedUntil, timeZone) }),
  };
}

function zoneNamed(timeZone: string): Zone {
  const zone = zoneOf(timeZone);
  assert(zone.ok, `${timeZone} is a zone`);
  return timeZone === 'UTC' ? UTC : zone.value;
}
