import type { MessageInitShape } from '@bufbuild/protobuf';
import { type ChargedPartySchema, type CodedRefusal, isBeforePrices, type RouteItem, type RouteResult, type SellPlanRef, type SellPlanRefSchema } from '@tollwire/contracts';
import { ok, present, refuse, type Result } from '@tollwire/core';
import type { EdgeAskers } from '../edge.deps.ts';
import { refusalOfWire } from '../http/wire-refusal.ts';
import { saleTermsOf, type SaleTerms, soldOf } from './sold.ts';

type ChargedParty = MessageInitShape<typeof ChargedPartySchema>;
type PlanRef = MessageInitShape<typeof SellPlanRefSchema>;

/** Whom such questions go to. */
export interface RouteAskers {
  readonly rating: Pick<EdgeAskers['rating'], 'quote'>;
  readonly routing: Pick<EdgeAskers['routing'], 'route'>;
}

/** What a call is asked to sell for, in place of all that a plan says. */
export interface StatedSale {
  readonly sellRatePerMinNanos: bigint;
  readonly sellCurrency: string;
}

/** A call whose route is asked for, but for its plan and what it sells for. */
export type AskedRoute = Pick<RouteItem, 'e164' | 'atUs'>
  & Partial<Pick<RouteItem, 'routingNumber' | 'npdi' | 'accountCode' | 'codecs' | 'attestation' | 'callId' | 'cli' | 'gatewayIds' | 'gatewayGroupIds'>>;

/** Asks routing for the carriers of a call by a plan; without a sale nothing is said of losses. */
export async function routeByPlan(
  { routing }: Pick<RouteAskers, 'routing'>, asked: AskedRoute, plan: PlanRef, sale?: StatedSale | (StatedSale & SaleTerms),
): Promise<Result<RouteResult, CodedRefusal>> {
  const reply = await routing.route({ items: [{ ...asked, ...sale, plan, hasSellRate: sale !== undefined, isQuestion: true }] });
  return reply.ok ? ok(present(reply.value.results[0], 'one result for the one route that was asked for')) : reply;
}

/**
 * The same for a call of somebody who pays, by their plan and for what it sells for: as it is when they are authorized. So a number without a price is
 * refused as banned or listed where it is that, too; and a sale that is stated needs no price.
 */
export async function routeOfPayer(
  ask: RouteAskers, asked: AskedRoute, payer: Payer, stated?: StatedSale,
): Promise<Result<RouteResult, CodedRefusal>> {
  const price = await payersPrice(ask, asked, payer);
  if (!price.ok) return price;
  const { plan } = price.value;
  if ('sale' in price.value) return await routeByPlan(ask, asked, plan, stated ?? price.value.sale);
  const route = await routeByPlan(ask, asked, plan, stated);
  const isAnswer = stated !== undefined || !route.ok || isBeforePrices(route.value.refusal?.code);
  return isAnswer ? route : refuse(price.value.unsold);
}

/** Who pays, and as of when the versions that price the call are looked up; 0: those in use. */
export interface Payer {
  readonly charged: ChargedParty;
  readonly knownAtUs: bigint;
}

/** By which plan a call of somebody would be sold, and for what, or why that plan does not sell it. */
type PayersPrice = { readonly plan: SellPlanRef; readonly sale: StatedSale & SaleTerms } | { readonly plan: SellPlanRef; readonly unsold: CodedRefusal };

/** Refuses where it is not known who that is, or what their plan is. */
async function payersPrice({ rating }: Pick<RouteAskers, 'rating'>, { e164, atUs }: AskedRoute, { charged, knownAtUs }: Payer): Promise<Result<PayersPrice, CodedRefusal>> {
  const names = { e164: 'calledNumber', charged: charged.party?.case ?? 'charged' };
  const quotes = await rating.quote({ items: [{ charged, e164, atUs, knownAtUs, withoutSteps: true }] });
  if (!quotes.ok) return quotes;
  const { result, plan } = present(quotes.value.results[0], 'one result for the one quote that was asked for');
  if (result.case !== 'quoted') {
    const unsold = refusalOfWire(result.value, names);
    return plan === undefined ? refuse(unsold) : ok({ plan, unsold });
  }
  const sold = soldOf(result.value, 0);
  if (sold === undefined || result.value.plan === undefined) return refuse({ code: 'service_unavailable', detail: 'Rating answered without a plan; it is being renewed.' });
  return ok({ plan: result.value.plan, sale: { sellRatePerMinNanos: sold.ratePerMinNanos, sellCurrency: sold.currency, ...saleTermsOf(result.value, 0) } });
}
