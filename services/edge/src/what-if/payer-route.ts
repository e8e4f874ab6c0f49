import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ChargedPartySchema, CodedRefusal, SellPlanRef } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { EdgeAskers } from '../edge.deps.ts';
import { refusalOfWire } from '../http/wire-refusal.ts';
import { saleTermsOf, type SaleTerms, soldOf } from './sold.ts';

/** The plan of somebody who pays, and what it sells a call for. */
export interface PayersSale extends SaleTerms {
  readonly plan: SellPlanRef;
  readonly sellRatePerMinNanos: bigint;
  readonly sellCurrency: string;
}

/** Asks rating by which plan a call of somebody would be sold, and for what: as it is when they are authorized. */
export async function payersSale(
  { rating }: Pick<EdgeAskers, 'rating'>, charged: MessageInitShape<typeof ChargedPartySchema>, e164: string, atUs: bigint,
): Promise<Result<PayersSale, CodedRefusal>> {
  const names = { e164: 'calledNumber', charged: charged.party?.case ?? 'charged' };
  const quotes = await rating.quote({ items: [{ charged, e164, atUs, withoutSteps: true }] });
  if (!quotes.ok) return quotes;
  const result = quotes.value.results[0]?.result;
  if (result?.case !== 'quoted') return refuse(refusalOfWire(result?.value, names));
  const sold = soldOf(result.value, 0);
  if (sold === undefined || result.value.plan === undefined) return refuse({ code: 'service_unavailable', detail: 'Rating answered without a plan; it is being renewed.' });
  return ok({ plan: result.value.plan, sellRatePerMinNanos: sold.ratePerMinNanos, sellCurrency: sold.currency, ...saleTermsOf(result.value, 0) });
}
