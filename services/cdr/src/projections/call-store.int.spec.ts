import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runReaction } from '@tollwire/event-store';
import type { ReceivedEvent } from '@tollwire/contracts';
import fc from 'fast-check';
import { type CallRecord, evolve, untold } from '../domain/call.ts';
import { track } from '../reactions/call-reactions.ts';
import { openCalls } from '../numbers/open-calls.fixture.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callAnswered, callEnded, callRated, callStarted } from '../spec-events.ts';
import { callEventOf } from '../wire/call-events.ts';
import { recordOf } from './call-of-row.ts';
import { callColumns, type KeyedRow } from './call-table.ts';

let bed: CdrBed;

beforeAll(async () => {
  bed = await cdrBed();
});
afterAll(() => bed.close());
beforeEach(() => bed.empty());

/** Everything that may be told of a few calls, contradictions among it. */
const pool: ReceivedEvent[] = ['a', 'b', 'c', 'd', 'e'].flatMap((callId, at) => {
  const of = { callId, switchId: at % 2 === 0 ? 'fs1' : 'fs2', atSec: at };
  const rerated = { ...callRated(of, { revision: 2, durationSec: 3 }), id: `00000000-0000-8000-8000-00000000000${at}` };
  const contradicting = { ...callEnded(of, { q850Cause: 34 }), id: callEnded(of).id };
  const renamed = { ...callStarted(of), id: `00000000-0000-8000-8000-00000000001${at}` };
  return [callStarted(of), callAnswered(of), callEnded(of), callRated(of), rerated, contradicting, renamed];
});

/** The records that the pure fold makes of events, by call. */
function folded(events: readonly ReceivedEvent[]): Record<string, CallRecord> {
  const records: Record<string, CallRecord> = {};
  for (const received of events) {
    const event = callEventOf(received);
    if (!event.ok) throw new Error(event.refusal.detail);
    const { call } = event.value;
    records[call.callId] = evolve(records[call.callId] ?? untold(call), event.value);
  }
  return records;
}

/** The records that the rows give back. */
async function stored(): Promise<Record<string, CallRecord>> {
  const rows = await openCalls<KeyedRow & { name: string }>(
    bed,
    `SELECT ${callColumns}, s.name FROM call c JOIN voip_switch s ON s.id = c.switch_id`,
  );
  return Object.fromEntries(rows.map((row) => [row.uniqueid, recordOf({ switchId: row.name, callId: row.uniqueid, leg: row.leg }, row)]));
}

const batches = fc.array(fc.array(fc.constantFrom(...pool), { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 8 });

describe('storing calls', () => {
  it('gives what the pure fold gives, however the events are cut into batches', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (cut) => {
        await bed.empty();
        for (const batch of cut) await runReaction(bed.database, track(bed.deps), batch);
        expect(await stored()).toEqual(folded(cut.flat()));
      }),
      { numRuns: 25 },
    );
  }, 30_000);

  it('gives the same when instances store all batches at once', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (cut) => {
        await bed.empty();
        await Promise.all(cut.map((batch) => runReaction(bed.database, track(bed.instance()), batch)));
        expect(await stored()).toEqual(folded(cut.flat()));
      }),
      { numRuns: 25 },
    );
  }, 30_000);

  it('has no index on anything that an answer, an end or a rating changes, so that updates stay in place', async () => {
    const changed = await bed.database.query<{ indexdef: string }>(
      `SELECT indexdef FROM pg_indexes WHERE tablename = 'call'
       AND indexdef ~ '(status|told|answered_at|ended_at|rated_at|carrier_code|nanos|q850)'`,
    );
    expect(changed).toEqual([]);
  });
});
