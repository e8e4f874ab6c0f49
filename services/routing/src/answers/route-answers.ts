import { type CodedRefusal, type PriceSchedule, refusals, roundingModeOf, type RouteItem, type RouteRequest, type RouteResultSchema, scheduleOf } from '@tollwire/contracts';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { instantUs, ok, refuse, type Result, unreachable } from '@tollwire/core';
import { callerOf, type E164, normalizeE164, type Schedule } from '@tollwire/telecom';
import { presentedCallerId } from '../domain/caller-id.ts';
import { numberForCarrier, type Ported, portedOf } from '../domain/carriers.ts';
import { ATTESTATIONS } from '../domain/carrier-facts.ts';
import { exclusionReason, placeReason, rateLimitFacts } from '../domain/explain-route.ts';
import { failoverBy, type FailoverTerms } from '../domain/failover.ts';
import type { Gateway } from '../domain/provider.ts';
import type { AdmissionRefusal } from '../domain/admission.ts';
import type { ExcludedCarrier, RankedOffer, RouteRefusal, SellRate } from '../domain/route.ts';
import type { CallLeases } from '../live/call-leases.ts';
import type { LiveDecision, LiveQuestion, LiveRouter, UnknownPlan } from '../live/live-router.ts';

/** Carriers that a refusal names. */
const TOLD_MAX = 20;

type ResultInit = MessageInitShape<typeof RouteResultSchema>;

/** Where the capacity is taken that calls get. */
export type TakesCapacity = Pick<CallLeases, 'offer'>;

/** Routes a batch of calls, each answered by itself; those that are let through take capacity of their first carrier, which the next one meets. */
export function routeBatch(router: LiveRouter, { items }: RouteRequest, leases?: TakesCapacity): Result<{ results: ResultInit[] }, CodedRefusal> {
  if (!router.ready) return refuse({ code: 'service_unavailable', detail: 'The rate decks are still being loaded; ask again' });
  return ok({ results: items.map((item) => routeOne(router, item, leases)) });
}

function routeOne(router: LiveRouter, item: RouteItem, leases: TakesCapacity | undefined): ResultInit {
  const e164 = normalizeE164(item.e164);
  if (!e164.ok) return { refusal: { code: e164.refusal.code, detail: 'Give the number in E.164 form', field: 'e164' } };
  const plan = planOfRef(item.plan);
  if (plan === undefined) return { refusal: { code: 'field_missing', detail: 'Say by which plan the call is sold', field: 'plan' } };
  const { routingNumber, npdi } = item;
  const ported = portedOf({ routingNumber: routingNumber === '' ? undefined : normalizeE164(routingNumber), npdi }, e164.value);
  if (!ported.ok) return { refusal: { code: ported.refusal.code, detail: 'Give the routing number in E.164 form', field: 'routingNumber' } };
  const decision = router.route({
    e164: e164.value,
    atUs: instantUs(Number(item.atUs)),
    plan,
    callId: item.callId,
    takesCapacity: item.takesCapacity,
    isQuestion: item.isQuestion,
    ...ported.value,
    ...(item.hasSellRate ? saleOf(item) : {}),
    ...accessOf(item),
    ...needsOf(item),
  });
  const first = decision?.routed === true ? decision.carriers[0] : undefined;
  if (item.takesCapacity && first !== undefined) leases?.offer(item.callId, first.carrier);
  return decision === undefined ? {} : resultOf(decision, { e164: e164.value, cli: item.cli, ...ported.value }, item.sellCurrency);
}

export function accessOf({ gatewayIds, gatewayGroupIds }: Pick<RouteItem, 'gatewayIds' | 'gatewayGroupIds'>): Pick<LiveQuestion, 'gatewayAccess'> {
  if (gatewayIds.length === 0 && gatewayGroupIds.length === 0) return {};
  return { gatewayAccess: { gatewayIds: new Set(gatewayIds), groupIds: new Set(gatewayGroupIds) } };
}

