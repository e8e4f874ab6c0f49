import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runReaction } from '@tollwire/event-store';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callEnded, callRated, callStarted, wholeCall } from '../spec-events.ts';
import { track } from '../reactions/call-reactions.ts';
import { rebuildCalls } from './rebuild-calls.ts';

let bed: CdrBed;

beforeAll(async () => {
  bed = await cdrBed();
});
afterAll(() => bed.close());

async function contents(): Promise<Record<string, unknown>[]> {
  const rows = await bed.database.query<Record<string, unknown>>('SELECT * FROM call ORDER BY uniqueid, switch_id, leg');
  return rows.map(({ callid: _, ...row }) => row);
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
});
