import { type InstantUs, ok, refuse, type Result } from '@tollwire/core';
import { type E164, type Exchange, type ExchangeRates, NO_EXCHANGE_RATES, type PlanCharges, type RateTable } from '@tollwire/telecom';

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

/** In force from (inclusive) until (exclusive, or Infinity). */
export interface InForce {
  readonly validFromUs: number;
  readonly validUntilUs: number;
}

/** A retail plan of a voip_plan. */
export interface RetailLink extends InForce {
  readonly retailPlanId: number;
  /** Customers pay by it over these carriers, and over no other; absent: over all that no link names. */
  readonly carrierCodes?: readonly string[];
}

/** Which plans a voip_plan sells and buys by; of rates with equally long prefixes that of the retail plan that comes first counts. */
export interface VoipPlan extends InForce {
  /** By metric, the lowest first, then as they were named. */
  readonly retailLinks: readonly RetailLink[];
  readonly carrierPlanIds: readonly number[];
}

/** What something was from an instant on, until the next one begins. */
export interface Since<T> {
  readonly fromUs: number;
  readonly value: T;
}

/** Everything that prices are made of, compiled. Immutable: news makes new tables, and the reference is swapped. */
export interface RatingTables {
  /** By `deckKey`, each owner's versions by validFromUs; they never overlap. */
  readonly sellDecks: ReadonlyMap<string, readonly RatedDeck[]>;
  /** By carrier code, by carrier plan and validFromUs. */
  readonly buyDecks: ReadonlyMap<string, readonly RatedDeck[]>;
  /** By `planKey`: everything that its terms were, oldest first. */
  readonly terms: ReadonlyMap<string, readonly Since<SellTerms>[]>;
  /** Everything that each plan was, oldest first. */
  readonly voipPlans: ReadonlyMap<number, readonly Since<VoipPlan>[]>;
  /** What currencies are worth in each other, and were. */
  readonly exchangeRates: ExchangeRates;
}

/** The tables of a system in which nothing was set up. */
export const noTables: RatingTables = {
  sellDecks: new Map(), buyDecks: new Map(), terms: new Map(), voipPlans: new Map(), exchangeRates: NO_EXCHANGE_RATES,
};

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
  /** Into the currency of the plan, where the deck is in another one. */
  readonly exchange?: Exchange;
}

export type SellRefusal =
  | { readonly code: 'unknown_plan' | 'plan_not_in_force' }
  | { readonly code: 'no_sell_rate' }
  | { readonly code: 'destination_blocked'; readonly prefix: string }
  | { readonly code: 'no_exchange_rate'; readonly planCurrency: string; readonly deckCurrency: string };

const buyRefusals = ['no_buy_rate', 'destination_blocked', 'unknown_carrier', 'amount_malformed'] as const;
export type BuyRefusal = (typeof buyRefusals)[number];

/** Whether a text is one of the reasons for which there is no buy price. */
export function isBuyRefusal(text: string): text is BuyRefusal {
  return buyRefusals.some((refusal) => refusal === text);
}

/** What it was at an instant; before the first that is known, that one. */
export function asOf<T>(history: readonly Since<T>[] | undefined, at: InstantUs): T | undefined {
  if (history === undefined || history.length === 1) return history?.[0]?.value;
  return (history.findLast(({ fromUs }) => fromUs <= at) ?? history[0])?.value;
}

/** How the plan charges a call that starts at the instant; refused where the plan is not known here. */
export function termsOf(tables: RatingTables, plan: PlanRef, at: InstantUs): Result<SellTerms, SellRefusal> {
  const terms = asOf(tables.terms.get(planKey(plan)), at);
  return terms === undefined ? refuse({ code: 'unknown_plan' }) : ok(terms);
}

/**
 * What the plan, as it was put together then, sells a call to `e164` for that starts at the instant: the longest prefix over
 * the decks of all retail plans whose links are in force; of equally long ones that of the lower metric, then of the plan
 * named first. Over a carrier that links name, those alone count; over any other, and where none is known, those that name none.
 * A blocked destination is refused, even below a shorter prefix that is not. A rate in another currency than the
 * plan's comes with the exchange of that instant, or is refused where there is none.
 */
