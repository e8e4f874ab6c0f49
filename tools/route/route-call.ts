import { isRefusalCode, refusals } from '@tollwire/contracts';
import { instantUs, type InstantUs, ok, refuse, type Result } from '@tollwire/core';
import { type Caller, callerOf, type E164, formatNanos, normalizeE164, type NormalizeOptions, portedNumberOf } from '@tollwire/telecom';
import { usOfWritten } from '../../services/rating/src/price-file/local-instant.ts';
import { pathText } from '../../services/rating/src/price-file/parse.ts';
import { admit } from '../../services/routing/src/domain/admission.ts';
import { presentedCallerId } from '../../services/routing/src/domain/caller-id.ts';
import type { CarrierFacts } from '../../services/routing/src/domain/carrier-facts.ts';
import { numberForCarrier, type Ported, portedOf } from '../../services/routing/src/domain/carriers.ts';
import { exclusionReason, placeReason, rateLimitFacts } from '../../services/routing/src/domain/explain-route.ts';
import { type AttemptCause, goesOn } from '../../services/routing/src/domain/failover.ts';
import {
  type Exclusion, type RankedOffer, route, type RouteDecision, type RouteQuestion, type RouteRefusal as DecisionRefusal, type SellRate, UNSOLD,
} from '../../services/routing/src/domain/route.ts';
import { type CompiledDocument, type CompiledPlan, gatewayAccessOf } from './compiled.ts';
import type { RouteDocument, StatedRoutedCall } from './document.schema.ts';
import type { Gateway } from '../../services/routing/src/domain/provider.ts';
import type { ExcludedCarrier, GatewayAddress, RoutedCall, RoutedCarrier, RouteRefusal } from './routed-call.ts';
import type { Sale } from './sales.ts';

