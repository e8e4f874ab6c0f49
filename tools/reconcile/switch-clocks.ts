import { type InstantUs, refuse } from '@tollwire/core';
import { z } from 'zod';
import type { CdrRow } from '../../services/edge/src/cdr-import/rows.ts';
import { nonsenseIn } from '../../services/edge/src/journal/call-event.sense.ts';
import { asJournalled, clocksOf, type KnownSwitches } from '../../services/edge/src/journal/switch-book.ts';
import type { Api } from '../client/api.ts';

const settings = z.object({ switches: z.array(z.object({ name: z.string(), zone: z.string().default(''), skewMs: z.number().default(0) })).default([]) });

/** The clocks of switches as they are set, by which an import would read a file of theirs. */
export async function switchClocks(api: Pick<Api, 'get'>): Promise<KnownSwitches> {
  const { switches } = await api.get('/v1/switches', settings);
  return { clocks: clocksOf(switches), refusesOthers: false, removedPrefixes: [] };
}

/**
 * Rows with the times that an import would record. What an import would refuse to believe is refused here as well: one row of the year 2062 would else
 * stretch the time of the file until then, and every call of ours since would be missing in it.
 */
export async function* byOurClock(rows: AsyncIterable<CdrRow>, known: KnownSwitches, nowUs: InstantUs): AsyncGenerator<CdrRow> {
  for await (const row of rows) {
    const nonsense = row.call.ok ? nonsenseIn(row.call.value, nowUs) : undefined;
    if (nonsense !== undefined) {
      yield { ...row, call: refuse(nonsense) };
      continue;
    }
    if (row.call.ok) asJournalled(row.call.value, known);
    yield row;
  }
}
