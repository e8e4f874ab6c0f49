import { type InstantUs, ok, refuse, type Result } from '@tollwire/core';
import type { E164, PlanCharges, RateTable } from '@tollwire/telecom';

/** Where a sell price comes from: cardtype → tariff, or user_profile → voip_plan → retail plans. */
export interface PlanRef {
  readonly kind: 'tariff' | 'voip_plan';
  readonly id: number;
}

/** A deck version with its rates and the time in which they count: from (inclusive) until (exclusive, or Infinity). */
export interface RatedDeck {
  readonly kind: 'tariff' | 'retail' | 'carrier';
  /** The tariff, retail plan or carrier plan whose version this is. */
  readonly ownerId: number;
  readonly version: number;
  readonly digest: string;
  readonly currency: string;
  /** The carrier of a carrier deck; empty otherwise. */
  readonly carrierCode: string;
  readonly validFromUs: number;
  readonly validUntilUs: number;
  readonly rates: RateTable;
}

/** How a plan charges, apart from its rates. */
export interface SellTerms extends PlanCharges {
  readonly currency: string;
}

/** Which plans a voip_plan sells and buys by; of rates with equally long prefixes the retail plan named first counts. */
export interface VoipPlan {
  readonly retailPlanIds: readonly number[];
  readonly carrierPlanIds: readonly number[];
}

/** Everything that prices are made of, compiled. Immutable: news makes new tables, and the reference is swapped. */
export interface RatingTables {
  /** By `deckKey`, each owner's versions by validFromUs; they never overlap. */
  readonly sellDecks: ReadonlyMap<string, readonly RatedDeck[]>;
  /** By carrier code, by carrier plan and validFromUs. */
  readonly buyDecks: ReadonlyMap<string, readonly RatedDeck[]>;
  /** By `planKey`. */
  readonly terms: ReadonlyMap<string, SellTerms>;
  readonly voipPlans: ReadonlyMap<number, VoipPlan>;
}

/** The tables of a system in which nothing was set up. */
export const noTables: RatingTables = { sellDecks: new Map(), buyDecks: new Map(), terms: new Map(), voipPlans: new Map() };

/** Names a plan: `tariff:3`, `voip_plan:7`. */
export function planKey(plan: PlanRef): string {
  return `${plan.kind}:${plan.id}`;
}

/** Names the owner of sell decks: `tariff:3`, `retail:5`. */
export function deckKey(kind: RatedDeck['kind'], ownerId: number): string {
  return `${kind}:${ownerId}`;
}

/** A rate that was found: its deck, and its row there. */
export interface FoundRate {
  readonly deck: RatedDeck;
  readonly row: number;
}

export type SellRefusal =
  | { readonly code: 'unknown_plan' }
  | { readonly code: 'no_sell_rate' }
  | { readonly code: 'destination_blocked'; readonly prefix: string }
  | { readonly code: 'currency_mismatch'; readonly planCurrency: string; readonly deckCurrency: string };

export type BuyRefusal = 'no_buy_rate' | 'destination_blocked' | 'unknown_carrier' | 'amount_malformed';

/** How the plan charges; refused where the plan is not known here. */
export function termsOf(tables: RatingTables, plan: PlanRef): Result<SellTerms, SellRefusal> {
  const terms = tables.terms.get(planKey(plan));
  return terms === undefined ? refuse({ code: 'unknown_plan' }) : ok(terms);
}

/**
 * What the plan sells a call to `e164` for that starts at the instant: the longest prefix over all of its decks; of
 * equally long ones that of the deck named first. A blocked destination is refused, even below a shorter prefix that is not.
 */
export function sellRateOf(tables: RatingTables, plan: PlanRef, terms: SellTerms, e164: E164, at: InstantUs): Result<FoundRate, SellRefusal> {
  const found = longest(decksOf(tables, plan), e164, at);
  if (found === undefined) return refuse({ code: 'no_sell_rate' });
  const { rates, currency } = found.deck;
  if (rates.blockedAt(found.row)) return refuse({ code: 'destination_blocked', prefix: rates.prefixAt(found.row) });
  if (currency !== terms.currency) return refuse({ code: 'currency_mismatch', planCurrency: terms.currency, deckCurrency: currency });
  return ok(found);
}

/**
 * What the carrier charges for it, over the carrier plans that the voip_plan links, or for a tariff over all of the
 * carrier's and its direct rates. Of equally long prefixes the cheapest counts, as it does in routing.
 */
export function buyRateOf(tables: RatingTables, plan: PlanRef | undefined, carrierCode: string, e164: E164, at: InstantUs): FoundRate | BuyRefusal {
  const all = tables.buyDecks.get(carrierCode);
  if (all === undefined) return 'unknown_carrier';
  const linked = plan?.kind === 'voip_plan' ? tables.voipPlans.get(plan.id)?.carrierPlanIds : undefined;
  const found = longest(linked === undefined ? all : all.filter(({ ownerId }) => linked.includes(ownerId)), e164, at, isCheaper);
  if (found === undefined) return 'no_buy_rate';
  return found.deck.rates.blockedAt(found.row) ? 'destination_blocked' : found;
}

function decksOf(tables: RatingTables, plan: PlanRef): readonly RatedDeck[] {
  if (plan.kind === 'tariff') return tables.sellDecks.get(deckKey('tariff', plan.id)) ?? [];
  const retailPlanIds = tables.voipPlans.get(plan.id)?.retailPlanIds ?? [];
  if (retailPlanIds.length === 1) return tables.sellDecks.get(deckKey('retail', retailPlanIds[0] ?? 0)) ?? [];
  return retailPlanIds.flatMap((id) => tables.sellDecks.get(deckKey('retail', id)) ?? []);
}

/** Whether a rate goes before another one with an equally long prefix. A blocked destination is dearer than any. */
function isCheaper(left: FoundRate, right: FoundRate): boolean {
  return buyRate(left) < buyRate(right);
}

function buyRate({ deck, row }: FoundRate): number {
  return deck.rates.blockedAt(row) ? Infinity : deck.rates.ratePerMinAt(row);
}

type Goes = (candidate: FoundRate, before: FoundRate) => boolean;

/** The rate with the longest prefix; of equally long ones the first, unless a later one goes before it. */
function longest(decks: readonly RatedDeck[], e164: E164, at: InstantUs, goesBefore: Goes = () => false): FoundRate | undefined {
  let best: FoundRate | undefined;
  let bestLength = 0;
  for (const deck of decks) {
    if (at < deck.validFromUs || at >= deck.validUntilUs) continue;
    const row = deck.rates.find(e164, at);
    const length = row < 0 ? 0 : deck.rates.prefixLengthAt(row);
    if (length > bestLength || (best !== undefined && length === bestLength && goesBefore({ deck, row }, best))) {
      best = { deck, row };
      bestLength = length;
    }
  }
  return best;
}