export function sellRateOf(
  tables: RatingTables, plan: PlanRef, terms: SellTerms, e164: E164, at: InstantUs, carrierCode = '',
): Result<FoundRate, SellRefusal> {
  const decks = decksOf(tables, plan, at, carrierCode);
  if (decks === undefined) return refuse({ code: 'plan_not_in_force' });
  const found = longest(decks, e164, at);
  if (found === undefined) return refuse({ code: 'no_sell_rate' });
  const { rates, currency } = found.deck;
  if (rates.blockedAt(found.row)) return refuse({ code: 'destination_blocked', prefix: rates.prefixAt(found.row) });
  if (currency === terms.currency) return ok(found);
  const exchange = tables.exchangeRates.at(currency, terms.currency, at);
  if (exchange === undefined) return refuse({ code: 'no_exchange_rate', planCurrency: terms.currency, deckCurrency: currency });
  return ok({ ...found, exchange });
}

/**
 * What the carrier charges for it, over the carrier plans that the voip_plan links, or for a tariff over all of the
 * carrier's and its direct rates. Of equally long prefixes the cheapest counts, as it does in routing: of rates in two currencies
 * by the exchange of that instant, and where there is none, the one whose plan comes first.
 */
export function buyRateOf(tables: RatingTables, plan: PlanRef | undefined, carrierCode: string, e164: E164, at: InstantUs): FoundRate | BuyRefusal {
  const all = tables.buyDecks.get(carrierCode);
  if (all === undefined) return 'unknown_carrier';
  const linked = plan?.kind === 'voip_plan' ? asOf(tables.voipPlans.get(plan.id), at)?.carrierPlanIds : undefined;
  const found = longest(linked === undefined ? all : all.filter(({ ownerId }) => linked.includes(ownerId)), e164, at, cheaperAt(tables.exchangeRates, at));
  if (found === undefined) return 'no_buy_rate';
  return found.deck.rates.blockedAt(found.row) ? 'destination_blocked' : found;
}

/** The carriers that a plan has prices of their own for at an instant; empty: it sells for the same over all. */
export function carriersSoldBy(tables: RatingTables, plan: PlanRef, at: InstantUs): readonly string[] {
  const voipPlan = plan.kind === 'tariff' ? undefined : asOf(tables.voipPlans.get(plan.id), at);
  if (voipPlan?.retailLinks.some(({ carrierCodes }) => carrierCodes !== undefined) !== true) return [];
  return [...new Set(voipPlan.retailLinks.filter((link) => holds(link, at)).flatMap(({ carrierCodes = [] }) => carrierCodes))];
}

/** The decks that a plan sells by over a carrier at an instant, those that go first first; undefined where the plan is not in force. */
function decksOf(tables: RatingTables, plan: PlanRef, at: InstantUs, carrierCode: string): readonly RatedDeck[] | undefined {
  if (plan.kind === 'tariff') return tables.sellDecks.get(deckKey('tariff', plan.id)) ?? [];
  const voipPlan = asOf(tables.voipPlans.get(plan.id), at);
  if (voipPlan === undefined) return [];
  if (!holds(voipPlan, at)) return undefined;
  const links = linksOver(carrierCode, voipPlan.retailLinks.filter((link) => holds(link, at)));
  if (links.length === 1) return tables.sellDecks.get(deckKey('retail', links[0]?.retailPlanId ?? 0)) ?? [];
  return links.flatMap(({ retailPlanId }) => tables.sellDecks.get(deckKey('retail', retailPlanId)) ?? []);
}

function linksOver(carrierCode: string, links: readonly RetailLink[]): readonly RetailLink[] {
  if (!links.some(({ carrierCodes }) => carrierCodes !== undefined)) return links;
  const own = links.filter(({ carrierCodes }) => carrierCodes?.includes(carrierCode) === true);
  return own.length > 0 ? own : links.filter(({ carrierCodes }) => carrierCodes === undefined);
}

function holds({ validFromUs, validUntilUs }: InForce, at: InstantUs): boolean {
  return validFromUs <= at && at < validUntilUs;
}

/** Whether a rate goes before another one with an equally long prefix. A blocked destination is dearer than any. */
function cheaperAt(exchangeRates: ExchangeRates, at: InstantUs): Goes {
  return (left, right) => {
    const [one, other] = [buyRate(left), buyRate(right)];
    return one === Infinity || other === Infinity ? one < other : exchangeRates.isWorthLess(one, left.deck.currency, other, right.deck.currency, at);
  };
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
