import { createHash } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { type CodedRefusal, type DeckChunk, DeckChunkSchema } from '@tollwire/contracts';
import { ok, present, refuse, type Result } from '@tollwire/core';
import type { ReplicaOptions } from './replica.ts';

type Catalog = Pick<ReplicaOptions['catalog'], 'fetchDeckChunk'>;

/** What is held of contents that were just fetched: two decks of a million rates. */
const HELD_BYTES_MAX = 64 * 1024 * 1024;

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

/** Contents that were just fetched, until what is built from them is there: they need not be read back for that. */
export class FetchedContents {
  readonly #held = new Map<string, readonly Uint8Array[]>();
  #bytes = 0;

  /** Holds a content, where there is room for it. */
  hold(digest: string, chunks: readonly Uint8Array[]): void {
    const bytes = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (this.#bytes + bytes > HELD_BYTES_MAX) return;
    this.#held.set(digest, chunks);
    this.#bytes += bytes;
  }

  /** A content's chunks; undefined where it is not held. */
  chunksOf(digest: string): AsyncIterable<DeckChunk> | undefined {
    const chunks = this.#held.get(digest);
    return chunks && decoded(chunks);
  }

  release(): void {
    this.#held.clear();
  }
}

async function* decoded(chunks: readonly Uint8Array[]): AsyncGenerator<DeckChunk> {
  for (const chunk of chunks) yield fromBinary(DeckChunkSchema, chunk);
}
