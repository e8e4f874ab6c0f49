import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, QuoteItem, QuoteReplySchema, QuoteRequest, QuoteResultSchema } from '@tollwire/contracts';
import { instantUs, ok, refuse, type Result } from '@tollwire/core';
import { callSecMax, type Pulses } from '@tollwire/telecom';
import { quote, type QuoteQuestion, type QuoteRefusal } from '../domain/quote.ts';
import type { Subscriber } from '../domain/rate-call.ts';
import type { RatingTables } from '../domain/tables.ts';
import { sideOf } from '../wire/call-rated.ts';
import { planOfRef } from '../wire/plan-ref.ts';
import { quoteSteps } from './explain.ts';

type QuoteReplyInit = MessageInitShape<typeof QuoteReplySchema>;
type QuoteResultInit = MessageInitShape<typeof QuoteResultSchema>;

/** Questions in one request; a reply to more would not fit into a message. */
const ITEMS_MAX = 1_000;

/** Answers a batch of quotes from the tables that are in use now, all from the same. */
export function quoteBatch({ items }: QuoteRequest, tables: RatingTables): Result<QuoteReplyInit, CodedRefusal> {
  if (items.length > ITEMS_MAX) return refuse({ code: 'too_many_items', field: 'items', facts: { itemsMax: String(ITEMS_MAX) } });
  return ok({ results: items.map((item) => answerOf(item, tables)) });
}

/** The answer to one question; `payer` stands for the plan and the pulses of the question. */
export function answerOf(item: QuoteItem, tables: RatingTables, payer?: Subscriber): QuoteResultInit {
  const question = questionOf(item, payer);
  if (!question.ok) return refused(question.refusal);
  const quoted = quote(question.value, tables);
  if (!quoted.ok) return refused(withFacts(quoted.refusal));
  const { subscriber, number, durationSec } = question.value;
  return {
    result: {
      case: 'quoted',
      value: { sell: sideOf(quoted.value.side), steps: quoteSteps(quoted.value, subscriber.plan, number, durationSec) },
    },
  };
}

function questionOf(item: QuoteItem, payer: Subscriber | undefined): Result<QuoteQuestion, CodedRefusal> {
  const plan = payer?.plan ?? planOfRef(item.plan);
  if (plan === undefined) return refuse({ code: 'field_missing', field: 'plan' });
  if (item.atUs <= 0n || item.atUs > BigInt(Number.MAX_SAFE_INTEGER)) return refuse({ code: 'field_out_of_range', field: 'atUs' });
  if (item.durationSec > callSecMax) return refuse({ code: 'duration_malformed', field: 'durationSec' });
  if (item.frequencySec > callSecMax) return refuse({ code: 'field_out_of_range', field: 'frequencySec' });
  if (item.startpulseSec > callSecMax) return refuse({ code: 'field_out_of_range', field: 'startpulseSec' });
  const pulses = item.frequencySec === 0 ? undefined : pulsesOf(item);
  return ok({ subscriber: payer ?? { plan, pulses }, number: item.e164, at: instantUs(Number(item.atUs)), durationSec: item.durationSec });
}

function pulsesOf({ startpulseSec, frequencySec, incomingLeg }: QuoteItem): Pulses {
  return { policy: incomingLeg ? 'incoming_leg' : 'first_pulse', startpulseSec, frequencySec };
}

/** What to do next, where a code alone does not say it. */
const advice: Partial<Record<QuoteRefusal['code'], string>> = {
  no_sell_rate: 'Put a deck in force for the plan with a prefix of this number, or check plan, number and time.',
  number_not_international: 'Give the number in international form, as +43… or 0043….',
};

function withFacts({ code, ...facts }: QuoteRefusal): CodedRefusal {
  const detail = advice[code];
  return { code, ...(detail === undefined ? {} : { detail }), facts: { ...facts } };
}

/** A refusal as the result of a question. */
export function refused({ code, detail = '', field = '', facts = {} }: CodedRefusal): QuoteResultInit {
  return { result: { case: 'refusal', value: { code, detail, field, facts: { ...facts } } } };
}
