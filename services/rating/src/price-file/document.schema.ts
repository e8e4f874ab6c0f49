import { z } from 'zod';
import { allowance } from './allowance.schema.ts';
import { contradictionsIn } from './document-contradictions.ts';
import { amount, callInstant, currency, exchangeDecimal, name, timeZone, writtenInstant } from './fields.ts';
import { madeFrom } from './made-from.schema.ts';
import { pulses, rate, termsShape } from './rates.schema.ts';

const deckShape = {
  currency,
  timeZone: timeZone.default('UTC'),
  rates: z.array(rate).default([]),
  ...termsShape,
};

const rounding = z
  .strictObject({ decimals: z.int().min(0).max(9), mode: z.enum(['up', 'down', 'half_up']).default('half_up') })
  .meta({ description: 'The one rounding of a price; 4 decimals, half up, unless stated.' });

const retailLink = z.strictObject({
  plan: name,
  metric: z.int().min(0).max(1_000_000).default(0),
  validFrom: writtenInstant.optional().describe('Since when its rates are sold by, inclusive.'),
  validUntil: writtenInstant.optional().describe('Until when, exclusive.'),
});
const linksText = 'Makes it a voip_plan: the longest prefix over its own rates and these plans; of equally long ones its own, then the lowest metric, then the first.';

export const plan = z
  .strictObject({
    name,
    ...deckShape,
    rounding: rounding.default({ decimals: 4, mode: 'half_up' }),
    windowPolicy: z.enum(['split', 'start']).default('split').describe('Whether a call that crosses a window is split there, or keeps the one that it began in.'),
    retailPlans: z.array(retailLink).optional().describe(linksText),
    carriers: z.array(name).optional().describe('Makes it a voip_plan that buys from these carriers only; otherwise from all.'),
  })
  .meta({ id: 'plan', description: 'What customers pay: rates, and what is charged beside them where a rate says nothing else.' });

export const retailPlan = z
  .strictObject({ name, ...deckShape })
  .meta({ id: 'retailPlan', description: 'Rates that several plans sell by. Its terms are those of its rates that say nothing else.' });

export const carrier = z
  .strictObject({ code: name, ...deckShape })
  .meta({ id: 'carrier', description: 'What a carrier charges, rounded to a billionth.' });

export const exchangeRate = z
  .strictObject({
    base: currency,
    quote: currency,
    rate: exchangeDecimal,
    from: writtenInstant.optional().describe('Since when it counts, until the next one of the pair; always, where nothing is said. Without an offset: UTC.'),
    source: name.default('document').describe('Who says so.'),
  })
  .refine(({ base, quote }) => base !== quote, { path: ['quote'], message: 'must be another currency than base' })
  .meta({ id: 'exchangeRate', description: 'What one unit of base is worth in quote. Of two for one instant the later one of the list counts.' });

const answeredAs = ['ANSWER', 'ANSWERED', 'NORMAL_CLEARING'] as const;
const unansweredAs = ['NOANSWER', 'NO ANSWER', 'BUSY', 'CANCEL', 'FAILED', 'CONGESTION', 'CHANUNAVAIL'] as const;

const call = z
  .strictObject({
    id: name,
    plan: name.optional(),
    account: name.optional(),
    card: name.optional(),
    number: z.string().min(1).max(64),
    routingNumber: z.string().min(1).max(64).optional().describe('What a number portability lookup answered: what carriers take is looked up by it.'),
    start: callInstant.describe('When it was set up; without an answer, also when it was answered.'),
    answer: callInstant.optional(),
    answered: z.boolean().optional(),
    disposition: z.enum([...answeredAs, ...unansweredAs]).optional(),
    durationSec: z.number().min(0).max(1_000_000_000).optional().describe('How long the conversation was; begun seconds are charged whole.'),
    end: callInstant.optional(),
    carrier: name.optional().describe('The carrier that connected it; unless stated, that of the attempt that was answered.'),
    attempts: z.array(z.strictObject({ carrier: name, answered: z.boolean().default(false) })).max(100).default([])
      .describe('In their order; each that was not answered costs its attempt fee.'),
    credit: amount.optional().describe('The result says how long it pays for.'),
    wantedSec: z.int().min(1).max(604_800).optional().describe('The longest call that is wanted; a week unless stated.'),
    interim: z.array(z.int().max(1_000_000_000)).optional().describe('Seconds of the call at which parts of it were told, in rising order.'),
    allowanceSec: z.int().min(0).max(4_294_967_295).default(0).describe('Seconds that are free, before money, and instead of the allowances of the document.'),
    asOf: callInstant.optional().describe('Priced by the rates that were valid then.'),
    knownAt: callInstant.optional().describe('Priced by the rates that were known then: see knownFrom.'),
  })
  .superRefine((stated, context) => {
    for (const [field, message] of callFaults(stated)) context.addIssue({ code: 'custom', path: field === '' ? [] : [field], message });
  })
  .meta({ id: 'call' });

