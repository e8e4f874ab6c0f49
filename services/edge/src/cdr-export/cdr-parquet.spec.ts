import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { type CallRecord, CallRecordSchema, SearchCallsReplySchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { cdrParquet, nextCursorKey } from './cdr-parquet.ts';
import type { ExportQuestion } from './cdr-pages.ts';

/** So many pages of so many calls; the page after them is refused where it is said. */
function cdrOf(pageCount: number, callsPerPage: number, over: Partial<CallRecord> = {}, isBroken = false) {
  const asked: ExportQuestion[] = [];
  const searchCalls = (question: ExportQuestion) => {
    asked.push(question);
    const at = Number(question.cursor === '' ? 0 : question.cursor);
    if (!Number.isInteger(at) || (isBroken && at > 0)) return Promise.resolve(refuse({ code: 'cursor_malformed' as const, field: 'cursor' }));
    const calls = Array.from({ length: callsPerPage }, (_, each) => Object.assign(create(CallRecordSchema, {
      call: { switchId: 'sw', callId: `${at}-${each}`, leg: 0 }, status: 'closed', startedAtUs: 1_767_225_600_000_001n }), over));
    return Promise.resolve(ok(create(SearchCallsReplySchema, { calls, nextCursor: at + 1 < pageCount ? `${at + 1}` : '' })));
  };
  return { asked, searchCalls };
}

async function fileOf(chunks: AsyncGenerator<Uint8Array>) {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  const bytes = Buffer.concat(all);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const metadata = parquetMetadata(file);
  const next = metadata.key_value_metadata?.find(({ key }) => key === nextCursorKey)?.value;
  return { bytes, rows: await parquetReadObjects({ file }), groups: metadata.row_groups.length, next, chunks: all.length };
}

describe('the export of CDRs as Parquet', () => {
  it('has every page, in row groups that are written as they are read', async () => {
    const cdr = cdrOf(25, 3);
    const { rows, groups, next, chunks } = await fileOf(await cdrParquet(cdr, { carrierCode: 'N' }, 0));
    expect(rows.map((row): unknown => row['call_id'])).toEqual(Array.from({ length: 75 }, (_, at) => `${Math.floor(at / 3)}-${at % 3}`));
    expect({ groups, next, chunks }).toEqual({ groups: 3, next: '', chunks: 4 });
    expect(cdr.asked.slice(0, 2)).toMatchObject([{ carrierCode: 'N', cursor: '', pageSize: 1000 }, { cursor: '1' }]);
  });

  it('ends with the page that reaches what a file may hold, and names where the next begins', async () => {
    const part = async (cursor: string) => fileOf(await cdrParquet(cdrOf(5, 3), { cursor }, 6));
    const parts = [await part(''), await part('2'), await part('4')];
    expect(parts.map(({ rows, next }) => `${rows.length} ${next}`)).toEqual(['6 2', '6 4', '3 ']);
  });

  it('keeps amounts exact, instants to the microsecond, and nothing for what did not happen', async () => {
    const nanos = -12_345_678_901_234_567n;
    const sell = create(CallRecordSchema, { sell: { nanos, currency: 'EUR' } }).sell;
    const call = { ...(sell === undefined ? {} : { sell }), cli: '=1+1', endedReceivedAtUs: 1_767_225_600_000_002n, flags: ['no_start', 'late_end'], q850Cause: 16 };
    const { bytes, rows: [row] } = await fileOf(await cdrParquet(cdrOf(1, 1, call), {}, 0));
    expect(row).toMatchObject({ sell_currency: 'EUR', cli: '=1+1', flags: 'no_start late_end', q850_cause: 16, status: 'closed' });
    expect([row?.['answered_at'], row?.['buy'], row?.['card']].every((cell) => cell === undefined || cell === null)).toBe(true);
    // The reader makes a double of a decimal and milliseconds of an instant; the file has all of them.
    const has = (value: bigint) => bytes.includes(Buffer.from(new BigInt64Array([value]).buffer));
    expect([Number(row?.['sell']).toFixed(3), has(nanos), has(1_767_225_600_000_001n), has(1_767_225_600_000_002n)]).toEqual(['-12345678.901', true, true, true]);
  });

  it('is an empty file where nothing is found, refused before its first byte, and breaks off without an end', async () => {
    expect(await fileOf(await cdrParquet(cdrOf(1, 0), {}, 0))).toMatchObject({ rows: [], groups: 0, next: '' });
    await expect(cdrParquet(cdrOf(1, 1), { cursor: 'odd' }, 0)).rejects.toMatchObject({ refusal: { code: 'cursor_malformed' } });
    await expect(fileOf(await cdrParquet(cdrOf(2, 1, {}, true), {}, 0))).rejects.toMatchObject({ refusal: { code: 'cursor_malformed' } });
  });
});
