import { exchangeRateOf } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { type ChargeTerms, exchangeFactor, ExchangeRates, plainSteps, profileKey, type Rational, rational } from '@tollwire/telecom';
import { timesOf } from './call-times.ts';
import { columnsOfSteps, contentOfRows, type DeckContent, type DeckRow, deckRowsOf, type RatesSeen, standing } from './deck.ts';
import type { PriceDocument, StatedCarrier, StatedDeck, StatedPlan, StatedRetailPlan } from './document.schema.ts';
import { exchangeRatesOf } from './exchange-rates.ts';
import { usOfWritten } from './local-instant.ts';
import type { MadeFrom } from './made-from.schema.ts';
import { payerOf } from './payer.ts';
import { chargeTermsOfStated } from './rates.schema.ts';

/** Rates to make others from, sorted, and what their amounts are multiplied by, into the currency of the plan. */
export interface MakingSource {
  readonly rates: readonly DeckRow[];
  readonly exchange: Rational;
}

/** What rates are to be made of: of each prefix and window the one rate that counts at the instant of the making, undated. */
export interface Making {
  readonly carriers: readonly MakingSource[];
  /** What the plan states itself. */
  readonly fixed: readonly DeckRow[];
  readonly rule: MadeFrom;
}

/** Makes rates as the catalog makes a deck, sorted and undated. It is handed in, because the making of decks is the catalog's. */
export type MakeRates = (making: Making) => readonly DeckRow[];

/** A plan whose rates are made from those of carriers. */
export type MadePlan = (StatedPlan | StatedRetailPlan) & { readonly madeFrom: MadeFrom };

/** Whether the rates of a plan are made. */
export function isMade(plan: StatedPlan | StatedRetailPlan): plan is MadePlan {
  return plan.madeFrom !== undefined;
}

/** The rates of a plan as they are made. `common`: terms of rates that state none. */
export function madeContentOf(document: PriceDocument, plan: MadePlan, common: Partial<ChargeTerms>, seen: RatesSeen, make: MakeRates): DeckContent {
  const atUs = madeAtUs(document, plan);
  const countingOf = (deck: StatedDeck, terms: Partial<ChargeTerms>) => onePerWindow(standing(deckRowsOf(deck, terms, seen), atUs));
  const carriers = carriersOf(document, plan).map((carrier) => ({
    rates: countingOf(carrier, chargeTermsOfStated(carrier)),
    exchange: present(exchangeInto(document, carrier.currency, plan, atUs), `a way from ${carrier.currency} to ${plan.currency}`),
  }));
  const made = make({ carriers, fixed: countingOf(plan, {}), rule: plan.madeFrom });
  return contentOfRows(made.map((row) => deckRowOf(row, common, plan.madeFrom)), windowZonesOf(document, plan)[0] ?? plan.timeZone);
}

/** Why the rates of a plan cannot be made, for the carrier of a number; empty where they can. */
export function makingFaults(document: PriceDocument, plan: MadePlan): readonly { readonly carrier: number; readonly message: string }[] {
  const atUs = madeAtUs(document, plan);
  const zones = windowZonesOf(document, plan);
  const ofZones = zones.length > 1 ? [{ carrier: 0, message: `have windows by the clocks of ${zones.join(' and ')}; made rates have one zone` }] : [];
  const ofCurrencies = carriersOf(document, plan).flatMap(({ currency }, carrier) =>
    exchangeInto(document, currency, plan, atUs) === undefined ? [{ carrier, message: `is in ${currency}, and no exchange rate leads to ${plan.currency} then` }] : []);
  return [...ofCurrencies, ...ofZones];
}

/** When the rates of a plan are made, µs: as stated, else at the start of the first call. */
function madeAtUs(document: PriceDocument, { madeFrom: { at }, timeZone }: MadePlan): number {
  if (at !== undefined) return usOfWritten(at, timeZone);
  const [first] = document.calls;
  if (first === undefined) return 0;
  const payer = payerOf(document, first);
  return timesOf(first, payer.ok ? payer.value.plan.timeZone : 'UTC').startedAt;
}

function carriersOf({ carriers }: PriceDocument, { madeFrom }: MadePlan): StatedCarrier[] {
  return [...new Set(madeFrom.carriers)].flatMap((named) => carriers.filter(({ code }) => code === named));
}

function exchangeInto(document: PriceDocument, from: string, { currency }: MadePlan, atUs: number): Rational | undefined {
  if (from === currency) return rational(1n);
  const rates = new ExchangeRates(exchangeRatesOf(document).flatMap((rate) => exchangeRateOf(rate) ?? []));
  const exchange = rates.at(from, currency, atUs);
  return exchange && exchangeFactor(exchange.rates);
}

/** By whose clocks the windows go that made rates can have. */
function windowZonesOf(document: PriceDocument, plan: MadePlan): string[] {
  const sources: StatedDeck[] = [...carriersOf(document, plan), ...(plan.madeFrom.policy === 'carrier_plus_margin' ? [] : [plan])];
  return [...new Set(sources.filter(({ rates }) => rates.some(({ window }) => window !== undefined)).map(({ timeZone }) => timeZone))];
}

/** Of each prefix and window the rate that goes before the others: the last one in deck order. */
function onePerWindow(rows: readonly DeckRow[]): DeckRow[] {
  const counting = new Set(new Map(rows.map((row) => [`${row.prefix} ${JSON.stringify({ ...row.profile?.window, name: '' })}`, row])).values());
  return rows.filter((row) => counting.has(row));
}

/** A made rate as a row of a deck: an amount beyond what a column takes is a step, and what the plan states goes behind what the rate has. */
function deckRowOf(made: DeckRow, common: Partial<ChargeTerms>, { connectFee }: MadeFrom): DeckRow {
  const { window, furtherSteps = [], terms = {} } = made.profile ?? {};
  const own = furtherSteps[0]?.fromSec === 0 ? [] : plainSteps(made);
  const { columns, furtherSteps: further } = columnsOfSteps([...own, ...furtherSteps]);
  const stated = { ...common, ...terms };
  // A fee in the column, or one that the rule states, goes before all others.
  if (made.connectFeeNanos > 0n || connectFee !== undefined) delete stated.connectFeeNanos;
  const profile = { window, furtherSteps: further, terms: stated };
  const isPlain = profileKey(profile) === profileKey({ window: undefined, furtherSteps: [], terms: {} });
  return { ...made, ...columns, profile: isPlain ? undefined : profile };
}