/** What the call asks of its carriers; an attestation that there is none of is none. */
function needsOf({ accountCode, codecs, attestation }: RouteItem): Pick<LiveQuestion, 'account' | 'codecs' | 'attestation'> {
  const level = ATTESTATIONS.find((each) => each === attestation);
  return { account: accountCode, ...(codecs.length === 0 ? {} : { codecs }), ...(level === undefined ? {} : { attestation: level }) };
}

type Sale = Pick<RouteItem, 'sellRatePerMinNanos' | 'sellCurrency' | 'sellSchedule' | 'sellRoundingDecimals' | 'sellRoundingMode'> & {
  readonly sales: readonly Pick<RouteItem['sales'][number], 'carrierCode' | 'unsold' | 'ratePerMinNanos' | 'schedule'>[];
};

/** What a call sells for, as a question of routing has it. */
export function saleOf(
  { sellRatePerMinNanos, sellCurrency: currency, sellSchedule, sellRoundingDecimals: decimals, sellRoundingMode, sales }: Sale,
): Pick<LiveQuestion, 'sales'> & { readonly sell: SellRate } {
  const mode = roundingModeOf(sellRoundingMode);
  const rounding = mode === undefined ? {} : { rounding: { decimals, mode } };
  const sell = { ratePerMinNanos: Number(sellRatePerMinNanos), currency, ...scheduleFields(sellSchedule), ...rounding };
  if (sales.length === 0) return { sell };
  const over = sales.map(({ carrierCode, unsold, ratePerMinNanos, schedule }) =>
    [carrierCode, unsold ? undefined : { ratePerMinNanos: Number(ratePerMinNanos), ...scheduleFields(schedule) }] as const);
  return { sell, sales: new Map(over) };
}

/** One that makes none is left out: then the rate counts by the second. */
function scheduleFields(message: PriceSchedule | undefined): { readonly schedule?: Schedule } {
  const schedule = message === undefined ? undefined : scheduleOf(message);
  return schedule === undefined ? {} : { schedule };
}

/** The plan that a message names; undefined where it names none. */
export function planOfRef(ref: RouteItem['plan']): LiveQuestion['plan'] | undefined {
  const plan = ref?.plan;
  switch (plan?.case) {
    case 'tariffId':
      return { tariffId: plan.value };
    case 'voipPlanId':
      return { voipPlanId: plan.value };
    case undefined:
    default:
      return undefined;
  }
}

/** The called number, what number portability answered of it, and who calls where somebody said that. */
type Numbers = Ported & { readonly e164: E164; readonly cli: string | undefined };

function resultOf(decision: LiveDecision, numbers: Numbers, sellCurrency: string): ResultInit {
  const { notice } = decision;
  const excluded = decision.excluded.map(excludedOf);
  const { routedBy } = numbers;
  const told = { excluded, ...(routedBy === undefined ? {} : { routedBy }), ...(notice === undefined ? {} : { notice: { list: notice.list, ...notice.entry } }) };
  if (!decision.routed) return { refusal: refusalOf(decision.refusal, decision.excluded), ...told };
  const { failover } = decision;
  return { ...(failover === undefined ? {} : { failover: failoverMessage(failover) }), carriers: decision.carriers.map((offer) => rankedOf(offer, numbers, sellCurrency)), ...told };
}

/** Told as a whole, so that a switch needs nothing else. */
function failoverMessage(terms: FailoverTerms) {
  const { q850, sip } = failoverBy(terms);
  const statuses = (goesOn: boolean) => [...sip].filter(([, each]) => each === goesOn).map(([status]) => status);
  return { q850: [...q850], sipGoesOn: statuses(true), sipStops: statuses(false) };
}

