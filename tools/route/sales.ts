import { assert, type InstantUs, ok, type Result } from '@tollwire/core';
import { type E164, exchanged, priceOf, rational, type Schedule } from '@tollwire/telecom';
import type { RatingTables } from '../../services/rating/src/domain/tables.ts';
import type { PriceDocument, StatedPlan } from '../../services/rating/src/price-file/document.schema.ts';
import { parseDocument } from '../../services/rating/src/price-file/parse.ts';
import { sellFactsOf } from '../../services/rating/src/price-file/resolved.ts';
import { planRefOf } from '../../services/rating/src/price-file/stated-plans.ts';
import { tablesOf } from '../../services/rating/src/price-file/tables-of.ts';
import type { RouteDocument, RoutedPlan } from './document.schema.ts';

/** What a call sells for. */
export interface Sale {
  readonly prefix: string;
  /** Where the call begins. */
  readonly ratePerMinNanos: number;
  /** Of the expected call, before tax. */
  readonly priceNanos: number;
  readonly currency: string;
}

export interface SaleRefusal {
  readonly code: string;
}

interface CallToSell {
  readonly plan: RoutedPlan;
  /** The retail plan that the customer pays by, where a carrier says so. */
  readonly sellBy?: string;
  readonly called: E164;
  readonly at: InstantUs;
}

/** The sell side of a document, by the tables and the search of the rating service. */
export class Sales {
  readonly #document: PriceDocument;
  readonly #tables: RatingTables;

  private constructor(document: PriceDocument, tables: RatingTables) {
    this.#document = document;
    this.#tables = tables;
  }

  static async of(document: RouteDocument): Promise<Sales> {
    const plans = [...document.plans.filter(isSold).map(sold), ...document.plans.flatMap((plan) => soldByRetail(plan, document))];
    const sales = { ...nothingSold(), plans, retailPlans: document.retailPlans, exchangeRates: document.exchangeRates };
    return new Sales(sales, await tablesOf(sales, { asOfUs: undefined, knownAtUs: undefined }));
  }

  /** What the expected call sells for; undefined where the plan sells nothing. */
  of({ plan, sellBy, called, at }: CallToSell): Result<Sale | undefined, SaleRefusal> {
    const ref = planRefOf(this.#document, sellBy === undefined ? plan.name : nameBy(plan, sellBy));
    if (ref === undefined) return ok(undefined);
    const { expectedSec } = plan.routing;
    const facts = sellFactsOf(this.#tables, { subscriber: { plan: ref, pulses: undefined }, number: called, at, carrierCode: undefined }, expectedSec);
    if (!facts.ok) return facts;
    const { schedule, prefix, currency } = facts.value;
    const first = schedule.segments[0]?.steps[0];
    const untaxed = { ...schedule, terms: { ...schedule.terms, taxPpm: 0 } };
    return ok({
      prefix, currency,
      ratePerMinNanos: inPlanCurrency(Math.round((Number(first?.rateNanos ?? 0n) * 60) / (first?.perSec ?? 60)), schedule),
      priceNanos: Number(priceOf(untaxed, expectedSec).amount),
    });
  }
}

function inPlanCurrency(nanos: number, { exchange }: Schedule): number {
  return exchange === undefined ? nanos : Number(exchanged(rational(BigInt(nanos)), exchange.rates));
}

function isSold({ rates, retailPlans }: RoutedPlan): boolean {
  return rates !== undefined || retailPlans !== undefined;
}

/** The plan as a document of prices has it: what it routes by is no part of that. */
function sold({ routing: _, carriers: __, validFrom: ___, validUntil: ____, rates = [], ...plan }: RoutedPlan): StatedPlan {
  return { ...plan, rates };
}

/** For each retail plan that a carrier is sold by, the plan as if it had that one only. */
function soldByRetail(plan: RoutedPlan, { carriers }: RouteDocument): StatedPlan[] {
  const names = new Set(carriers.flatMap(({ sellBy }) => (sellBy === undefined ? [] : [sellBy])));
  return [...names].map((retail) => ({ ...sold({ ...plan, rates: [] }), name: nameBy(plan, retail), retailPlans: [{ plan: retail, metric: 0 }] }));
}

/** No plan of a document has a line break in a name that it shares with this one. */
function nameBy({ name }: RoutedPlan, retail: string): string {
  return `${name}\n${retail}`;
}

function nothingSold(): PriceDocument {
  const read = parseDocument('{"plans":[{"name":"-","currency":"EUR"}]}');
  assert(read.ok, 'a document of one plan can be read');
  return read.value;
}
