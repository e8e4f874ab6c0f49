import { isRefusalCode, refusals } from '@tollwire/contracts';
import { assert, instantUs, ok, refuse, type Result } from '@tollwire/core';
import { type Allowance, callSecMax, durationSecMax, longest, normalizeE164, priceBeside, priceOf, type Schedule } from '@tollwire/telecom';
import { allowanceOf, type Draw } from '../domain/allowance.ts';
import { chargeableSec, type EndedCall, rateCall, type RatedCall, withDraws } from '../domain/rate-call.ts';
import type { RatingTables } from '../domain/tables.ts';
import { pricedBuyOf, marginOf } from './buy-side.ts';
import { type CallTimes, timesOf } from './call-times.ts';
import { connectingCarrierOf, type PriceDocument, type StatedCall } from './document.schema.ts';
import type { FreeSeconds } from './free-seconds.ts';
import { pathText } from './parse.ts';
import { type Payer, payerOf } from './payer.ts';
import { amountOf, type Conversation, decimal, emptySideOf, pricedSideOf } from './price-side.ts';
import type { CallRefusal, InterimPart, PricedCall } from './priced-call.ts';
import { sellFactsOf } from './resolved.ts';
import { ratePlanOf } from './stated-plans.ts';

/** A call in the order of the document, and what it is priced by. */
export interface CallToPrice {
  readonly position: number;
  readonly call: StatedCall;
  readonly tables: RatingTables;
}

