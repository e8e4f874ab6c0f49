import { type MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, RoutingPolicy, RoutingPolicySchema, SellPlanRef, SellPlanRefSchema } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { PolicyTerms } from '../domain/plan-policy.ts';
import { idleTerm, type PrefixMode, type RouteOrder } from '../domain/routing-policy.ts';

const prefixForm = /^[1-9]\d{0,14}$/;
const modes: readonly PrefixMode[] = ['longest_per_carrier', 'longest_overall', 'tiered'];
const blacklistedModes = ['stop', 'mark'] as const;
const orders = ['least_cost', 'priority', 'sell_price', 'quality', 'weights'] as const;
const daySec = 86_400;
const million = 1_000_000;
const amountMax = 2n ** 53n;
/** A policy is asked of every call. */
const itemsMax = 1_000;
const carriersMax = 100;

type Read<T> = Result<T, CodedRefusal>;

/** A plan by the key that its policy is kept under; undefined where the message names none. */
export function planKeyOf(ref: SellPlanRef | undefined): string | undefined {
  const plan = ref?.plan;
  if (plan === undefined || plan.case === undefined || plan.value === 0) return undefined;
  return `${plan.case === 'tariffId' ? 'tariff' : 'voip_plan'}:${plan.value}`;
}

/** The plan that a key names. */
export function planOfKey(key: string): MessageInitShape<typeof SellPlanRefSchema> {
  const [kind, id] = key.split(':');
  return { plan: { case: kind === 'tariff' ? 'tariffId' : 'voipPlanId', value: Number(id) } };
}

/** Reads a policy; what is not said is as in least cost of a minute. Refuses what live calls cannot be routed by. */
export function policyFields(policy: RoutingPolicy): Read<PolicyTerms> {
  const { metrics, weights, staticRoutes, expectedSec, deltaPpm, deltaNanos, marginPpmMin, marginMinNanos, lossAllowed, sellRateMaxNanos } = policy;
  const prefixMode = modes.find((mode) => mode === (policy.prefixMode || 'longest_per_carrier'));
  if (prefixMode === undefined) return malformed('policy.prefixMode', `Give one of ${modes.join(', ')}`);
  const order = orderOf(policy);
  if (!order.ok) return order;
  const blacklisted = blacklistedModes.find((mode) => mode === (policy.blacklisted || 'stop'));
  if (blacklisted === undefined) return malformed('policy.blacklisted', `Give one of ${blacklistedModes.join(', ')}`);
  if (expectedSec > daySec) return outOfRange('policy.expectedSec', daySec);
  for (const [field, ppm] of Object.entries({ deltaPpm, marginPpmMin })) if (ppm > million) return outOfRange(`policy.${field}`, million);
  const amounts = { deltaNanos, marginMinNanos, sellRateMaxNanos: sellRateMaxNanos ?? 0n };
  for (const [field, amount] of Object.entries(amounts)) if (amount < 0n || amount >= amountMax) return outOfRange(`policy.${field}`, Number(amountMax - 1n));
  for (const [field, items] of Object.entries({ metrics, weights, staticRoutes })) {
    if (items.length > itemsMax) return refuse({ code: 'too_many_items', field: `policy.${field}`, detail: `Give at most ${itemsMax}` });
  }
  const twice = givenTwice('metrics', 'carrierPlanId', metrics.map(({ carrierPlanId }) => carrierPlanId)) ?? givenTwice('weights', 'carrierCode', weights.map(({ carrierCode }) => carrierCode));
  if (twice !== undefined) return twice;
  const failover = failoverOf(policy.failover);
  if (!failover.ok) return failover;
  const routes = routesOf(staticRoutes);
  if (!routes.ok) return routes;
  return ok({
    prefixMode, order: order.value, expectedSec: expectedSec || 60, lossAllowed, marginPpmMin, marginNanosMin: Number(marginMinNanos), staticRoutes: routes.value,
    metrics: metrics.map(({ carrierPlanId, metric }) => ({ carrierPlanId, metric })),
    weights: weights.map(({ carrierCode, weight }) => ({ carrierCode, weight })),
    ...(blacklisted === 'stop' ? {} : { blacklisted }),
    ...(sellRateMaxNanos === undefined ? {} : { sellRateMaxNanos: Number(sellRateMaxNanos) }),
    ...failover.value,
  });
}

const causesMax = 200;

