import { z } from 'zod';
import type { CdrRow } from '../../services/edge/src/cdr-import/rows.ts';
import { asJournalled, clocksOf, type KnownSwitches } from '../../services/edge/src/journal/switch-book.ts';
import type { Api } from '../client/api.ts';

const settings = z.object({ switches: z.array(z.object({ name: z.string(), zone: z.string().default(''), skewMs: z.number().default(0) })).default([]) });

/** The clocks of switches as they are set, by which an import would read a file of theirs. */
export async function switchClocks(api: Pick<Api, 'get'>): Promise<KnownSwitches> {
  const { switches } = await api.get('/v1/switches', settings);
  return { clocks: clocksOf(switches), refusesOthers: false, removedPrefixes: [] };
}

/** Rows with the times that an import would record. */
export async function* byOurClock(rows: AsyncIterable<CdrRow>, known: KnownSwitches): AsyncGenerator<CdrRow> {
  for await (const row of rows) {
    if (row.call.ok) asJournalled(row.call.value, known);
    yield row;
  }
}