/** A refusal with the field of the call that it is about; empty: the call itself. */
interface Refused {
  readonly code: string;
  readonly field: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** The largest amount there is. */
const AMOUNT_NANOS_MAX = 2n ** 63n - 1n;

/** What a call costs, by the search and the arithmetic of the rating service, and what it uses of free seconds; a refusal is part of the answer. */
export function pricedCallOf(document: PriceDocument, { position, call, tables }: CallToPrice, free: FreeSeconds): PricedCall {
  const { id, number } = call;
  const payer = payerOf(document, call);
  if (!payer.ok) return { id, number, refusal: refusalOf(position, payer.refusal) };
  const about = { id, plan: payer.value.plan.name, number };
  const times = timesOf(call, payer.value.plan.timeZone);
  const e164 = normalizeE164(number);
  const using = { call, plan: payer.value.plan.name, at: times.answeredAt ?? times.startedAt, e164: e164.ok ? e164.value : undefined };
  const limit = limitOf(call, times, payer.value, tables, (sec) => allowanceTo(call, free.offeredTo(using, sec)));
  if (!limit.ok) return { ...about, refusal: refusalOf(position, limit.refusal) };
  const limited = limit.value === undefined ? {} : { maxDurationSec: limit.value };
  if (limit.value === 0 && call.credit !== undefined) return { ...about, ...limited, refusal: refusalOf(position, { code: 'insufficient_credit', field: 'credit' }) };
  const ended = endedCallOf(call, times, limit.value ?? 0);
  const rated = rateCall(ended, payer.value.subscriber, tables);
  if (!rated.ok) return { ...about, ...limited, refusal: refusalOf(position, refusedBy(rated.refusal)) };
  const { draws, charged } = chargedBeside(call, rated.value, (sec) => free.offeredTo(using, sec), withDraws(ended, payer.value.subscriber, tables));
  const priced = priceOfRated(document, { call, ended, rated: charged, payer: payer.value, tables }, allowanceTo(call, draws));
  return { ...about, ...limited, ...priced, ...(draws.length === 0 ? {} : { allowances: free.use(using, draws) }) };
}

/** What is free of a call: as many seconds as it says itself, or what it draws. */
function allowanceTo({ allowanceSec }: StatedCall, draws: readonly Draw[]): Allowance {
  return allowanceSec > 0 ? { sec: allowanceSec, covers: 'none' } : allowanceOf(draws);
}

interface ChargedBeside {
  readonly draws: readonly Draw[];
  readonly charged: RatedCall;
}

/** A call as it is charged: with free seconds, where those lower its price. */
function chargedBeside(call: StatedCall, rated: RatedCall, offered: (sec: number) => Draw[], beside: ReturnType<typeof withDraws>): ChargedBeside {
  const draws = call.allowanceSec > 0 ? [] : offered(chargeableSec(rated));
  const charged = draws.length === 0 ? undefined : beside(draws);
  return charged === undefined || charged.sell.amount.nanos >= rated.sell.amount.nanos ? { draws: [], charged: rated } : { draws, charged };
}

type FreeUpTo = (sec: number) => Allowance;

/** The longest call, where credit or a limit is asked about, or a maximum cost ends it; undefined: none of them. */
function limitOf(call: StatedCall, { answeredAt }: CallTimes, { subscriber }: Payer, tables: RatingTables, free: FreeUpTo): Result<number | undefined, Refused> {
  if (answeredAt === undefined) return ok(undefined);
  const { credit, wantedSec = callSecMax } = call;
  const isAsked = credit !== undefined || call.wantedSec !== undefined;
  const facts = sellFactsOf(tables, { subscriber, number: call.number, at: answeredAt, carrierCode: connectingCarrierOf(call) }, wantedSec);
  if (!facts.ok) return isAsked ? refuse(refusedBy(facts.refusal)) : ok(undefined);
  const { schedule } = facts.value;
  if (!isAsked && schedule.terms.maxCost?.strategy !== 'disconnect') return ok(undefined);
  const endsAt = durationSecMax(schedule, AMOUNT_NANOS_MAX, wantedSec, free(Infinity).sec);
  return ok(credit === undefined ? endsAt : longest((sec) => isPaidBy(credit, schedule, sec, free), endsAt));
}

function isPaidBy(credit: bigint, schedule: Schedule, durationSec: number, free: FreeUpTo): boolean {
  const { amount, billedSec } = priceOf(schedule, durationSec);
  return amount <= credit || priceBeside(schedule, durationSec, free(billedSec)).amount <= credit;
}

/** A call of which nobody says how long it lasts is as long as it may be. */
function endedCallOf(call: StatedCall, { startedAt, answeredAt, endedAt }: CallTimes, limitSec: number): EndedCall {
  const end = endedAt ?? instantUs((answeredAt ?? startedAt) + limitSec * 1_000_000);
  const ported = call.routingNumber === undefined ? {} : { routingNumber: call.routingNumber };
  return { calledNumber: call.number, ...ported, startedAt, answeredAt, endedAt: end, carrierCode: connectingCarrierOf(call) ?? '', preRatedSell: undefined };
}

interface CallRatedHere {
  readonly call: StatedCall;
  readonly ended: EndedCall;
  readonly rated: RatedCall;
  readonly payer: Payer;
  readonly tables: RatingTables;
}

function priceOfRated(document: PriceDocument, { call, ended, rated, payer: { subscriber }, tables }: CallRatedHere, allowance: Allowance): Partial<PricedCall> {
  const { sell, durationSec } = rated;
  const answered = ended.answeredAt !== undefined;
  const at = ended.answeredAt ?? ended.startedAt;
  const talk: Conversation = { answered, durationSec, allowance, failedAttemptCount: sell.derivation?.failedAttemptCount ?? 0 };
  const facts = sell.derivation === undefined ? undefined : sellFactsOf(tables, { subscriber, number: call.number, at, carrierCode: ended.carrierCode }, durationSec);
  const side = facts?.ok === true ? pricedSideOf(facts.value, talk) : emptySideOf(sell.amount.currency);
  // The schedule is what the engine rated by, or this is no simulation of it.
  assert(call.allowanceSec > 0 || side.amount === decimal(sell.amount.nanos), `call ${call.id} comes to ${side.amount} and to ${decimal(sell.amount.nanos)}`);
  const buy = pricedBuyOf(call, ended, rated, subscriber.plan, tables);
  return {
    ...(facts?.ok === true ? { ratePlan: ratePlanOf(document, facts.value.deck) } : {}),
    answered, durationSec, ...side,
    ...(call.interim === undefined || facts?.ok !== true ? {} : { interim: partsOf(facts.value.schedule, talk, call.interim) }),
    ...marginOf(side, buy, tables.exchangeRates, at),
  };
}

/** What a call has come to at each of its parts, less what it had come to before: so the parts sum to the whole. */
function partsOf(schedule: Schedule, talk: Conversation, interim: readonly number[]): InterimPart[] {
  const bounds = [...interim.filter((sec) => sec < talk.durationSec), talk.durationSec];
  let fromSec = 0;
  let told = 0n;
  return bounds.map((untilSec) => {
    const soFar = amountOf(schedule, { ...talk, durationSec: untilSec });
    const part = { fromSec, untilSec, amount: decimal(soFar - told) };
    fromSec = untilSec;
    told = soFar;
    return part;
  });
}

/** Which field of a call a refusal of the engine is about. */
const FIELDS: Readonly<Record<string, string>> = {
  number_malformed: 'number', number_not_international: 'number', no_sell_rate: 'number', destination_blocked: 'number',
  duration_malformed: 'durationSec', amount_malformed: 'durationSec', times_out_of_order: 'end', no_exchange_rate: 'plan',
};

function refusedBy({ code, ...facts }: { readonly code: string }): Refused {
  return { code, field: FIELDS[code] ?? '', facts };
}

function refusalOf(position: number, { code, field, facts = {} }: Refused): CallRefusal {
  const entries = Object.entries(facts).map(([fact, value]): [string, string] => [fact, String(value)]);
  return {
    code,
    detail: isRefusalCode(code) ? refusals[code].title : code,
    field: pathText(['calls', position, ...(field === '' ? [] : [field])]),
    ...(entries.length === 0 ? {} : { facts: Object.fromEntries<string>(entries) }),
  };
}
