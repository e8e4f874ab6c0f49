import { createHash } from 'node:crypto';
import type { CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { ReplicaOptions } from './replica.ts';

/** Fetches the content of a deck, chunk by chunk. Refuses with what the catalog refuses, and content that does not have the digest (`deck_malformed`). */
export async function fetchContent(
  catalog: Pick<ReplicaOptions['catalog'], 'fetchDeckChunk'>, { digest, chunkCount }: { readonly digest: string; readonly chunkCount: number },
): Promise<Result<Uint8Array[], CodedRefusal>> {
  const hash = createHash('sha256');
  const chunks: Uint8Array[] = [];
  for (let chunk = 0; chunk < chunkCount; chunk += 1) {
    const answer = await catalog.fetchDeckChunk({ digest, chunk });
    if (!answer.ok) return answer;
    hash.update(answer.value.content);
    chunks.push(answer.value.content);
  }
  return hash.digest('hex') === digest ? ok(chunks) : refuse({ code: 'deck_malformed', detail: 'The content does not have its digest' });
}