function rankedOf(offer: RankedOffer, numbers: Numbers, sellCurrency: string) {
  const { carrier, prefix, ratePerMinNanos, currency, deckDigest, gateways: [first, ...further] } = offer;
  return {
    carrierCode: carrier.carrierCode,
    providerName: carrier.name,
    ...addressed(first?.gateway ?? carrier.gateway, numbers),
    ...(first === undefined || first.name === '' ? {} : { gateway: first.name, furtherGateways: further.map(({ name, gateway }) => ({ name, ...addressed(gateway, numbers) })) }),
    prefix,
    ratePerMinNanos: BigInt(ratePerMinNanos),
    currency,
    deckDigest,
    reason: placeReason(offer),
    priceNanos: BigInt(offer.priceNanos),
    ...(offer.converted === undefined ? {} : { converted: { nanos: BigInt(offer.converted.priceNanos), currency: offer.converted.currency } }),
    ...(offer.sellPriceNanos === undefined ? {} : { sale: { nanos: BigInt(offer.sellPriceNanos), currency: sellCurrency } }),
  };
}

function addressed(gateway: Gateway, { e164, cli, ...ported }: Numbers) {
  const { address, tech, timeoutSec, callerId: rule } = gateway;
  const callerId = rule && presentedCallerId(rule, cli === undefined ? undefined : callerOf(cli));
  return { address, tech, number: numberForCarrier(e164, gateway, ported), timeoutSec, ...(callerId === undefined ? {} : { callerId }) };
}

function excludedOf({ carrier, why, deckDigest }: ExcludedCarrier) {
  return { carrierCode: carrier.carrierCode, code: why.code, reason: exclusionReason(why), ...(deckDigest === undefined || !isOfRate(why) ? {} : { deckDigest }) };
}

/** Whoever is refused a call learns why, too: `ALPHA loss, BETA at_capacity`. */
function whyAll(excluded: readonly ExcludedCarrier[]) {
  const told = excluded.slice(0, TOLD_MAX).map(({ carrier: { carrierCode }, why: { code } }) => `${carrierCode} ${code}`);
  return told.length === 0 ? {} : { facts: { excluded: [...told, ...(excluded.length > TOLD_MAX ? ['…'] : [])].join(', ') } };
}

/** Whether it is its rate for which a carrier is out; only then the deck version is worth its place in every answer. */
function isOfRate({ code }: ExcludedCarrier['why']): boolean {
  return code === 'loss' || code === 'margin_below_minimum' || code === 'blocked' || code === 'shorter_prefix' || code === 'currency_mismatch';
}

/** A plan that the catalog has just made gets here by its event, a moment later. */
export function unknownPlanRefusal({ code, voipPlanId }: UnknownPlan) {
  const detail = `Routing knows no VoIP plan ${voipPlanId}. List the VoIP plans and name one of them; if it was created just now, ask again in a few seconds.`;
  return { code, detail, facts: { voipPlanId: String(voipPlanId) } };
}

function refusalOf(refusal: RouteRefusal | AdmissionRefusal | UnknownPlan, excluded: readonly ExcludedCarrier[]) {
  switch (refusal.code) {
    case 'destination_banned':
      return {
        code: refusal.code,
        detail: `Prefix ${refusal.prefix} is banned by ban plan ${refusal.banPlanId}`,
        facts: { prefix: refusal.prefix, banPlanId: String(refusal.banPlanId) },
      };
    case 'number_blacklisted': {
      const { prefix, country } = refusal.entry;
      const detail = country === undefined ? `Prefix ${prefix} is on the blacklist` : `The blacklist has country ${country}, of which prefix ${prefix} is`;
      return { code: refusal.code, detail, facts: { prefix, ...(country === undefined ? {} : { country }) } };
    }
    case 'plan_not_in_force':
      return { code: refusal.code, detail: 'The plan or the links of its retail plans are not in force when the call starts; see its dates in the catalog' };
    case 'sell_rate_above_limit':
      return { code: refusal.code, detail: refusals[refusal.code].title, facts: rateLimitFacts(refusal) };
    case 'unknown_plan':
      return unknownPlanRefusal(refusal);
    case 'no_route':
      return { code: refusal.code, detail: 'No carrier is left; each one says why it is out', ...whyAll(excluded) };
    default:
      return unreachable(refusal);
  }
}
