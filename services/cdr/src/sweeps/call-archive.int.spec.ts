import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runReaction } from '@tollwire/event-store';
import { instant } from '@tollwire/testing';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { wholeCall } from '../spec-events.ts';
import { type CallArchive, checkArchive } from './call-archive.ts';
import { dropOldCalls } from './drop-old-calls.ts';

let bed: CdrBed;
let folder: string;

beforeAll(async () => void (bed = await cdrBed()));
afterAll(() => bed.close());
beforeEach(async () => {
  await bed.empty();
  folder = mkdtempSync(join(tmpdir(), 'tollwire-archive-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const dropped: string[] = [];
const drop = (format: CallArchive['format'], at = '2026-04-01T11:00:00Z', into = folder) =>
  dropOldCalls({ database: bed.database, clock: { nowUs: () => instant(at) }, callKeptDays: 30, callArchive: { folder: into, format } }, (what, count) => dropped.push(`${count} ${what}`));
const left = async () => (await bed.database.query<{ uniqueid: string }>('SELECT uniqueid FROM call ORDER BY uniqueid')).map(({ uniqueid }) => uniqueid).join(',');
const day = 86_400;
const record = (...calls: { callId: string; atSec: number }[]) => runReaction(bed.database, track(bed.deps), calls.flatMap((call) => wholeCall(call)));

async function rowsOf(name: string): Promise<Record<string, unknown>[]> {
  const bytes = readFileSync(join(folder, name));
  if (name.endsWith('.csv')) return parse<Record<string, unknown>>(bytes.toString(), { columns: true });
  return await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) });
}

describe('calls that are past their time, where there is an archive', () => {
  it.each(['csv', 'parquet'] as const)('are in a file of %s before they go, with their prefixes and money, and the others stay', async (format) => {
    await record({ callId: 'a', atSec: 0 }, { callId: 'b', atSec: 60 }, { callId: 'young', atSec: day });
    dropped.length = 0;
    await drop(format);
    expect([await left(), dropped[0]]).toEqual(['young', '2 archived calls']);
    const files = readdirSync(folder);
    expect(files).toEqual([expect.stringMatching(new RegExp(`^calls-2026-03-01-\\d+-\\d+\\.${format}$`))]);
    const rows = await rowsOf(files[0] ?? '');
    expect(rows.map((row) => row['call_id'])).toEqual(['a', 'b']);
    expect(rows[0]).toMatchObject({ cli: '431555****', called_e164: '442071******', status: 'closed', sell_currency: 'EUR' });
    expect(Number(rows[0]?.['sell'])).toBeCloseTo(0.012345678, 9);
  });

  it('stay where they cannot be written', async () => {
    await record({ callId: 'a', atSec: 0 });
    await expect(drop('csv', undefined, join(folder, 'none'))).rejects.toThrow('ENOENT');
    expect(await left()).toBe('a');
    await expect(checkArchive({ folder: join(folder, 'none'), format: 'csv' })).rejects.toThrow('CALL_ARCHIVE_FOLDER');
    await expect(checkArchive({ folder, format: 'csv' })).resolves.toBeUndefined();
  });

  it('are kept aside where writing broke off, and go once they are written', async () => {
    await record({ callId: 'a', atSec: 0 }, { callId: 'b', atSec: 60 });
    await bed.database.query('SELECT set_calls_aside($1)', [instant('2026-04-01T00:00:00Z')]);
    await expect(drop('csv', undefined, join(folder, 'none'))).rejects.toThrow('ENOENT');
    expect([await left(), await bed.database.query('SELECT 1 FROM call_past')]).toEqual(['', [{ '?column?': 1 }, { '?column?': 1 }]]);
    await drop('csv');
    const ids = (await rowsOf(readdirSync(folder)[0] ?? '')).map((row) => row['call_id']);
    expect([await bed.database.query('SELECT 1 FROM call_past'), ids]).toEqual([[], ['a', 'b']]);
  });

  it('are in one file each, whatever instances write at once, and what comes late gets a file of its own', async () => {
    await record(...Array.from({ length: 50 }, (_, at) => ({ callId: `c${at}`, atSec: at })));
    await Promise.all([drop('csv'), drop('csv'), drop('csv')]);
    expect(await left()).toBe('');
    await record({ callId: 'late', atSec: 5 });
    await drop('csv');
    const ids = (await Promise.all(readdirSync(folder).map(rowsOf))).flat().map((row) => row['call_id']);
    expect(ids.toSorted()).toEqual([...Array.from({ length: 50 }, (_, at) => `c${at}`), 'late'].toSorted());
  });

  it('that are younger than a week are not dropped, whatever the clock of the service says', async () => {
    await record({ callId: 'a', atSec: 0 });
    await bed.owner.query(`UPDATE call SET started_at_us = to_us(now() - interval '6 days'), answered_at_us = NULL, ended_at_us = NULL`);
    await drop('csv', '2099-01-01T00:00:00Z');
    expect([await left(), readdirSync(folder)]).toEqual(['a', []]);
  });
});
