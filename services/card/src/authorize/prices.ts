import type { MessageInitShape } from '@bufbuild/protobuf';
import { scheduleMessageOf, scheduleOfSide } from '@tollwire/contracts';
import type { CodedRefusal, Quoted, RatedSide, RouteItemSchema, RouteResult } from '@tollwire/contracts';
import { ok, present, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import { askTogether } from '@tollwire/messaging';
import { exchangeFactor, floor, isBySecond, NO_ALLOWANCE, priceOf, rational, times } from '@tollwire/telecom';
import type { Allowance, CoveredFees, Schedule } from '@tollwire/telecom';
import type { CardDeps } from '../card.deps.ts';
import { refusalOf } from '../wire/refusal.ts';
import type { Asked } from './asked.ts';
import type { Caller } from './callers.ts';

/** A call whose caller may call. */
export interface Admitted {
  readonly asked: Asked;
  readonly caller: Caller;
}

/** What the call is sold for. */
export interface Sell {
  /** What the call begins with, for the margin over a carrier. */
  readonly ratePerMinNanos: bigint;
  readonly schedule: Schedule;
  /** Seconds that are free for this call, and held for it. */
  readonly allowance: Allowance;
  readonly prefix: string;
  /** Of a plan that sells by the carrier: what the call sells for over each. Until its carriers are known, the terms above are the dearest. */
  readonly byCarrier?: readonly CarrierTerms[];
}

/** What a call sells for over a carrier; an empty code: over all that are not named. Without terms it is not sold over it. */
interface CarrierTerms {
  readonly carrierCode: string;
  readonly terms: Pick<Sell, 'ratePerMinNanos' | 'schedule' | 'prefix'> | undefined;
}

type QuoteDeps = Pick<CardDeps, 'rating' | 'policy' | 'clock'>;

/**
 * The sell price of each call, in order, by one request to rating. Free seconds of who pays are held for the call for as
 * long as a reservation can last; give them up by `releaseHolds` where the call is refused after all.
 */
export async function quoteAll({ rating, policy, clock }: QuoteDeps, calls: readonly Admitted[]): Promise<Result<Sell, CodedRefusal>[]> {
  const untilUs = BigInt(clock.nowUs()) + BigInt(policy.callSecMax + policy.graceSec) * 1_000_000n;
  const items = calls.map(({ asked, caller: { plan, startpulseSec, frequencySec, incomingLeg } }) => ({
    plan: { plan },
    e164: asked.e164,
    atUs: BigInt(asked.at),
    durationSec: 0,
    startpulseSec,
    frequencySec,
    incomingLeg,
    charged: asked.charged,
    routingNumber: asked.routedBy ?? '',
    withoutSteps: true,
    hold: { call: asked.call, untilUs, durationSec: policy.callSecMax },
  }));
  const replies = await askTogether(items, async (some) => resultsOf(await rating.quote({ items: [...some] })));
  return replies.map((reply, at) => {
    if (!reply.ok) return reply;
    const { result } = reply.value;
    if (result.case === 'quoted') return sellOf(result.value, present(calls[at], 'the call asked about').caller.currency);
    return refuse(refusalOf(result.value));
  });
}

/**
 * Gives up what is held for calls which are refused: their free seconds, and the number that their carriers were found by. Where rating
 * does not hear it, the holds end by themselves.
 */
export async function releaseHolds(allowances: CardDeps['allowances'], refused: readonly (Admitted & { readonly sell?: Sell })[]): Promise<void> {
  const calls = refused.filter(({ asked, sell }) => sell === undefined || sell.allowance.sec > 0 || asked.routedBy !== undefined).map(({ asked }) => asked.call);
  if (calls.length > 0) await allowances.releaseHolds({ calls });
}

/** A refusal of routing, with what it decided of each carrier; without that where it did not answer. */
export interface RouteRefusal extends CodedRefusal {
  readonly route?: RouteResult;
}

/** The carriers of each call, in order, by one request to routing. A call that has no price takes no capacity, and is asked about for what goes before prices. */
export async function routeAll(
  routing: CardDeps['routing'],
  calls: readonly (Admitted & { readonly sell?: Sell })[],
): Promise<Result<RouteResult, RouteRefusal>[]> {
  const items = calls.map(({ asked, caller, sell }) => ({
    plan: { plan: caller.plan },
    e164: asked.e164,
    atUs: BigInt(asked.at),
    callId: asked.callKey,
    ...(sell === undefined ? {} : { sellRatePerMinNanos: sell.ratePerMinNanos, hasSellRate: true, sellCurrency: caller.currency, takesCapacity: true, ...saleOf(sell) }),
    accountCode: asked.party.kind === 'account' ? asked.party.code : '',
    codecs: [...(asked.codecs ?? [])],
    attestation: asked.attestation ?? '',
    routingNumber: asked.routedBy ?? '',
    npdi: asked.npdi ?? false,
    ...(asked.cli === undefined ? {} : { cli: asked.cli }),
    ...(caller.gateways === undefined ? {} : { gatewayIds: [...caller.gateways.gatewayIds], gatewayGroupIds: [...caller.gateways.gatewayGroupIds] }),
  }));
  const replies = await askTogether(items, async (some) => resultsOf(await routing.route({ items: [...some] })));
  return replies.map((reply) => (reply.ok && reply.value.refusal !== undefined ? refuse({ ...refusalOf(reply.value.refusal), route: reply.value }) : reply));
}

/** What routing measures losses by, beyond the rate by the second. */
function saleOf({ schedule, byCarrier = [] }: Sell): Pick<MessageInitShape<typeof RouteItemSchema>, 'sellSchedule' | 'sales' | 'sellRoundingDecimals' | 'sellRoundingMode'> {
  const sales = byCarrier.map(({ carrierCode, terms }) =>
    terms === undefined ? { carrierCode, unsold: true } : { carrierCode, ratePerMinNanos: terms.ratePerMinNanos, schedule: scheduleMessageOf(terms.schedule) });
  const { decimals: sellRoundingDecimals, mode: sellRoundingMode } = schedule.rounding;
  return { sellRoundingDecimals, sellRoundingMode, ...(isBySecond(schedule) ? {} : { sellSchedule: scheduleMessageOf(schedule) }), ...(sales.length === 0 ? {} : { sales }) };
}

/**
 * The terms that a call is reserved by once its carriers are known: where its plan sells by the carrier, the dearest of those that it may go
 * over, by the price of a minute.
 */
export function reservedBy(sell: Sell, { carriers }: Pick<RouteResult, 'carriers'>): Sell {
  const { byCarrier } = sell;
  if (byCarrier === undefined) return sell;
  const termsOver = (code: string) => (byCarrier.find(({ carrierCode }) => carrierCode === code) ?? byCarrier.find(({ carrierCode }) => carrierCode === ''))?.terms;
  const dearest = carriers.flatMap(({ carrierCode }) => termsOver(carrierCode) ?? []).sort((one, other) => Number(minuteOf(other) - minuteOf(one)))[0];
  return dearest === undefined ? sell : { ...sell, ...dearest };
}

function minuteOf({ schedule }: Pick<Sell, 'schedule'>): bigint {
  return priceOf(schedule, 60).amount;
}

function resultsOf<Each>(reply: Result<{ readonly results: readonly Each[] }, CodedRefusal>): Result<readonly Each[], CodedRefusal> {
  return reply.ok ? ok(reply.value.results) : reply;
}

function sellOf({ sell, allowanceSec, allowanceCovers, byCarrier }: Quoted, currency: string): Result<Sell, CodedRefusal> {
  const terms = sell === undefined ? undefined : termsOfSide(sell);
  if (sell?.amount === undefined || terms === undefined) return refuse({ code: 'service_unavailable', detail: 'Rating answered without terms.' });
  if (sell.amount.currency !== currency) {
    return refuse({ code: 'currency_mismatch', detail: `The account is kept in ${currency}, the plan is sold in ${sell.amount.currency}.` });
  }
  const covers = coverages.find((name) => name === allowanceCovers) ?? 'none';
  const allowance = allowanceSec === 0 ? NO_ALLOWANCE : { sec: allowanceSec, covers };
  if (byCarrier.length === 0) return ok({ ...terms, allowance });
  const over = byCarrier.map(({ carrierCode, result }) => ({ carrierCode, terms: result.case === 'sell' ? termsOfSide(result.value) : undefined }));
  return ok({ ...terms, allowance, byCarrier: over });
}

function termsOfSide(side: RatedSide): Pick<Sell, 'ratePerMinNanos' | 'schedule' | 'prefix'> | undefined {
  const schedule = scheduleOfSide(side);
  return schedule === undefined ? undefined : { ratePerMinNanos: ratePerMinOf(side, schedule), schedule, prefix: side.prefix };
}

/** What the call begins with in the currency of the plan, whole nanos down: a margin over it is never told too high. */
function ratePerMinOf({ ratePerMinNanos }: RatedSide, { exchange }: Schedule): bigint {
  return exchange === undefined ? ratePerMinNanos : floor(times(rational(ratePerMinNanos), exchangeFactor(exchange.rates)));
}

const coverages: readonly CoveredFees[] = ['none', 'connect', 'all'];