/** A refusal with the field of the call that it is about; empty: the call itself. */
interface Refused {
  readonly code: string;
  readonly field: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** A call whose numbers have been read, once, for everything that looks at them. */
interface ReadCall {
  readonly call: StatedRoutedCall;
  readonly plan: CompiledPlan;
  readonly called: E164;
  /** What number portability answered, where that is something. */
  readonly ported: Ported;
  /** Undefined where nothing is said of who calls. */
  readonly caller: Caller | undefined;
  readonly at: InstantUs;
}

/** Which carriers a call takes, by the decision of the routing service; a refusal is part of the answer. */
export function routedCallOf(compiled: CompiledDocument, call: StatedRoutedCall, position: number): RoutedCall {
  const read = readCall(compiled, call);
  const about = { id: call.id, ...(read.ok ? { plan: read.value.plan.stated.name } : {}), number: call.number };
  const refused = (why: Refused, more: Partial<RoutedCall> = {}): RoutedCall => ({ ...about, carriers: [], excluded: [], ...more, refusal: refusalOf(position, why) });
  if (!read.ok) return refused(read.refusal);
  const { plan, called, caller, ported: { routedBy }, at } = read.value;
  const numbers = {
    e164: called, ...(routedBy === undefined ? {} : { routedBy }),
    ...(caller === undefined ? {} : { caller: caller.kind === 'number' ? caller.e164 : caller.kind }),
  };
  const admission = admit({ called, atUs: at, plan: plan.routing, screening: plan.screening });
  if (!admission.admitted) return refused(admissionRefusal(admission.refusal), numbers);
  const { notice } = admission;
  const told = { ...numbers, ...(notice === undefined ? {} : { notice: { list: notice.list, ...notice.entry } }) };
  const sale = compiled.sales.of({ plan: plan.stated, called, at });
  if (!sale.ok && !isSoldOverSome(compiled, read.value)) return refused({ code: sale.refusal.code, field: 'number', facts: { ...sale.refusal } }, told);
  const overAll = sale.ok ? sale.value : undefined;
  const sold = { ...told, ...(overAll === undefined ? {} : { sell: sellText(overAll, plan) }) };
  const decision = decide(compiled, read.value, overAll, sale.ok);
  const excluded = decision.excluded.map(({ carrier, why }) => excludedOf(carrier.carrierCode, why));
  if (!decision.routed) return refused(decisionRefusal(decision.refusal), { ...sold, excluded });
  const carriers = decision.carriers.map((offer, at_) => carrierOf(offer, at_ + 1, read.value, overAll));
  return { ...about, ...sold, carriers, excluded, ...(call.attempts.length === 0 ? {} : { next: nextOf(call, carriers, plan) }) };
}

function readCall({ stated, plans, accounts }: CompiledDocument, call: StatedRoutedCall): Result<ReadCall, Refused> {
  const account = accounts.get(call.account ?? '');
  if (call.account !== undefined && account === undefined) return refuse({ code: 'unknown_account', field: 'account' });
  const plan = plans.get(call.plan ?? account?.plan ?? '');
  if (plan === undefined) return refuse({ code: 'unknown_plan', field: 'plan' });
  const options = dialling(stated, call);
  const told = portedNumberOf(call.number);
  const called = normalizeE164(told.number, options);
  if (!called.ok) return refuse({ code: called.refusal.code, field: 'number' });
  const routingNumber = call.routingNumber ?? told.routingNumber;
  const ported = portedOf({ routingNumber: routingNumber === undefined ? undefined : normalizeE164(routingNumber, options), npdi: told.npdi }, called.value);
  if (!ported.ok) return refuse({ code: ported.refusal.code, field: 'routingNumber' });
  const caller = call.caller === undefined ? undefined : callerOf(call.caller, options);
  return ok({ call, plan, called: called.value, ported: ported.value, caller, at: instantUs(usOfWritten(call.start, plan.stated.timeZone)) });
}

/** How numbers are dialled where the call comes from. */
function dialling({ switches }: RouteDocument, call: StatedRoutedCall): NormalizeOptions {
  const from = switches.find(({ name }) => name === call.switch);
  if (from === undefined) return {};
  const { internationalPrefixes, technicalPrefixes, country } = from;
  return { technicalPrefixes, ...(internationalPrefixes === undefined ? {} : { internationalPrefixes }), ...(country === undefined ? {} : { country }) };
}

/** Whether customers pay by a plan of their own over a carrier, and that plan sells the call. */
function isSoldOverSome({ sellBy: retailBy, sales }: CompiledDocument, { plan: { stated: plan }, called, at }: ReadCall): boolean {
  return [...new Set(retailBy.values())].some((sellBy) => {
    const own = sales.of({ plan, sellBy, called, at });
    return own.ok && own.value !== undefined;
  });
}

function decide(compiled: CompiledDocument, { call, plan, called, ported, at }: ReadCall, sale: Sale | undefined, isSoldOverOthers: boolean): RouteDecision {
  const { account, codecs, attestation } = call;
  const gatewayAccess = gatewayAccessOf(compiled, account);
  const question = {
    e164: called, ...ported, atUs: at, plan: plan.routing, callId: call.id,
    ...sellOf(compiled, { plan, called, at }, sale),
    ...(account === undefined ? {} : { account }),
    ...(gatewayAccess === undefined ? {} : { gatewayAccess }),
    ...(codecs === undefined ? {} : { codecs }),
    ...(attestation === undefined ? {} : { attestation }),
  };
  const of = ({ carrierCode }: { readonly carrierCode: string }): CarrierFacts => {
    const facts = compiled.facts.get(carrierCode) ?? {};
    const retail = compiled.sellBy.get(carrierCode);
    if (retail === undefined) return isSoldOverOthers ? facts : { ...facts, sellPriceNanos: UNSOLD };
    const own = compiled.sales.of({ plan: plan.stated, sellBy: retail, called, at });
    return { ...facts, sellPriceNanos: own.ok && own.value !== undefined ? own.value.priceNanos : UNSOLD };
  };
  return route(question, compiled.index, { of }, compiled.exchangeRates);
}

/** What carriers are measured against. A plan that sells by the carrier only has no price beside, and a currency all the same. */
function sellOf(compiled: CompiledDocument, call: Pick<ReadCall, 'plan' | 'called' | 'at'>, sale: Sale | undefined): Pick<RouteQuestion, 'sell'> {
  if (sale === undefined && compiled.sellBy.size === 0) return {};
  const told = sale ?? { ratePerMinNanos: 0, priceNanos: Infinity, currency: call.plan.stated.currency };
  return { sell: { ...told, ratePerMinNanos: dearestRate(compiled, call, told) } };
}

/** Of the sales over all carriers, as a live quote has it; only a destination rate limit looks at it. */
function dearestRate({ sellBy: retailBy, sales }: CompiledDocument, { plan: { stated: plan }, called, at }: Pick<ReadCall, 'plan' | 'called' | 'at'>, sale: SellRate): number {
  if (plan.routing.sellRateMax === undefined) return sale.ratePerMinNanos;
  const own = [...new Set(retailBy.values())].map((sellBy) => sales.of({ plan, sellBy, called, at }));
  return Math.max(sale.ratePerMinNanos, ...own.flatMap((each) => (each.ok && each.value !== undefined ? [each.value.ratePerMinNanos] : [])));
}

function carrierOf(offer: RankedOffer, place: number, { plan, called, ported, caller }: ReadCall, sale: Sale | undefined): RoutedCarrier {
  const { carrier: { carrierCode, gateway: only }, prefix, ratePerMinNanos, priceNanos, converted, currency, gateways: [first, ...further] } = offer;
  const compared = converted ?? { priceNanos, currency };
  const soldForNanos = offer.sellPriceNanos ?? sale?.priceNanos;
  return {
    place, carrier: carrierCode, ...addressed(first?.gateway ?? only, called, ported, caller),
    ...(first === undefined || first.name === '' ? {} : { gateway: first.name, furtherGateways: further.map(({ name, gateway }) => ({ name, ...addressed(gateway, called, ported, caller) })) }),
    prefix, ratePerMin: money(ratePerMinNanos), price: money(priceNanos), currency,
    ...(converted === undefined ? {} : { converted: { price: money(converted.priceNanos), currency: converted.currency } }),
    ...(soldForNanos === undefined || plan.stated.currency !== compared.currency ? {} : { margin: money(soldForNanos - compared.priceNanos) }),
    why: offer.place, reason: placeReason(offer),
  };
}

function addressed(gateway: Gateway, called: E164, ported: Ported, caller: Caller | undefined): GatewayAddress {
  const presented = gateway.callerId && presentedCallerId(gateway.callerId, caller);
  const { number, presentation } = presented ?? {};
  return {
    number: numberForCarrier(called, gateway, ported), address: gateway.address, protocol: gateway.tech, timeoutSec: gateway.timeoutSec,
    ...(presentation === undefined ? {} : { callerId: { ...(number === undefined || number === '' ? {} : { number }), presentation } }),
  };
}

function sellText({ prefix, ratePerMinNanos, priceNanos, currency }: Sale, plan: CompiledPlan): NonNullable<RoutedCall['sell']> {
  return { prefix, ratePerMin: money(ratePerMinNanos), price: money(priceNanos), currency, expectedSec: plan.stated.routing.expectedSec };
}

function excludedOf(carrier: string, why: Exclusion): ExcludedCarrier {
  const { code, ...facts } = why;
  return { carrier, code, reason: exclusionReason(why), ...factsText(facts) };
}

/** The first carrier that was not tried, as long as every attempt ended with a cause that goes on. */
function nextOf({ attempts }: StatedRoutedCall, carriers: readonly RoutedCarrier[], { failover }: CompiledPlan): string | null {
  const causes = attempts.map(({ q850, sip, disposition = '' }): AttemptCause => (q850 !== undefined ? { q850 } : sip !== undefined ? { sip } : { disposition }));
  if (!causes.every((cause) => goesOn(cause, failover))) return null;
  return carriers.find(({ carrier }) => !attempts.some((attempt) => attempt.carrier === carrier))?.carrier ?? null;
}

type AdmissionRefused = Extract<ReturnType<typeof admit>, { admitted: false }>['refusal'];

function admissionRefusal(refusal: AdmissionRefused): Refused {
  switch (refusal.code) {
    case 'plan_not_in_force':
      return { code: refusal.code, field: 'start' };
    case 'destination_banned':
      return { code: refusal.code, field: 'number', facts: { prefix: refusal.prefix } };
    case 'number_blacklisted':
      return { code: refusal.code, field: 'number', facts: { ...refusal.entry } };
  }
}

function decisionRefusal(refusal: DecisionRefusal): Refused {
  switch (refusal.code) {
    case 'plan_not_in_force':
    case 'destination_banned':
      return admissionRefusal(refusal);
    case 'sell_rate_above_limit':
      return { code: refusal.code, field: 'number', facts: { ...rateLimitFacts(refusal) } };
    case 'no_route':
      return { code: refusal.code, field: 'number' };
  }
}

/** The numeric codes of the documented switches. */
const DISCONNECT_CODES: Readonly<Record<string, number>> = { no_sell_rate: 111, destination_blocked: 112, no_route: 113, sell_rate_above_limit: 8006 };

function refusalOf(position: number, { code, field, facts = {} }: Refused): RouteRefusal {
  const { code: _, ...further } = facts;
  const disconnectCode = DISCONNECT_CODES[code];
  return {
    code,
    ...(disconnectCode === undefined ? {} : { disconnectCode }),
    detail: isRefusalCode(code) ? refusals[code].title : code,
    field: pathText(['calls', position, ...(field === '' ? [] : [field])]),
    ...factsText(further),
  };
}

/** Facts as text; amounts in units of the currency, instants as ISO 8601. */
function factsText(facts: Readonly<Record<string, unknown>>): { readonly facts?: Readonly<Record<string, string>> } {
  const told = Object.entries(facts).flatMap(([fact, value]): [string, string][] => {
    if (value === undefined) return [];
    if (fact.endsWith('Us')) return [[fact.slice(0, -2), new Date(Number(value) / 1000).toISOString()]];
    if (/Nanos(Min)?$/.test(fact)) return [[fact.replace('Nanos', ''), money(Number(value))]];
    if (Array.isArray(value)) return [[fact, value.join(', ')]];
    if (typeof value === 'object') return Object.entries(value ?? {}).map(([name, each]): [string, string] => [name, String(each)]);
    return [[fact, typeof value === 'string' ? value : JSON.stringify(value)]];
  });
  return told.length === 0 ? {} : { facts: Object.fromEntries(told) };
}

function money(nanos: number): string {
  return formatNanos(BigInt(nanos));
}
