import { present } from '@tollwire/core';
import type { Params } from './expressions.ts';
import type { Steps, Work } from './store.ts';
import { listOf } from './values.ts';

/** One parameter holds all payloads; the lists say where each begins and how long it is. */
export function* queue(work: Work, [payloads, subjects, counts, begins, lengths]: Params): Steps {
  const bytes = present(payloads instanceof Uint8Array ? Buffer.from(payloads) : undefined, 'the payloads');
  const [eventCounts, firstBytes, byteCounts] = [counts, begins, lengths].map((list) => listOf(list, 'int').map(Number));
  for (const [at, subject] of listOf(subjects, 'text').entries()) {
    const from = (firstBytes?.[at] ?? 1) - 1;
    const payload = Buffer.from(bytes.subarray(from, from + (byteCounts?.[at] ?? 0)));
    const row = yield* work.insert('outbox', { subject, event_count: eventCounts?.[at] ?? 0, payload });
    yield* work.insert('outbox_pending', { position: row?.['position'] ?? null, byte_count: payload.length });
  }
  return [];
}
