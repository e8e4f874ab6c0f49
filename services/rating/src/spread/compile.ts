import {
  chargeTermsOf, DeckKind, type DeckChunk, exchangeRateOf, type ExchangeRateSet, type RetailLink as RetailLinkMessage, RoundingMode, type SellTermsSet, type VoipPlanComposed,
} from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { DeckInForce } from '@tollwire/rate-decks';
import { type ExchangeRate, ExchangeRates, NO_FURTHER_TERMS, type DeckRefusal, type RateTable, RateTableBuilder, type RoundingMode as Mode } from '@tollwire/telecom';
import { deckKey, type InForce, planKey, type RatedDeck, type RatingTables, type RetailLink, type SellTerms, type Since, type VoipPlan } from '../domain/tables.ts';
import { planOfRef } from '../wire/plan-ref.ts';
import { columnsOfChunk, sliceOf } from './chunk-slice.ts';

/** What the tables are compiled from: what the catalog has in force. */
export interface CatalogState {
  readonly decks: readonly DeckInForce[];
  /** Every revision of compositions and terms that is known, oldest first of each plan. */
  readonly planHistory: { readonly voipPlans: readonly VoipPlanComposed[]; readonly sellTerms: readonly SellTermsSet[] };
  /** Every exchange rate that is known, by pair in the order in which they were recorded. */
  readonly exchangeRates: readonly ExchangeRateSet[];
  /** A deck's content, sorted by prefix over all chunks. */
  chunks(deck: DeckInForce): AsyncIterable<DeckChunk>;
}

/** Rates that are compiled between two yields to the event loop: about a millisecond. */
const SLICE_RATES = 5_000;

/**
 * Compiles what the catalog has in force. Decks that `before` holds already are taken over, since the same digest is
 * the same content. Works in slices, so that prices go on being answered from the tables before. A deck whose
 * content is malformed is left out and told of, so that it harms nobody else's prices. Rejects where content cannot be read.
 */
export async function compile(
  state: CatalogState,
  before: RatingTables,
  onError: (error: unknown) => void,
  direct: readonly RatedDeck[] = [],
): Promise<RatingTables> {
  const compiled = new Map<string, RateTable>();
  for (const deck of [...before.sellDecks.values(), ...before.buyDecks.values()].flat()) compiled.set(deck.digest, deck.rates);
  const decks: RatedDeck[] = [...direct];
  for (const deck of state.decks) {
    const known = compiled.get(deck.digest);
    const rates = known === undefined ? await ratesOf(deck, state.chunks(deck)) : ok(known);
    const kind = KINDS[deck.kind];
    if (!rates.ok || kind === undefined) {
      onError(new Error(`Deck ${deck.digest} is left out: ${rates.ok ? `kind ${deck.kind}` : `rate ${rates.refusal.row}, ${rates.refusal.reason}`}`));
      continue;
    }
    compiled.set(deck.digest, rates.value);
    decks.push(ratedDeck(deck, kind, rates.value));
  }
  const ordered = decks.toSorted((left, right) => left.ownerId - right.ownerId || left.validFromUs - right.validFromUs);
  return {
    sellDecks: Map.groupBy(ordered.filter(({ kind }) => kind !== 'carrier'), ({ kind, ownerId }) => deckKey(kind, ownerId)),
    buyDecks: Map.groupBy(ordered.filter(({ kind }) => kind === 'carrier'), ({ carrierCode }) => carrierCode),
    terms: historyOf(state.planHistory.sellTerms.flatMap((terms) => termsEntry(terms, onError))),
    voipPlans: historyOf(state.planHistory.voipPlans.map(voipPlanEntry)),
    exchangeRates: new ExchangeRates(state.exchangeRates.flatMap((rate) => usableRate(rate, onError))),
  };
}

