import type { Sql } from '@tollwire/event-store';
import { readChunk } from '../decks/deck-reads.ts';
import { RateColumns } from '../domain/rate-columns.ts';
import type { ImportedDeck } from '../domain/rate-deck.ts';
import { decodeDeck } from '../import/deck-chunks.ts';
import { inSlices } from '../in-slices.ts';
import { present } from '@tollwire/core';

/** A version's content in columns, 50 bytes a rate; chunk by chunk, so that it never stands in memory twice. */
export async function readContent(sql: Sql, { digest, rateCount, chunkCount }: Pick<ImportedDeck, 'digest' | 'rateCount' | 'chunkCount'>): Promise<RateColumns> {
  const rates = new RateColumns(rateCount);
  const read = async (chunk: number) => present(chunk < chunkCount ? await readChunk(sql, digest, chunk) : Buffer.alloc(0), `chunk ${chunk} of a version`);
  let next = read(0);
  for (let chunk = 0; chunk < chunkCount; chunk += 1) {
    const content = await next;
    // Read while this one is decoded. A failure is met where it is waited for.
    next = read(chunk + 1);
    next.catch(() => undefined);
    rates.append(await inSlices(decodeDeck([content])));
  }
  return rates;
}
