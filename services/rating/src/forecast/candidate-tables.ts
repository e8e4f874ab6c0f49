import { fromBinary } from '@bufbuild/protobuf';
import { type CodedRefusal, type DeckChunk, DeckChunkSchema, DeckKind, type DeckVersion } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { fetchContent, type ReplicaOptions } from '@tollwire/rate-decks';
import { deckKey, type RatedDeck, type RatingTables } from '../domain/tables.ts';
import { ratesOf } from '../spread/compile.ts';

const kinds: Readonly<Record<number, RatedDeck['kind']>> = {
  [DeckKind.TARIFF]: 'tariff', [DeckKind.RETAIL]: 'retail', [DeckKind.CARRIER]: 'carrier',
};

/** The version with its content, as it would count at all times. Fetched by digest; refused where it cannot be had or read. */
export async function candidateOf(catalog: ReplicaOptions['catalog'], deck: DeckVersion): Promise<Result<RatedDeck, CodedRefusal>> {
  const kind = kinds[deck.kind];
  if (kind === undefined) return refuse({ code: 'field_missing', field: 'deck.kind' });
  const content = await fetchContent(catalog, deck);
  if (!content.ok) return content.refusal.code === 'deck_malformed' ? refuse({ ...content.refusal, field: 'deck.digest' }) : content;
  const rates = await ratesOf({ rateCount: Number(deck.rateCount) }, inTurn(content.value));
  if (!rates.ok) return refuse({ code: 'deck_malformed', field: 'deck', detail: `Rate ${rates.refusal.row}: ${rates.refusal.reason}` });
  const { ownerId, version, digest, currency, carrierCode } = deck;
  return ok({ kind, ownerId, version, digest, currency, carrierCode, validFromUs: 0, validUntilUs: Infinity, rates: rates.value });
}

async function* inTurn(chunks: readonly Uint8Array[]): AsyncGenerator<DeckChunk> {
  for (const chunk of chunks) yield fromBinary(DeckChunkSchema, chunk);
}

/** The tables with the candidate in place of everything that its owner had in force. */
export function withCandidate(tables: RatingTables, candidate: RatedDeck): RatingTables {
  if (candidate.kind !== 'carrier') {
    return { ...tables, sellDecks: new Map([...tables.sellDecks, [deckKey(candidate.kind, candidate.ownerId), [candidate]]]) };
  }
  const others = (tables.buyDecks.get(candidate.carrierCode) ?? []).filter(({ ownerId }) => ownerId !== candidate.ownerId);
  return { ...tables, buyDecks: new Map([...tables.buyDecks, [candidate.carrierCode, [...others, candidate]]]) };
}
