import { isRefusalCode, refusals } from '@tollwire/contracts';
import { assert, instantUs, ok, refuse, type Result } from '@tollwire/core';
import { callSecMax, durationSecMax, type Schedule } from '@tollwire/telecom';
import { type EndedCall, rateCall, type RatedCall } from '../domain/rate-call.ts';
import type { RatingTables } from '../domain/tables.ts';
import { pricedBuyOf, marginOf } from './buy-side.ts';
import { type CallTimes, timesOf } from './call-times.ts';
import { connectingCarrierOf, type PriceDocument, type StatedCall } from './document.schema.ts';
import { pathText } from './parse.ts';
import { type Payer, payerOf } from './payer.ts';
import { amountOf, type Conversation, decimal, emptySideOf, pricedSideOf } from './price-side.ts';
import type { CallRefusal, InterimPart, PricedCall } from './priced-call.ts';
import { sellFactsOf } from './resolved.ts';

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

/** What a call costs, by the search and the arithmetic of the rating service; a refusal is part of the answer. */
export function pricedCallOf(document: PriceDocument, { position, call, tables }: CallToPrice): PricedCall {
  const { id, number } = call;
  const payer = payerOf(document, call);
  if (!payer.ok) return { id, number, refusal: refusalOf(position, payer.refusal) };
  const about = { id, plan: payer.value.plan.name, number };
  const times = timesOf(call, payer.value.plan.timeZone);
  const limit = limitOf(call, times, payer.value, tables);
  if (!limit.ok) return { ...about, refusal: refusalOf(position, limit.refusal) };
  const limited = limit.value === undefined ? {} : { maxDurationSec: limit.value };
  if (limit.value === 0 && call.credit !== undefined) return { ...about, ...limited, refusal: refusalOf(position, { code: 'insufficient_credit', field: 'credit' }) };
  const ended = endedCallOf(call, times, limit.value ?? 0);
  const rated = rateCall(ended, payer.value.subscriber, tables);
  if (!rated.ok) return { ...about, ...limited, refusal: refusalOf(position, refusedBy(rated.refusal)) };
  return { ...about, ...limited, ...priceOfRated(call, ended, rated.value, payer.value, tables) };
}

/** The longest call, where credit or a limit is asked about, or a maximum cost ends it; undefined: none of them. */
function limitOf(call: StatedCall, { answeredAt }: CallTimes, { subscriber }: Payer, tables: RatingTables): Result<number | undefined, Refused> {
  if (answeredAt === undefined) return ok(undefined);
  const { credit, wantedSec = callSecMax, allowanceSec } = call;
  const isAsked = credit !== undefined || call.wantedSec !== undefined;
  const facts = sellFactsOf(tables, subscriber, call.number, answeredAt, wantedSec);
  if (!facts.ok) return isAsked ? refuse(refusedBy(facts.refusal)) : ok(undefined);
  const { schedule } = facts.value;
  if (!isAsked && schedule.terms.maxCost?.strategy !== 'disconnect') return ok(undefined);
  return ok(durationSecMax(schedule, credit ?? AMOUNT_NANOS_MAX, wantedSec, allowanceSec));
}

/** A call of which nobody says how long it lasts is as long as it may be. */
function endedCallOf(call: StatedCall, { startedAt, answeredAt, endedAt }: CallTimes, limitSec: number): EndedCall {
  const end = endedAt ?? instantUs((answeredAt ?? startedAt) + limitSec * 1_000_000);
  return { calledNumber: call.number, startedAt, answeredAt, endedAt: end, carrierCode: connectingCarrierOf(call) ?? '', preRatedSell: undefined };
}

function priceOfRated(call: StatedCall, ended: EndedCall, rated: RatedCall, { subscriber }: Payer, tables: RatingTables): Partial<PricedCall> {
  const { sell, durationSec } = rated;
  const answered = ended.answeredAt !== undefined;
  const at = ended.answeredAt ?? ended.startedAt;
  const talk: Conversation = { answered, durationSec, allowanceSec: call.allowanceSec, failedAttemptCount: sell.derivation?.failedAttemptCount ?? 0 };
  const facts = sell.derivation === undefined ? undefined : sellFactsOf(tables, subscriber, call.number, at, durationSec);
  const side = facts?.ok === true ? pricedSideOf(facts.value, talk) : emptySideOf(sell.amount.currency);
  // The schedule is what the engine rated by, or this is no simulation of it.
  assert(call.allowanceSec > 0 || side.amount === decimal(sell.amount.nanos), `call ${call.id} comes to ${side.amount} and to ${decimal(sell.amount.nanos)}`);
  const buy = pricedBuyOf(call, ended, rated, subscriber.plan, tables);
  return {
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
