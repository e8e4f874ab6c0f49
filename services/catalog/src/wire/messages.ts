import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  DeckActivatedSchema, DeckApprovedSchema, DeckImportedSchema, DeckRejectedSchema, DeckRolledBackSchema, DeckVersionSchema, DeckWithdrawnSchema, ExchangeRateSetSchema,
  RetailLinkSchema, SellTermsSetSchema,
  VoipPlanComposedSchema,
} from '@tollwire/contracts';
import { chargeTermsMessageOf } from '@tollwire/contracts';
import type { ExchangeRateRow } from '../exchange/exchange-rate-list.ts';
import type { ImportedDeck } from '../domain/rate-deck.ts';
import type { SellTerms } from '../domain/sell-terms.ts';
import { type BannedPrefix, type InForce, linksOf, type RetailLink } from '../domain/voip-plan.ts';
import { wireKindOf, wireRoundingModeOf } from './deck-kind.ts';

/** Contracts' messages from what the domain and the read models have; an event and the snapshot say the same. */
export function deckVersionOf(deck: ImportedDeck): MessageInitShape<typeof DeckVersionSchema> {
  const { ownerId, version, digest, chunkCount, currency, carrierCode } = deck;
  return { kind: wireKindOf(deck.kind), ownerId, version, digest, rateCount: BigInt(deck.rateCount), chunkCount, currency, carrierCode };
}

export function deckImportedOf({ deck, at, by }: { deck: ImportedDeck; at: number; by: string }): MessageInitShape<typeof DeckImportedSchema> {
  return { deck: deckVersionOf(deck), importedAtUs: BigInt(at), by };
}

interface Reviewed {
  readonly deck: ImportedDeck;
  readonly at: number;
  readonly by: string;
  readonly note: string;
}

export function deckApprovedOf({ deck, at, by, note }: Reviewed): MessageInitShape<typeof DeckApprovedSchema> {
  return { deck: deckVersionOf(deck), approvedAtUs: BigInt(at), by, note };
}

export function deckRejectedOf({ deck, at, by, note }: Reviewed): MessageInitShape<typeof DeckRejectedSchema> {
  return { deck: deckVersionOf(deck), rejectedAtUs: BigInt(at), by, note };
}

export function deckRolledBackOf({ deck, from, at, by, reason, activation }: {
  deck: ImportedDeck; from: ImportedDeck; at: number; by: string; reason: string; activation: number;
}): MessageInitShape<typeof DeckRolledBackSchema> {
  return { deck: deckVersionOf(deck), from: deckVersionOf(from), rolledBackAtUs: BigInt(at), by, reason, activation };
}

export function deckActivatedOf({ deck, validFrom, by, activation }: {
  deck: ImportedDeck; validFrom: number; by: string; activation: number;
}): MessageInitShape<typeof DeckActivatedSchema> {
  return { deck: deckVersionOf(deck), validFromUs: BigInt(validFrom), by, activation };
}

export function deckWithdrawnOf({ deck, withdrawnAt, by, activation }: {
  deck: ImportedDeck; withdrawnAt: number; by: string; activation: number;
}): MessageInitShape<typeof DeckWithdrawnSchema> {
  return { deck: deckVersionOf(deck), withdrawnAtUs: BigInt(withdrawnAt), by, activation };
}

/** A composition as it was told and as it is listed; `retailLinks` and the dates are not in those recorded before there were any. */
export interface Composition extends Partial<InForce> {
  readonly voipPlanId: number;
  readonly revision: number;
  readonly name: string;
  readonly retailPlanIds: readonly number[];
  readonly retailLinks?: readonly RetailLink[];
  readonly effectiveCarrierPlanIds: readonly number[];
  readonly banPrefixes: readonly BannedPrefix[];
}

export function voipPlanComposedOf(plan: Composition, composedAt: number | null): MessageInitShape<typeof VoipPlanComposedSchema> {
  const { voipPlanId, revision, name, validFrom = null, validUntil = null } = plan;
  return {
    voipPlanId, revision, name,
    retailLinks: linksOf(plan).retailLinks.map(wireLinkOf),
    ...boundsOf({ validFrom, validUntil }),
    composedAtUs: BigInt(composedAt ?? 0),
    retailPlanIds: [...plan.retailPlanIds],
    carrierPlanIds: [...plan.effectiveCarrierPlanIds],
    banPrefixes: plan.banPrefixes.map(({ prefix, banPlanId }) => ({ prefix, banPlanId })),
  };
}

export function tariffTermsOf(tariff: SellTerms & { tariffId: number }): MessageInitShape<typeof SellTermsSetSchema> {
  return { plan: { plan: { case: 'tariffId', value: tariff.tariffId } }, revision: 1, ...termsOf(tariff) };
}

export function voipPlanTermsOf(plan: SellTerms & { voipPlanId: number; revision: number }, setAt: number | null): MessageInitShape<typeof SellTermsSetSchema> {
  const ref = { plan: { case: 'voipPlanId' as const, value: plan.voipPlanId } };
  return { plan: ref, revision: plan.revision, setAtUs: BigInt(setAt ?? 0), ...termsOf(plan) };
}

/** A link as messages have it. */
export function wireLinkOf({ retailPlanId, metric, carrierCodes, ...inForce }: RetailLink): MessageInitShape<typeof RetailLinkSchema> {
  return { retailPlanId, metric, ...boundsOf(inForce), carrierCodes: [...(carrierCodes ?? [])] };
}

function boundsOf({ validFrom, validUntil }: InForce) {
  return { validFromUs: BigInt(validFrom ?? 0), validUntilUs: BigInt(validUntil ?? 0) };
}

function termsOf({ currency, roundingDecimals, roundingMode, charges = {}, windowsByStart = false }: SellTerms) {
  const terms = Object.keys(charges).length === 0 ? {} : { terms: chargeTermsMessageOf(charges) };
  return { currency, roundingDecimals, roundingMode: wireRoundingModeOf(roundingMode), ...terms, windowsByStart };
}

/** A rate as it was recorded. */
export function exchangeRateSetOf(
  { base, quote, revision, numerator, decimals, validFrom, source, by, at }: Omit<ExchangeRateRow, 'recordedBy' | 'recordedAt'> & { readonly by: string; readonly at: number },
): MessageInitShape<typeof ExchangeRateSetSchema> {
  return { base, quote, revision, numerator, decimals, validFromUs: BigInt(validFrom), source, by, recordedAtUs: BigInt(at) };
}
