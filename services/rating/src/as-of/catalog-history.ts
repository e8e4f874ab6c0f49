import { fromBinary } from '@bufbuild/protobuf';
import { type CatalogService, type CodedRefusal, type DeckChunk, DeckChunkSchema, type RecordedActivation as Message } from '@tollwire/contracts';
import { assert, ok, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { Asker } from '@tollwire/messaging';
import { type Activation, countChunks, fetchContent, readChunks } from '@tollwire/rate-decks';
import type { RecordedActivation } from './known.ts';
import type { DeckOwner } from './owners.ts';

/** The catalog, as far as it is asked about the past. */
export type HistoryCatalog = Pick<Asker<typeof CatalogService>, 'listDeckActivations' | 'fetchDeckChunk'>;

/** The content of a deck cannot be had now. */
export class ContentRefused extends Error {
  override readonly name = 'ContentRefused';
  readonly refusal: CodedRefusal;

  constructor(refusal: CodedRefusal) {
    super(`The content of a deck cannot be had: ${refusal.code}`);
    this.refusal = refusal;
  }
}

/** Every activation of an owner's deck that was ever recorded, or why the catalog does not tell. */
export async function historyOf(catalog: HistoryCatalog, owner: DeckOwner): Promise<Result<RecordedActivation[], CodedRefusal>> {
  const history: RecordedActivation[] = [];
  for (let afterActivation = 0; ; ) {
    const page = await catalog.listDeckActivations({ ...owner, afterActivation });
    if (!page.ok) return page;
    history.push(...page.value.activations.flatMap(recordedOf));
    const last = page.value.activations.at(-1)?.activated?.activation;
    if (last === undefined) return ok(history);
    assert(last > afterActivation, 'a page of history goes on after the page before');
    afterActivation = last;
  }
}

function recordedOf({ activated, recordedAtUs, withdrawn }: Message): RecordedActivation[] {
  if (activated?.deck === undefined) return [];
  const { kind, ownerId, version, digest, currency, carrierCode, chunkCount, rateCount } = activated.deck;
  const activation: Activation = {
    ...{ kind, ownerId, version, digest, currency, carrierCode, chunkCount, rateCount: Number(rateCount), activation: activated.activation },
    validFromUs: Number(activated.validFromUs),
    withdrawnAtUs: withdrawn === undefined ? undefined : Number(withdrawn.withdrawnAtUs),
  };
  return [{ activation, recordedAtUs: Number(recordedAtUs) }];
}

/**
 * The content of any version: from the own copy where it is whole, else from the catalog, checked against the digest.
 * It is not kept, because what is asked about the past is asked seldom. Throws ContentRefused.
 */
export async function* contentOf(sql: Sql, catalog: HistoryCatalog, { digest, chunkCount }: Pick<Activation, 'digest' | 'chunkCount'>): AsyncGenerator<DeckChunk> {
  if ((await countChunks(sql, digest)) === chunkCount) {
    yield* readChunks(sql, digest, chunkCount);
    return;
  }
  const content = await fetchContent(catalog, { digest, chunkCount });
  if (!content.ok) throw new ContentRefused(content.refusal);
  for (const chunk of content.value) yield fromBinary(DeckChunkSchema, chunk);
}