/** A deck's content as a table, compiled in slices. Refuses content that is malformed. */
export async function ratesOf(deck: Pick<DeckInForce, 'rateCount'>, chunks: AsyncIterable<DeckChunk>): Promise<Result<RateTable, DeckRefusal>> {
  const builder = new RateTableBuilder(deck.rateCount);
  for await (const chunk of chunks) {
    const columns = columnsOfChunk(chunk);
    if (columns === undefined) return refuse({ code: 'deck_malformed', row: 0, reason: 'a profile makes no sense' });
    for (let from = 0; from < columns.prefix.length; from += SLICE_RATES) {
      const added = builder.add(sliceOf(columns, from, from + SLICE_RATES));
      if (!added.ok) return added;
      await new Promise(setImmediate);
    }
  }
  return ok(builder.build());
}

const KINDS: Readonly<Record<number, RatedDeck['kind']>> = {
  [DeckKind.TARIFF]: 'tariff',
  [DeckKind.RETAIL]: 'retail',
  [DeckKind.CARRIER]: 'carrier',
};

function ratedDeck(deck: DeckInForce, kind: RatedDeck['kind'], rates: RateTable): RatedDeck {
  const { ownerId, version, digest, currency, carrierCode, validFromUs, validUntilUs } = deck;
  return { kind, ownerId, version, digest, currency, carrierCode, validFromUs, validUntilUs, rates };
}

const MODES: Readonly<Record<number, Mode>> = {
  [RoundingMode.UP]: 'up',
  [RoundingMode.DOWN]: 'down',
  [RoundingMode.HALF_UP]: 'half_up',
};

function termsEntry(message: SellTermsSet, onError: (error: unknown) => void): Entry<string, SellTerms>[] {
  const { plan, currency, roundingDecimals, roundingMode, terms, windowsByStart, setAtUs } = message;
  const ref = planOfRef(plan);
  const mode = MODES[roundingMode];
  const stated = chargeTermsOf(terms);
  if (ref === undefined || mode === undefined || stated === undefined || roundingDecimals > 9) {
    const named = ref === undefined ? 'no plan' : planKey(ref);
    onError(new Error(`The terms of ${named} are left out: ${roundingDecimals} decimals, rounding ${roundingMode}`));
    return [];
  }
  const charges = Object.keys(stated).length === 0 ? NO_FURTHER_TERMS : { ...NO_FURTHER_TERMS, ...stated };
  const value = { currency, rounding: { decimals: roundingDecimals, mode }, terms: charges, windowByStart: windowsByStart };
  return [{ key: planKey(ref), fromUs: Number(setAtUs), value }];
}

/** A rate that is not above 0, or has absurd decimals, converts nothing: it is left out and told of. */
function usableRate(set: ExchangeRateSet, onError: (error: unknown) => void): ExchangeRate[] {
  const rate = exchangeRateOf(set);
  if (rate !== undefined) return [rate];
  onError(new Error(`The exchange rate of ${set.base} in ${set.quote} is left out: ${set.numerator} with ${set.decimals} decimals`));
  return [];
}

/** Links of a message from before they had metrics and dates are those of its plans, always in force. */
function voipPlanEntry(message: VoipPlanComposed): Entry<number, VoipPlan> {
  const { voipPlanId, retailPlanIds, carrierPlanIds, composedAtUs } = message;
  const links = message.retailLinks.length > 0 ? message.retailLinks.map(linkOf) : undefined;
  const retailLinks = links ?? retailPlanIds.map((retailPlanId) => ({ retailPlanId, validFromUs: 0, validUntilUs: Infinity }));
  return { key: voipPlanId, fromUs: Number(composedAtUs), value: { retailLinks, carrierPlanIds, ...boundsOf(message) } };
}

function linkOf({ retailPlanId, carrierCodes, ...link }: RetailLinkMessage): RetailLink {
  return { retailPlanId, ...boundsOf(link), ...(carrierCodes.length === 0 ? {} : { carrierCodes }) };
}

function boundsOf({ validFromUs, validUntilUs }: { readonly validFromUs: bigint; readonly validUntilUs: bigint }): InForce {
  return { validFromUs: Number(validFromUs), validUntilUs: validUntilUs === 0n ? Infinity : Number(validUntilUs) };
}

/** One revision of a plan's facts. */
type Entry<Key, T> = Since<T> & { readonly key: Key };

function historyOf<Key, T>(entries: readonly Entry<Key, T>[]): Map<Key, Since<T>[]> {
  return Map.groupBy(entries, ({ key }) => key);
}
