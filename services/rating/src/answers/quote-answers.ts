import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CarrierQuoteSchema, CodedRefusal, QuoteItem, QuoteReplySchema, QuoteRequest, QuoteResultSchema } from '@tollwire/contracts';
import { instantUs, ok, refuse, type Result } from '@tollwire/core';
import { callSecMax, normalizeE164, type Pulses } from '@tollwire/telecom';
import { allowanceOf, type Draw } from '../domain/allowance.ts';
import { type CarrierQuote, dearestOf, quote, type QuoteQuestion, type QuoteRefusal, quotesByCarrier } from '../domain/quote.ts';
import type { Subscriber } from '../domain/rate-call.ts';
import type { RatingTables } from '../domain/tables.ts';
import { sideOf } from '../wire/call-rated.ts';
import { planOfRef, refOfPlan } from '../wire/plan-ref.ts';
import { priceLinesOf } from '../wire/price-lines.ts';
import { quoteSteps } from './explain.ts';

type QuoteReplyInit = MessageInitShape<typeof QuoteReplySchema>;
type QuoteResultInit = MessageInitShape<typeof QuoteResultSchema>;

/** Questions in one request; a reply to more would not fit into a message. */
const ITEMS_MAX = 1_000;

/** Free seconds that are offered to items of a request, where there are any. */
export type Offers = ReadonlyMap<QuoteItem, readonly Draw[]>;

/** Answers a batch of quotes, all from the same tables, each with the free seconds that it is offered. */
export function quoteBatch({ items }: QuoteRequest, tables: RatingTables, offers: Offers = new Map()): Result<QuoteReplyInit, CodedRefusal> {
  if (items.length > ITEMS_MAX) return refuse({ code: 'too_many_items', field: 'items', facts: { itemsMax: String(ITEMS_MAX) } });
  return ok({ results: items.map((item) => answerOf(item, tables, offers.get(item) ?? [])) });
}

/** The answer to one question, with the free seconds that it is offered; `payer` stands for the plan and the pulses of the question. */
export function answerOf(item: QuoteItem, tables: RatingTables, offered: readonly Draw[], payer?: Subscriber): QuoteResultInit {
  const question = questionOf(item, payer);
  if (!question.ok) return refused(question.refusal);
  const byCarrier = quotesByCarrier(question.value, tables, offered);
  const quoted = byCarrier.length === 0 ? quote(question.value, tables, offered) : dearestOf(byCarrier, question.value.durationSec);
  if (!quoted.ok) return refused(withFacts(quoted.refusal), question.value.subscriber.plan);
  const { subscriber, number, durationSec } = question.value;
  const { sec, covers } = allowanceOf(offered);
  const free = sec === 0 ? {} : { allowanceSec: sec, allowanceCovers: covers };
  const steps = item.withoutSteps ? [] : quoteSteps(quoted.value, subscriber.plan, number, durationSec);
  const derivation = item.withoutSteps ? [] : priceLinesOf(quoted.value.side, { answered: true, durationSec });
  return { result: { case: 'quoted', value: { sell: sideOf(quoted.value.side), steps, derivation, plan: refOfPlan(subscriber.plan), byCarrier: byCarrier.map(carrierQuoteOf), ...free } } };
}

function carrierQuoteOf({ carrierCode, quoted }: CarrierQuote): MessageInitShape<typeof CarrierQuoteSchema> {
  if (quoted.ok) return { carrierCode, result: { case: 'sell', value: sideOf(quoted.value.side) } };
  const { code, ...facts } = quoted.refusal;
  return { carrierCode, result: { case: 'refusal', value: { code, facts: { ...facts } } } };
}

/** Reads an item. Refuses what is missing or outside its range, naming the field. */
export function questionOf(item: QuoteItem, payer?: Subscriber): Result<QuoteQuestion, CodedRefusal> {
  const plan = payer?.plan ?? planOfRef(item.plan);
  if (plan === undefined) return refuse({ code: 'field_missing', field: 'plan' });
  if (item.atUs <= 0n || item.atUs > BigInt(Number.MAX_SAFE_INTEGER)) return refuse({ code: 'field_out_of_range', field: 'atUs' });
  if (item.durationSec > callSecMax) return refuse({ code: 'duration_malformed', field: 'durationSec' });
  if (item.frequencySec > callSecMax) return refuse({ code: 'field_out_of_range', field: 'frequencySec' });
  if (item.startpulseSec > callSecMax) return refuse({ code: 'field_out_of_range', field: 'startpulseSec' });
  if (item.hold !== undefined && (item.hold.call?.callId ?? '') === '') return refuse({ code: 'field_missing', field: 'hold.call' });
  if (item.hold !== undefined && item.charged?.party.case === undefined) return refuse({ code: 'field_missing', field: 'charged' });
  if ((item.hold?.durationSec ?? 0) > callSecMax) return refuse({ code: 'duration_malformed', field: 'hold.durationSec' });
  const ported = item.routingNumber === '' ? undefined : normalizeE164(item.routingNumber);
  if (ported?.ok === false) return refuse({ code: ported.refusal.code, field: 'routingNumber' });
  const pulses = item.frequencySec === 0 ? undefined : pulsesOf(item);
  return ok({ subscriber: payer ?? { plan, pulses }, number: item.e164, at: instantUs(Number(item.atUs)), durationSec: item.durationSec });
}

function pulsesOf({ startpulseSec, frequencySec, incomingLeg }: QuoteItem): Pulses {
  return { policy: incomingLeg ? 'incoming_leg' : 'first_pulse', startpulseSec, frequencySec };
}

/** What to do next, where a code alone does not say it. */
const advice: Partial<Record<QuoteRefusal['code'], string>> = {
  no_sell_rate: 'Put a deck in force for the plan with a prefix of this number, or check plan, number and time.',
  no_exchange_rate: 'Set an exchange rate between the two currencies that holds then: ./tollwire exchange-rate set.',
  number_not_international: 'Give the number in international form, as +43… or 0043….',
};

function withFacts({ code, ...facts }: QuoteRefusal): CodedRefusal {
  const detail = advice[code];
  return { code, ...(detail === undefined ? {} : { detail }), facts: { ...facts } };
}

/** A refusal as the result of a question, and the plan that it was asked of where that is known. */
export function refused({ code, detail = '', field = '', facts = {} }: CodedRefusal, plan?: Subscriber['plan']): QuoteResultInit {
  return { ...(plan === undefined ? {} : { plan: refOfPlan(plan) }), result: { case: 'refusal', value: { code, detail, field, facts: { ...facts } } } };
}
