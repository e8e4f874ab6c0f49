import { batchContentType, decodeMessage, subjectOf } from '@tollwire/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { enqueue, enqueueEncoded, EVENT_BYTES_MAX, ROW_BYTES_MAX } from '../index.ts';
import { type Bed, openBed } from '../spec/bed.ts';
import { publicEvent } from '../spec/events.ts';

interface Row {
  readonly subject: string;
  readonly event_count: number;
  readonly payload: Buffer;
}

describe('enqueue', () => {
  let bed: Bed;

  beforeAll(async () => {
    bed = await openBed('enqueue');
  });

  afterAll(() => bed.close());

  beforeEach(async () => {
    await bed.database.query('DELETE FROM outbox');
    await bed.database.query('DELETE FROM outbox_pending');
  });

  const rows = () => bed.database.query<Row>('SELECT subject, event_count, payload FROM outbox ORDER BY position');
  const entry = (subject: string, byteCount: number, fill = 'x') => ({ subject, bytes: Buffer.alloc(byteCount, fill) });

  it('writes one row for each subject, whose payload is a batch of the events', async () => {
    const events = Array.from({ length: 40 }, (_unused, n) => publicEvent(n));
    await enqueue(bed.database, 'root', events);
    const stored = await rows();
    expect(stored).toHaveLength(4);
    const decoded = stored.flatMap(({ payload }) => {
      const batch = decodeMessage(batchContentType, () => undefined, payload);
      return batch.ok ? batch.value : [];
    });
    expect(decoded.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort());
    const known = [0, 1, 2, 3].map((partition) => subjectOf('root', publicEvent(0).definition, partition));
    expect(stored.map(({ subject }) => subject).sort()).toEqual(known);
  });

  it('keeps what stands beside each other apart: every payload has its own bytes', async () => {
    await enqueueEncoded(bed.database, [entry('a', 3, 'a'), entry('b', 1, 'b'), entry('a', 2, 'c'), entry('c', 4, 'd')]);
    expect((await rows()).map(({ subject, event_count, payload }) => [subject, event_count, payload.toString()])).toEqual([
      ['a', 2, 'aaacc'],
      ['b', 1, 'b'],
      ['c', 1, 'dddd'],
    ]);
  });

  it('begins another row when one is full', async () => {
    await enqueueEncoded(bed.database, [entry('a', ROW_BYTES_MAX - 1), entry('a', 1), entry('a', 1), entry('a', EVENT_BYTES_MAX), entry('a', 1)]);
    expect((await rows()).map(({ event_count, payload }) => [event_count, payload.length])).toEqual([
      [2, ROW_BYTES_MAX],
      [1, 1],
      [1, EVENT_BYTES_MAX],
      [1, 1],
    ]);
  });

  it('cuts the events of one transaction into rows of whole events that are no larger than a row may be', async () => {
    const events = Array.from({ length: 6000 }, (_unused, n) => publicEvent(n));
    await enqueue(bed.database, 'root', events);
    const stored = await rows();
    expect(stored.length).toBeGreaterThan(4);
    expect(Math.max(...stored.map(({ payload }) => payload.length))).toBeLessThanOrEqual(ROW_BYTES_MAX);
    const counts = stored.map(({ payload, event_count }) => {
      const batch = decodeMessage(batchContentType, () => undefined, payload);
      return [batch.ok && batch.value.length, event_count];
    });
    expect(counts.every(([decoded, told]) => decoded === told)).toBe(true);
    expect(stored.reduce((sum, { event_count }) => sum + event_count, 0)).toBe(events.length);
  });

  it('refuses an event that no message would hold, and writes nothing of the batch', async () => {
    await expect(enqueueEncoded(bed.database, [entry('a', 1), entry('a', EVENT_BYTES_MAX + 1)])).rejects.toThrow('more than 524288');
    expect(await rows()).toEqual([]);
  });

  it('does nothing for nothing', async () => {
    await enqueue(bed.database, 'root', []);
    expect(await rows()).toEqual([]);
  });
});
