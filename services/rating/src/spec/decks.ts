import { create, toBinary } from '@bufbuild/protobuf';
import {
  type DeckActivated,
  DeckActivatedSchema,
  type DeckChunk,
  DeckChunkSchema,
  type DeckKind,
  type DeckVersion,
  DeckVersionSchema,
  RoundingMode,
  type SellTermsSet,
  SellTermsSetSchema,
} from '@tollwire/contracts';
import type { DeckInForce } from '@tollwire/rate-decks';
import { nanosOf } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import { createHash } from 'node:crypto';
import type { CatalogState } from '../spread/compile.ts';

/** A deck for a test: its content in chunks, and the version that names it. */
export interface SpecDeck {
  readonly version: DeckVersion;
  readonly chunks: readonly DeckChunk[];
  readonly contents: readonly Uint8Array[];
}

export interface SpecDeckOf {
  readonly kind: DeckKind;
  readonly ownerId: number;
  readonly version?: number;
  readonly currency?: string;
  readonly carrierCode?: string;
}

/**
 * A deck from a text table of its rates: `prefix  rate  connect  increments  from  until  country`; every column but the first
 * two may be left out, `blocked` is a rate. Two rates a chunk, so that every deck of three has more than one.
 */
export function deckOf(of: SpecDeckOf, text: string): SpecDeck {
  const rows = table(text);
  const chunks: DeckChunk[] = [];
  for (let at = 0; at < rows.length; at += 2) chunks.push(chunkOf(rows.slice(at, at + 2)));
  return specDeck(of, chunks);
}

/** A deck from chunks as they are. */
export function specDeck({ kind, ownerId, version = 1, currency = 'EUR', carrierCode = '' }: SpecDeckOf, chunks: readonly DeckChunk[]): SpecDeck {
  const contents = chunks.map((chunk) => toBinary(DeckChunkSchema, chunk));
  const digest = contents.reduce((hash, content) => hash.update(content), createHash('sha256')).digest('hex');
  const rateCount = BigInt(chunks.reduce((sum, { prefix }) => sum + prefix.length, 0));
  const facts = { kind, ownerId, version, digest, rateCount, chunkCount: chunks.length, currency, carrierCode };
  return { version: create(DeckVersionSchema, facts), chunks, contents };
}

function chunkOf(rows: readonly Record<string, string>[]): DeckChunk {
  const column = (name: string, otherwise: string) => rows.map((row) => row[name] ?? otherwise);
  const increments = column('increments', '30/6').map((text) => text.split('/').map(Number));
  return create(DeckChunkSchema, {
    prefix: column('prefix', ''),
    ratePerMinNanos: column('rate', '0').map(amount),
    connectFeeNanos: column('connect', '0').map(amount),
    initialIncrementSec: increments.map(([initial = 0]) => initial),
    incrementSec: increments.map(([, increment = 0]) => increment),
    validFromUs: column('from', '0').map(instant),
    validUntilUs: column('until', '0').map(instant),
    blocked: column('rate', '0').map((text) => text === 'blocked'),
    // As from an older catalog, a chunk whose rates have none is without the column.
    countryPrefixId: rows.some(({ country }) => country !== undefined) ? column('country', '0').map(Number) : [],
  });
}

/** A chunk of prefixes that all have the same rate per second. */
export function plainChunk(prefix: string[], ratePerMinNanos: bigint): DeckChunk {
  const same = <T>(value: T): T[] => prefix.map(() => value);
  return create(DeckChunkSchema, {
    prefix,
    ratePerMinNanos: same(ratePerMinNanos),
    connectFeeNanos: same(0n),
    initialIncrementSec: same(1),
    incrementSec: same(1),
    validFromUs: same(0n),
    validUntilUs: same(0n),
    blocked: same(false),
  });
}

function amount(text: string): bigint {
  const read = nanosOf(text);
  return read.ok ? read.value : 0n;
}

/** Microseconds of an ISO instant; `0`, or an empty cell, for none. */
export function instant(iso: string): bigint {
  return iso === '0' || iso === '' ? 0n : BigInt(Date.parse(`${iso}Z`)) * 1000n;
}

/** The event that puts a deck in force from an instant on. */
export function activated(deck: SpecDeck, activation = 1, validFrom = '2000-01-01T00:00:00'): DeckActivated {
  return create(DeckActivatedSchema, { deck: deck.version, activation, validFromUs: instant(validFrom), by: 'spec' });
}

/** How a plan charges; 4 decimals, half up, in EUR unless said otherwise. */
export function termsOf(
  plan: { tariffId: number } | { voipPlanId: number },
  terms: { decimals?: number; mode?: RoundingMode; currency?: string } = {},
): SellTermsSet {
  const ref = 'tariffId' in plan ? { case: 'tariffId' as const, value: plan.tariffId } : { case: 'voipPlanId' as const, value: plan.voipPlanId };
  return create(SellTermsSetSchema, {
    plan: { plan: ref },
    revision: 1,
    currency: terms.currency ?? 'EUR',
    roundingDecimals: terms.decimals ?? 4,
    roundingMode: terms.mode ?? RoundingMode.HALF_UP,
  });
}

/** What the catalog has in force, in memory: decks with the time in which they count. */
export function stateOf(
  decks: readonly { deck: SpecDeck; from?: string; until?: string }[],
  plans: Pick<CatalogState['planHistory'], 'sellTerms'> & Partial<Pick<CatalogState['planHistory'], 'voipPlans'> & Pick<CatalogState, 'exchangeRates'>>,
): CatalogState {
  const contentOf = new Map(decks.map(({ deck }) => [deck.version.digest, deck.chunks]));
  return {
    decks: decks.map(({ deck, from = '0', until = '0' }) => inForceOf(deck, Number(instant(from)), Number(instant(until)))),
    planHistory: { sellTerms: plans.sellTerms, voipPlans: plans.voipPlans ?? [] },
    exchangeRates: plans.exchangeRates ?? [],
    async *chunks({ digest }) {
      yield* contentOf.get(digest) ?? [];
    },
  };
}

function inForceOf({ version: deck }: SpecDeck, validFromUs: number, untilUs: number): DeckInForce {
  const { kind, ownerId, version, digest, currency, carrierCode, chunkCount } = deck;
  const until = untilUs === 0 ? Infinity : untilUs;
  const shared = { kind, ownerId, version, digest, currency, carrierCode, chunkCount, rateCount: Number(deck.rateCount) };
  return { ...shared, activation: version, validFromUs, validUntilUs: until, withdrawnAtUs: undefined };
}
