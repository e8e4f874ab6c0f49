import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { batchContentType, CallEndedSchema, decodeMessage } from '@tollwire/contracts';
import { publicCallEvent } from '../journal/journal.ts';
import { type EdgeBed, edgeBed } from '../spec-bed.ts';
import { ImportQueue } from './import-queue.ts';

const us = 1_773_486_000_000_000n;
const event = (n: number) => publicCallEvent(create(CallEndedSchema, { call: { switchId: 'pbx', callId: `q-${n}` }, calledNumber: '4366', startedAtUs: us, endedAtUs: us + 1n }), undefined);
const events = (from: number, count: number) => Array.from({ length: count }, (_, at) => event(from + at));

describe('calls of files', () => {
  let edge: EdgeBed;
  let queue: ImportQueue;
  beforeAll(async () => void (edge = await edgeBed()));
  afterAll(() => edge.close());
  beforeEach(async () => {
    for (const table of ['import_queue', 'outbox_pending', 'outbox']) await edge.database.query(`DELETE FROM ${table}`);
    queue = queueOf();
  });

  const queueOf = () => new ImportQueue({ database: edge.database, root: edge.root, clock: edge.clock, wakeRelay: () => (edge.wakes += 1), rowsPerSec: 100 });
  const idsIn = async (table: 'import_queue' | 'outbox') => {
    const rows = await edge.database.query<{ payload: Buffer }>(`SELECT payload FROM ${table}`);
    return rows.flatMap(({ payload }) => {
      const read = decodeMessage(batchContentType, () => undefined, payload);
      return read.ok ? read.value.map(({ id }) => id) : [];
    });
  };
  const pending = async () => await edge.database.query('SELECT p.position FROM outbox_pending p JOIN outbox o USING (position) WHERE p.byte_count = octet_length(o.payload)');

  it('wait until it is their turn, and are then told of as they are, once', async () => {
    const told = events(0, 40);
    expect(await queue.append(told)).toEqual({ ok: true, value: undefined });
    expect(new Set(await idsIn('import_queue'))).toEqual(new Set(told.map(({ id }) => id)));
    await queue.feed();
    expect(await idsIn('outbox')).toEqual([]);
    edge.clock.advanceSec(1);
    const wakes = edge.wakes;
    await queue.feed();
    expect(edge.wakes).toBe(wakes + 1);
    expect((await idsIn('outbox')).toSorted()).toEqual(told.map(({ id }) => id).toSorted());
    expect(await idsIn('import_queue')).toEqual([]);
    expect((await pending()).length).toBeGreaterThan(0);
    edge.clock.advanceSec(1);
    await queue.feed();
    expect(await idsIn('outbox')).toHaveLength(40);
  });

  it('come at their pace, however they are packed and however long nothing came', async () => {
    for (let lot = 0; lot < 20; lot += 1) await queue.append(events(1_000 + lot * 50, 50));
    edge.clock.advanceSec(3_600);
    let sec = 0;
    for (; (await idsIn('import_queue')).length > 0; sec += 1) {
      await queue.feed();
      edge.clock.advanceSec(1);
      // A packed row goes as a whole: at most one of them is ahead.
      expect((await idsIn('outbox')).length).toBeLessThanOrEqual((sec + 1) * 100 + 50);
    }
    expect(sec).toBeGreaterThanOrEqual(9);
    expect(sec).toBeLessThanOrEqual(11);
    expect(new Set(await idsIn('outbox')).size).toBe(1_000);
  });

  it('are told of once by several instances at once', async () => {
    for (let lot = 0; lot < 10; lot += 1) await queue.append(events(5_000 + lot * 20, 20));
    const instances = [queueOf(), queueOf(), queueOf()];
    for (let sec = 0; sec < 4; sec += 1) {
      edge.clock.advanceSec(1);
      await Promise.all(instances.map((instance) => instance.feed()));
    }
    expect(await idsIn('import_queue')).toEqual([]);
    const ids = await idsIn('outbox');
    expect([ids.length, new Set(ids).size]).toEqual([200, 200]);
  });
});
