import { createHash } from 'node:crypto';
import type { CodedRefusal } from '@tollwire/contracts';
import { ok, present, refuse, type Result } from '@tollwire/core';
import type { ReplicaOptions } from './replica.ts';

type Catalog = Pick<ReplicaOptions['catalog'], 'fetchDeckChunk'>;

/** Chunks asked for before the first of them has come: the catalog reads one while another is on its way. */
const CHUNKS_AHEAD = 3;

/** Fetches the content of a deck, chunk by chunk. Refuses with what the catalog refuses, and content that does not have the digest (`deck_malformed`). */
export async function fetchContent(
  catalog: Catalog, { digest, chunkCount }: { readonly digest: string; readonly chunkCount: number },
): Promise<Result<Uint8Array[], CodedRefusal>> {
  const hash = createHash('sha256');
  const chunks: Uint8Array[] = [];
  const asked: ReturnType<Catalog['fetchDeckChunk']>[] = [];
  for (let chunk = 0; chunk < chunkCount; chunk += 1) {
    while (asked.length < Math.min(chunkCount, chunk + CHUNKS_AHEAD)) asked.push(catalog.fetchDeckChunk({ digest, chunk: asked.length }));
    const answer = await present(asked[chunk], 'an answer that was asked for');
    if (!answer.ok) return answer;
    hash.update(answer.value.content);
    chunks.push(answer.value.content);
  }
  return hash.digest('hex') === digest ? ok(chunks) : refuse({ code: 'deck_malformed', detail: 'The content does not have its digest' });
}
