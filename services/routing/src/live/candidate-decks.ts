import { createHash } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { type CodedRefusal, type DeckChunk, DeckChunkSchema, DeckKind, type DeckVersion } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { ReplicaOptions } from '@tollwire/rate-decks';
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
    const chunks = await contentOf(catalog, version);
    if (!chunks.ok) return chunks;
    candidates.push(...(await asInForce(version, chunks.value)));
  }
  return ok(candidates);
}

async function contentOf(catalog: Pick<ReplicaOptions['catalog'], 'fetchDeckChunk'>, { digest, chunkCount }: DeckVersion): Promise<Result<DeckChunk[], CodedRefusal>> {
  const hash = createHash('sha256');
  const chunks: DeckChunk[] = [];
  for (let chunk = 0; chunk < chunkCount; chunk += 1) {
    const answer = await catalog.fetchDeckChunk({ digest, chunk });
    if (!answer.ok) return answer;
    hash.update(answer.value.content);
    chunks.push(fromBinary(DeckChunkSchema, answer.value.content));
  }
  return hash.digest('hex') === digest ? ok(chunks) : refuse({ code: 'deck_malformed', field: 'afterDecks', detail: 'The content does not have this digest' });
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