interface Telling {
  readonly plan?: string | undefined;
  readonly account?: string | undefined;
  readonly card?: string | undefined;
  readonly answered?: boolean | undefined;
  readonly answer?: unknown;
  readonly disposition?: string | undefined;
  readonly durationSec?: number | undefined;
  readonly end?: unknown;
  readonly credit?: bigint | undefined;
  readonly wantedSec?: number | undefined;
  readonly interim?: readonly number[] | undefined;
  readonly carrier?: string | undefined;
  readonly attempts: readonly { readonly carrier: string; readonly answered: boolean }[];
}

/** The carrier that connected a call: the one that is stated, else that of the attempt that was answered; undefined: none. */
export function connectingCarrierOf({ carrier, attempts }: Pick<Telling, 'carrier' | 'attempts'>): string | undefined {
  return carrier ?? attempts.find(({ answered }) => answered)?.carrier;
}

/** Whether a call was answered, by the first of flag, time of answer and disposition that says so; else it was. */
export function wasAnswered({ answered, answer, disposition }: Telling): boolean {
  if (answered !== undefined) return answered;
  if (answer !== undefined) return true;
  return !unansweredAs.some((each) => each === disposition);
}

function callFaults(told: Telling): [field: string, message: string][] {
  const faults: [string, string][] = [];
  if ([told.plan, told.account, told.card].filter((who) => who !== undefined).length !== 1) faults.push(['', 'must have one of plan, account and card']);
  if (told.durationSec !== undefined && told.end !== undefined) faults.push(['end', 'stands instead of durationSec']);
  const talks = (told.durationSec ?? 0) > 0;
  if (!wasAnswered(told) && talks) faults.push(['durationSec', 'must be 0 where the call was not answered']);
  if (!wasAnswered(told) && told.answer !== undefined) faults.push(['answer', 'contradicts that the call was not answered']);
  const asks = told.credit !== undefined || told.wantedSec !== undefined;
  if (wasAnswered(told) && told.durationSec === undefined && told.end === undefined && !asks) faults.push(['durationSec', 'must be stated, or end, credit or wantedSec']);
  const rises = (told.interim ?? []).every((sec, at, all) => sec > (all[at - 1] ?? 0));
  if (!rises) faults.push(['interim', 'must be above 0, in rising order']);
  return [...faults, ...attemptFaults(told)];
}

/** An attempt that was answered connected the call, so there is one at most, over the carrier that is stated. */
function attemptFaults(told: Telling): [field: string, message: string][] {
  const answered = told.attempts.filter((attempt) => attempt.answered);
  if (answered.length === 0) return [];
  if (!wasAnswered(told)) return [['attempts', 'contradict that the call was not answered']];
  if (answered.length > 1) return [['attempts', 'must have at most one that was answered']];
  return told.carrier === undefined || told.carrier === answered[0]?.carrier ? [] : [['attempts', 'were answered over another carrier than the one stated']];
}

const linkOverCarriers = retailLink.extend({
  carriers: z.array(name).min(1).optional().describe('Customers pay by it over these carriers, and by nothing else over them; over all others by links without carriers.'),
});
const pricedPlan = plan.extend({ retailPlans: z.array(linkOverCarriers).optional().describe(linksText), madeFrom: madeFrom.optional() }).meta({ id: 'plan' });
const pricedRetailPlan = retailPlan.extend({ madeFrom: madeFrom.optional() }).meta({ id: 'retailPlan' });

const shape = z.strictObject({
  $schema: z.string().optional(),
  plans: z.array(pricedPlan).min(1),
  retailPlans: z.array(pricedRetailPlan).default([]),
  carriers: z.array(carrier).default([]),
  exchangeRates: z.array(exchangeRate).default([]),
  cardTypes: z.array(z.strictObject({ name, plan: name.describe('Its tariff.'), pulses: pulses.optional() }).meta({ id: 'cardType' })).default([]),
  cards: z.array(z.strictObject({ card: name, cardType: name }).meta({ id: 'card' })).default([]),
  accounts: z.array(z.strictObject({ account: name, plan: name }).meta({ id: 'account' })).default([]),
  allowances: z.array(allowance).default([]),
  calls: z.array(call).default([]),
});

/** Plans and calls, from which `./tollwire price` answers prices. */
export const priceDocument = shape
  .superRefine((document, context) => {
    for (const { path, message } of contradictionsIn(document)) context.addIssue({ code: 'custom', path: [...path], message });
  })
  .meta({ title: 'Tollwire price document', description: 'Plans and calls: ./tollwire price FILE answers what each call costs.' });

export type PriceDocument = z.output<typeof shape>;
export type StatedPlan = z.output<typeof pricedPlan>;
export type StatedRetailPlan = z.output<typeof pricedRetailPlan>;
export type StatedCarrier = z.output<typeof carrier>;
export type StatedDeck = StatedPlan | StatedRetailPlan | StatedCarrier;
export type StatedCall = z.output<typeof call>;
