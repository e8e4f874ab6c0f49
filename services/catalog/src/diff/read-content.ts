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
  for (let chunk = 0; chunk < chunkCount; chunk += 1) {
    const content = present(await readChunk(sql, digest, chunk), `chunk ${chunk} of a version`);
    rates.append(await inSlices(decodeDeck([content])));
  }
  return rates;
}
