import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runReaction } from '@tollwire/event-store';
import { openCalls } from '../numbers/open-calls.fixture.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { until } from '@tollwire/testing';
import { callEnded, callRated, callStarted, wholeCall } from '../spec-events.ts';
import { track } from '../reactions/call-reactions.ts';
import { learnCarriers } from './carriers.ts';
import { rebuildCalls } from './rebuild-calls.ts';

let bed: CdrBed;

beforeAll(async () => {
  bed = await cdrBed();
});
afterAll(() => bed.close());

async function contents(): Promise<Record<string, unknown>[]> {
  return (await openCalls(bed)).map(({ callid: _, ...row }) => row);
}

describe('rebuildCalls', () => {
  it('makes from the log alone what the live fold made: whole, partial, doubled, contradicted and re-rated calls', async () => {
    const end = callEnded({ callId: 'clash' });
    const batches = [
      Array.from({ length: 50 }, (_, at) => wholeCall({ callId: `w${at}`, atSec: at, switchId: `fs${at % 3}` })).flat(),
      [callStarted({ callId: 'open' }), callEnded({ callId: 'no-start', accountCode: 'acme' })],
      [end, { ...callEnded({ callId: 'clash' }, { q850Cause: 34 }), id: end.id }],
      [callRated({ callId: 'early' })],
      [callRated({ callId: 'w1', atSec: 1, switchId: 'fs1' }, { revision: 2, durationSec: 1 })].map((event) => ({ ...event, id: '00000000-0000-8000-8000-000000000009' })),
      [callStarted({ callId: 'w2', atSec: 2, switchId: 'fs2' }, { cli: '1' })].map((event) => ({ ...event, id: '00000000-0000-8000-8000-000000000007' })),
    ];
    for (const events of batches) await runReaction(bed.database, track(bed.deps), events);
    const live = await contents();
    expect(live).toHaveLength(54);
    const outboxBefore = await bed.database.query('SELECT position FROM outbox');

    const count = await rebuildCalls(bed.owner, 7);

    expect(count).toBe(50 * 4 + 2 + 2 + 1 + 1 + 1);
    expect(await contents()).toEqual(live);
    expect(await bed.database.query('SELECT position FROM outbox')).toEqual(outboxBefore);
  });

  it('goes on from there: the next event finds its call', async () => {
    await runReaction(bed.database, track(bed.deps), [callEnded({ callId: 'open' }), callRated({ callId: 'open' })]);
    expect((await contents()).find(({ uniqueid }) => uniqueid === 'open')).toMatchObject({ status: 'closed', flags: [] });
  });

  it('waits for whoever is learning a carrier, and deadlocks with nobody', async () => {
    const rebuilt: Promise<number>[] = [];
    await bed.database.transaction(async (tx) => {
      await tx.query('LOCK TABLE carrier IN ACCESS EXCLUSIVE MODE');
      rebuilt.push(rebuildCalls(bed.owner));
      await until(async () => (await bed.database.query(`SELECT 1 FROM pg_locks WHERE relation = 'carrier'::regclass AND NOT granted`)).length === 1);
      await learnCarriers(tx, [{ carrierCode: 'C1', providerId: 7 }]);
    });
    expect(await Promise.all(rebuilt)).toEqual([209]);
    const learnt = await contents();
    expect(learnt.filter((row) => row['carrier_code'] === 'C1').every((row) => row['providerid'] === 7)).toBe(true);
  });

  it('leaves the calls as they were where an event of the log cannot be read', async () => {
    const before = await contents();
    await bed.database.query(`INSERT INTO call_event (event_id, filed_day, kind, call_key, source, bytes) VALUES ('00000000-0000-8000-8000-00000000ffff', 20513, 1, 'x/y/0', 'spec', '\\xffff')`);
    await expect(rebuildCalls(bed.owner)).rejects.toThrow('00000000-0000-8000-8000-00000000ffff of the log cannot be read');
    expect(await contents()).toEqual(before);
  });
});