/** Which answers go on; a cause that nobody knows, or a status that is none of a failure, is refused. */
function failoverOf(message: RoutingPolicy['failover']): Read<Pick<PolicyTerms, 'failover'>> {
  if (message === undefined) return ok({});
  const { q850, sipGoesOn, sipStops } = message;
  for (const [field, codes, min, max] of [['q850', q850, 1, 999], ['sipGoesOn', sipGoesOn, 300, 699], ['sipStops', sipStops, 300, 699]] as const) {
    if (codes.length > causesMax) return refuse({ code: 'too_many_items', field: `policy.failover.${field}`, detail: `Give at most ${causesMax}` });
    if (codes.some((code) => code < min || code > max)) return refuse({ code: 'field_out_of_range', field: `policy.failover.${field}`, detail: `Give numbers from ${min} to ${max}` });
  }
  return ok({ failover: { ...(q850.length === 0 ? {} : { q850: [...new Set(q850)] }), sipGoesOn: [...new Set(sipGoesOn)], sipStops: [...new Set(sipStops)] } });
}

function orderOf(policy: RoutingPolicy): Read<RouteOrder> {
  const by = orders.find((order) => order === (policy.order || 'least_cost'));
  const { deltaNanos, deltaPpm, seed, metrics, weights } = policy;
  if (by === undefined) return malformed('policy.order', `Give one of ${orders.join(', ')}`);
  const idle = idleTerm(by, { delta: deltaNanos !== 0n || deltaPpm !== 0, metrics: metrics.length > 0, weights: weights.length > 0, seed: seed !== 0 });
  if (idle !== undefined) return malformed('policy.order', `Give ${idle.order} where ${idle.when}; no other order looks at that`);
  if (by === 'least_cost') return ok({ by, deltaNanos: Number(deltaNanos), deltaPpm });
  return ok(by === 'weights' ? { by, seed } : { by });
}

function routesOf(stated: RoutingPolicy['staticRoutes']): Read<PolicyTerms['staticRoutes']> {
  const seen = new Set<string>();
  for (const [at, { prefix, carrierCodes }] of stated.entries()) {
    const field = `policy.staticRoutes[${at}]`;
    if (!prefixForm.test(prefix)) return malformed(`${field}.prefix`, 'A prefix is 1 to 15 digits that do not start with 0');
    if (seen.has(prefix)) return conflictOf(`${field}.prefix`, 'prefix', prefix);
    if (carrierCodes.length === 0 || carrierCodes.length > carriersMax) return malformed(`${field}.carrierCodes`, `Give 1 to ${carriersMax} carriers`);
    const carrierTwice = repeatedAt(carrierCodes);
    if (carrierTwice >= 0) return conflictOf(`${field}.carrierCodes[${carrierTwice}]`, 'carrierCode', String(carrierCodes[carrierTwice]));
    seen.add(prefix);
  }
  return ok(stated.map(({ prefix, carrierCodes, exclusive }) => ({ prefix, carrierCodes: [...carrierCodes], exclusive })));
}

/** A policy as messages have it. */
export function policyMessage({ order, marginNanosMin, staticRoutes, metrics, weights, failover, sellRateMaxNanos, ...terms }: PolicyTerms): MessageInitShape<typeof RoutingPolicySchema> {
  const delta = order.by === 'least_cost' ? { deltaNanos: BigInt(order.deltaNanos), deltaPpm: order.deltaPpm } : {};
  return {
    ...terms, order: order.by, ...delta, ...(order.by === 'weights' ? { seed: order.seed } : {}), marginMinNanos: BigInt(marginNanosMin),
    staticRoutes: staticRoutes.map((route) => ({ ...route, carrierCodes: [...route.carrierCodes] })), metrics: [...metrics], weights: [...weights],
    ...(sellRateMaxNanos === undefined ? {} : { sellRateMaxNanos: BigInt(sellRateMaxNanos) }),
    ...(failover === undefined ? {} : { failover: { q850: [...(failover.q850 ?? [])], sipGoesOn: [...failover.sipGoesOn], sipStops: [...failover.sipStops] } }),
  };
}

/** Of two metrics or weights of one nobody could say which counts. */
function givenTwice(list: string, name: string, given: readonly (string | number)[]) {
  const at = repeatedAt(given);
  return at < 0 ? undefined : conflictOf(`policy.${list}[${at}].${name}`, name, String(given[at]));
}

/** Where something is said for the second time; -1: nowhere. */
function repeatedAt(given: readonly (string | number)[]): number {
  const seen = new Set<string | number>();
  return given.findIndex((each) => seen.size === seen.add(each).size);
}

function conflictOf(field: string, name: string, given: string) {
  return refuse({ code: 'conflict' as const, field, detail: `${given} is given twice; say it once`, facts: { [name]: given } });
}

function malformed(field: string, detail: string) {
  return refuse({ code: 'field_malformed' as const, field, detail });
}

function outOfRange(field: string, max: number) {
  return refuse({ code: 'field_out_of_range' as const, field, detail: `Give a number from 0 to ${max}` });
}
