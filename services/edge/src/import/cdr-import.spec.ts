import { beforeEach, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { CallEndedSchema, type CodedRefusal, type PublicEvent } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { testClock } from '@tollwire/testing';
import type { CdrRow } from '../cdr-import/rows.ts';
import type { SwitchClock } from '../journal/switch-book.ts';
import { importCdrs } from './cdr-import.ts';
import type { ImportedFile, RefusedRow } from './row-errors.ts';

const us = 1_773_486_000_000_000n;
const file: ImportedFile = { importId: 'f-1', format: 'asterisk_csv', by: 'operator:ann' };

const good = (line: number): CdrRow => ({
  line,
  rowText: `row ${line}`,
  call: ok(create(CallEndedSchema, { call: { switchId: 'fs', callId: `c-${line}` }, calledNumber: '4366', startedAtUs: us, endedAtUs: us + 1n })),
});
const bad = (line: number): CdrRow => ({ line, rowText: `row ${line}`, call: refuse({ code: 'cdr_malformed', field: 'billsec', detail: 'no number' }) });
const tomorrow = (line: number): CdrRow => ({ line, rowText: 'x', call: ok(create(CallEndedSchema, { startedAtUs: us, endedAtUs: us + 172_800_000_000n })) });

/** A journal and a store of refused rows that write down the order in which they are used, and fail when they are told to. */
class Desk {
  readonly clock = testClock('2026-03-14T12:00:00Z');
  readonly steps: string[] = [];
  readonly numbers = { read: () => undefined };
  readonly counted: [number, string[]][] = [];
  readonly journalled: PublicEvent[] = [];
  refuseFrom = Infinity;
  loseRowsFrom = Infinity;

  readonly switches = { clocks: new Map<string, SwitchClock>(), refusesOthers: false, removedPrefixes: [] };
  readonly importQueue = {
    append: async (events: readonly PublicEvent[]): Promise<Result<undefined, CodedRefusal>> => {
      this.steps.push(`journal ${events.length}`);
      if (this.journalled.length + events.length > this.refuseFrom) return refuse({ code: 'overloaded', detail: 'Too many wait.' });
      this.journalled.push(...events);
      return ok(undefined);
    },
  };
  readonly rowErrors = {
    keep: async (_file: ImportedFile, rows: readonly RefusedRow[]): Promise<void> => {
      this.steps.push(`keep ${rows.map(({ line }) => line).join(' ')}`.trim());
      if (rows.some(({ line }) => line >= this.loseRowsFrom)) throw new Error('disk full');
    },
  };
  readonly countTold = (accepted: number, refused: readonly string[]): void => void this.counted.push([accepted, [...refused]]);
}

describe('import of CDRs', () => {
  let desk: Desk;
  let read: number;
  let closed: boolean;
  beforeEach(() => {
    desk = new Desk();
    read = 0;
    closed = false;
  });

  /** A file whose rows come 100 together. */
  async function* fileOf(rows: readonly CdrRow[]) {
    try {
      for (let at = 0; at < rows.length; at += 100) {
        const together = rows.slice(at, at + 100);
        read += together.length;
        yield together;
      }
    } finally {
      closed = true;
    }
  }
  const parsed = (told: string) => told.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  const lines = async (rows: readonly CdrRow[]) => {
    const told: string[] = [];
    for await (const line of importCdrs(desk, file, fileOf(rows))) told.push(line);
    expect(told.filter((line) => !line.endsWith('\n'))).toEqual([]);
    return parsed(told.join(''));
  };
  const rowsTo = (count: number) => Array.from({ length: count }, (_, at) => good(at + 1));

  it('of an empty file is done at once', async () => {
    expect(await lines([])).toEqual([{ done: true, importId: 'f-1', accepted: 0, refused: 0 }]);
    expect(desk.steps).toEqual([]);
  });

  it('keeps bad rows before it journals good ones, and tells of both in the order of the file', async () => {
    expect(await lines([good(1), bad(2), tomorrow(3), good(5)])).toMatchObject([
      { line: 1, accepted: true, call: 'fs/c-1/0' },
      { line: 2, accepted: false, code: 'cdr_malformed' },
      { line: 3, accepted: false, code: 'field_out_of_range', field: 'endedAt' },
      { line: 5, accepted: true },
      { done: true, accepted: 2, refused: 2 },
    ]);
    expect(desk.steps).toEqual(['keep 2 3', 'journal 2']);
    expect(desk.counted).toEqual([[2, ['cdr_malformed', 'field_out_of_range']]]);
  });

  it.each([1, 99, 100, 2_000, 2_001, 5_050])('of %i rows tells of each, in commits of 2,000 at most', async (count) => {
    const told = await lines(rowsTo(count));
    expect(told.slice(0, -1).map(({ line }) => line)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
    const commits = desk.steps.filter((step) => step.startsWith('journal')).map((step) => Number(step.split(' ')[1]));
    expect(commits.reduce((sum, size) => sum + size, 0)).toBe(count);
    expect(Math.max(...commits)).toBeLessThanOrEqual(2_000);
  });

  it('tells of no row before it is durable, and reads a commit ahead at most while nobody takes its answers', async () => {
    const answer = importCdrs(desk, file, fileOf(rowsTo(20_000)));
    let told = 0;
    for (let step = 0; step < 5; step += 1) {
      const next = await answer.next();
      told += next.done === true ? 0 : parsed(next.value).length;
      expect(desk.journalled.length).toBe(told);
      await new Promise((resolve) => setImmediate(resolve));
      expect(read - told).toBeLessThanOrEqual(4_100);
    }
    await answer.return(undefined);
    expect(closed).toBe(true);
  });

  it('says where it ended when the journal takes no more, and never that it is done', async () => {
    desk.refuseFrom = 700;
    const told = await lines(rowsTo(20_000));
    const accepted = desk.journalled.length;
    expect(told.slice(0, -1).every((line) => line['accepted'] === true)).toBe(true);
    expect(told.length - 1).toBe(accepted);
    expect(told.at(-1)).toEqual({ failed: true, accepted, refused: 0, problem: expect.objectContaining({ status: 503, code: 'overloaded' }) });
    expect(closed).toBe(true);
    expect(read).toBeLessThan(10_000);
    expect(desk.counted.at(-1)?.[0]).toBe(0);
    expect(desk.counted.at(-1)?.[1].length).toBeGreaterThan(0);
  });

  it('journals nothing of rows whose bad ones could not be kept', async () => {
    desk.loseRowsFrom = 2;
    await expect(lines([good(1), bad(2)])).rejects.toThrow('disk full');
    expect(desk.steps).toEqual(['keep 2']);
    expect(closed).toBe(true);
  });

  it('of the same file makes the same events', async () => {
    await lines(rowsTo(3));
    await lines(rowsTo(3));
    const ids = desk.journalled.map(({ id }) => id);
    expect(ids.slice(0, 3)).toEqual(ids.slice(3));
    expect(new Set(ids).size).toBe(3);
  });
});
