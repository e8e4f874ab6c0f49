import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReceivedEvent } from '@tollwire/contracts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callAnswered, callEnded, callRated, callStarted, wholeCall } from '../spec-events.ts';
import { callEventOf } from '../wire/call-events.ts';
import { type FiledEvent, type LoggedRow, logFresh, readable } from './call-log.ts';

let bed: CdrBed;

beforeAll(async () => {
  bed = await cdrBed();
});
afterAll(() => bed.close());
beforeEach(() => bed.empty());

/** Of calls that are filed under Sunday, 1 March; a week ends with that day. */
function toldOf(received: ReceivedEvent, filedDay = 20_513): FiledEvent {
  const event = callEventOf(received);
  if (!event.ok) throw new Error(event.refusal.detail);
  return { received, event: event.value, filedDay };
}

const nowUs = 1_772_409_600_000_001n;

async function log(...events: ReceivedEvent[]): Promise<string[]> {
  const fresh = await bed.database.transaction((tx) => logFresh(tx, bed.deps.numbers, events.map((event) => toldOf(event)), nowUs));
  return fresh.map(({ event }) => event.type).sort();
}

async function logged() {
  const rows = await bed.database.query<LoggedRow & { call_key: string; source: string }>(
    'SELECT event_id::text AS id, numbers_day, call_key, kind, source, bytes FROM call_event ORDER BY kind, position',
  );
  return { rows, opened: await readable(bed.database, bed.deps.numbers, rows) };
}

describe('logFresh', () => {
  it('keeps each event with its content, byte for byte, and what it says of people sealed', async () => {
    const events = wholeCall({ callId: 'a/b%' });
    expect(await log(...events)).toEqual(['CallAnswered', 'CallEnded', 'CallRated', 'CallStarted']);
    const { rows, opened } = await logged();
    expect(rows.map(({ kind }) => kind)).toEqual([1, 2, 4, 8]);
    expect(rows.map(({ call_key }) => call_key)).toEqual(Array(4).fill('fs1/a%2Fb%25/0'));
    expect(rows.map(({ source }) => source)).toEqual(['switch/fs1', 'switch/fs1', 'switch/fs1', 'tollwire/rating']);
    const readableTexts = rows.map(({ bytes }) => ['4315550100', '442071838750', 'sofia'].some((text) => bytes.includes(text)));
    expect({ told: readableTexts, named: rows.map(({ bytes }) => bytes.includes('0012345678901234')) }).toEqual({ told: Array(4).fill(false), named: [true, false, true, true] });
    for (const [at, { bytes }] of opened.entries()) expect(Buffer.compare(bytes, events[at]?.dataBytes ?? Buffer.alloc(0))).toBe(0);
  });

  it('returns an event once: in a batch, across batches, mixed with new ones', async () => {
    const [started, ended] = [callStarted({ callId: 'x' }), callEnded({ callId: 'x' })];
    expect(await log(started, started)).toEqual(['CallStarted']);
    expect(await log(started, ended)).toEqual(['CallEnded']);
    expect(await log(started, ended)).toEqual([]);
    expect((await logged()).rows).toHaveLength(2);
  });

  it('takes other content under a known id for a second telling, and knows it when it comes again', async () => {
    const one = callAnswered({ callId: 'x' });
    const other = { ...callAnswered({ callId: 'x' }, { carrierCode: 'C9' }), id: one.id };
    expect(await log(one)).toEqual(['CallAnswered']);
    expect(await log(other)).toEqual(['CallAnswered']);
    expect(await log(other, one, other)).toEqual([]);
    expect((await logged()).rows).toHaveLength(2);
  });

  it('takes both of two contents under one id in one batch', async () => {
    const one = callRated({ callId: 'x' });
    const other = { ...callRated({ callId: 'x' }, { durationSec: 1 }), id: one.id };
    expect(await log(one, other, one)).toEqual(['CallRated', 'CallRated']);
    expect(await log(other, one)).toEqual([]);
    expect((await logged()).rows).toHaveLength(2);
  });

  it('returns an event again when the transaction that had taken it was undone', async () => {
    const event = callStarted({ callId: 'x' });
    const undone = bed.database.transaction(async (tx) => {
      await logFresh(tx, bed.deps.numbers, [toldOf(event)], nowUs);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await log(event)).toEqual(['CallStarted']);
  });
});
