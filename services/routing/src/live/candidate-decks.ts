import { fromBinary } from '@bufbuild/protobuf';
import { type CodedRefusal, type DeckChunk, DeckChunkSchema, DeckKind, type DeckVersion } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { fetchContent, type ReplicaOptions } from '@tollwire/rate-decks';
import type { SourceDeck } from '../domain/source.ts';
import { loadCarrierDecks } from './load-decks.ts';

const candidatesMax = 10;

/** Versions of carrier plans that are not in force, each as it would count at all times. Fetched by digest; refused where one cannot be had or read. */
export async function loadCandidates(catalog: Pick<ReplicaOptions['catalog'], 'fetchDeckChunk'>, versions: readonly DeckVersion[]): Promise<Result<SourceDeck[], CodedRefusal>> {
  if (versions.length > candidatesMax) return refuse({ code: 'too_many_items', field: 'afterDecks', detail: `Give at most ${candidatesMax}` });
  const candidates: SourceDeck[] = [];
  for (const [at, version] of versions.entries()) {
    const field = `afterDecks[${at}]`;
    if (version.kind !== DeckKind.CARRIER) return refuse({ code: 'field_malformed', field, detail: 'Give versions of carrier plans; what other plans sell for is told by a forecast' });
    if (candidates.some(({ source }) => source.carrierPlanId === version.ownerId)) return refuse({ code: 'conflict', field, detail: `Carrier plan ${version.ownerId} has two versions here` });
    const content = await fetchContent(catalog, version);
    if (!content.ok) return content.refusal.code === 'deck_malformed' ? refuse({ ...content.refusal, field: 'afterDecks' }) : content;
    candidates.push(...(await asInForce(version, content.value.map((bytes) => fromBinary(DeckChunkSchema, bytes)))));
  }
  return ok(candidates);
}

async function asInForce({ kind, ownerId, version, digest, currency, carrierCode, chunkCount, rateCount }: DeckVersion, chunks: readonly DeckChunk[]): Promise<SourceDeck[]> {
  const always = { activation: 1, validFromUs: 0, validUntilUs: Infinity, withdrawnAtUs: undefined };
  return await loadCarrierDecks({
    decks: [{ kind, ownerId, version, digest, currency, carrierCode, chunkCount, rateCount: Number(rateCount), ...always }],
    async *chunks() {
      yield* chunks;
    },
  });
}
