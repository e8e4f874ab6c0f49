import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { batchContentType, CallAbandonedSchema, dataOf, decodeMessage, publicEvents, RestartSwitchRequestSchema } from '@tollwire/contracts';
import { type InstantUs, instantUs } from '@tollwire/core';
import { runReaction } from '@tollwire/event-store';
import { permutations } from '../domain/call.fixtures.ts';
import { restartSwitch } from '../api/restart-switch.ts';
import { rebuildCalls } from '../projections/rebuild-calls.ts';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callAnswered, callEnded, callRated, callRinging, callStarted, wholeCall } from '../spec-events.ts';
import { abandonCalls } from './abandon-calls.ts';

let bed: CdrBed;
/** The specs' calls start at noon; this is so long after it. */
const noonUs = Date.parse('2026-03-01T12:00:00Z') * 1000;
let nowUs: InstantUs = instantUs(noonUs);
const after = (sec: number) => {
  nowUs = instantUs(noonUs + sec * 1_000_000);
};

beforeAll(async () => {
  bed = await cdrBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  await bed.empty();
  after(0);
});

const deps = () => ({ ...bed.instance(), clock: { nowUs: () => nowUs } });
const tell = (...events: Parameters<typeof runReaction>[2][number][]) => runReaction(bed.database, track(deps()), events);
const calls = () => bed.database.query<{ id: string; status: string; flags: string; cause: number | null }>(`
  SELECT uniqueid AS id, status, array_to_string(flags, ',') AS flags, q850_cause AS cause FROM call ORDER BY uniqueid`);
const told = async () => {
  const outbox = await bed.database.query<{ payload: Buffer }>('SELECT payload FROM outbox ORDER BY position');
  return outbox.flatMap(({ payload }) => {
    const events = decodeMessage(batchContentType, () => undefined, payload);
    return events.ok ? events.value.filter(({ type }) => type === publicEvents.CallAbandoned.type).map((event) => dataOf(CallAbandonedSchema, event)) : [];
  });
};

describe('closing calls whose end does not come', () => {
  it('takes each by the rule that is due, tells of it once, and leaves the others alone', async () => {
    await tell(callStarted({ callId: 'a-silent' }), callRinging({ callId: 'b-rang' }), callStarted({ callId: 'c-talks' }), callAnswered({ callId: 'c-talks' }));
    await tell(...wholeCall({ callId: 'd-whole' }), callStarted({ callId: 'e-new', atSec: 500 }));
    after(599);
    await abandonCalls(deps());
    expect((await calls()).map((call) => call.status)).toEqual(['started', 'ringing', 'answered', 'closed', 'started']);
    after(610);
    await Promise.all([abandonCalls(deps()), abandonCalls(deps())]);
    await abandonCalls(deps());
    expect(await calls()).toEqual([
      { id: 'a-silent', status: 'abandoned', flags: 'no_end', cause: 102 },
      { id: 'b-rang', status: 'abandoned', flags: 'no_start,no_end', cause: 102 },
      { id: 'c-talks', status: 'answered', flags: '', cause: null },
      { id: 'd-whole', status: 'closed', flags: '', cause: 16 },
      { id: 'e-new', status: 'started', flags: '', cause: null },
    ]);
    after(7_800);
    await abandonCalls(deps());
    expect((await told()).map(({ call, reason }) => `${call?.callId} ${reason}`)).toEqual(['a-silent silence', 'b-rang silence', 'e-new silence', 'c-talks max_duration']);
    expect((await told())[3]).toMatchObject({ charged: { party: { value: '0012345678901234' } }, startedAtUs: BigInt(noonUs), abandonedAtUs: BigInt(noonUs) + 7_800_000_000n });
  });

  it('goes back for a call that is told late, and for one that was answered late', async () => {
    after(50_000);
    await abandonCalls(deps());
    await tell(callStarted({ callId: 'late' }));
    await tell(callStarted({ callId: 'later' }), callAnswered({ callId: 'later' }));
    await abandonCalls(deps());
    expect((await calls()).map((call) => call.status)).toEqual(['abandoned', 'abandoned']);
  });

  it('is corrected by the late end, in any order of what is told', async () => {
    after(8_000);
    for (const [at, order] of permutations([callStarted, callAnswered, callEnded, callRated]).entries()) {
      const callId = `c${String(at).padStart(2, '0')}`;
      await tell(...order.slice(0, 1).map((of) => of({ callId })));
      await abandonCalls(deps());
      for (const of of order.slice(1)) await tell(of({ callId }));
      await abandonCalls(deps());
    }
    for (const row of await calls()) expect(row).toMatchObject({ status: 'closed', cause: 16, flags: expect.stringMatching(/^(late_end)?$/) });
    const live = await calls();
    await rebuildCalls(bed.owner);
    expect(await calls()).toEqual(live);
  });

  it('closes what a switch lost when it was started again, and nothing of other switches or after it', async () => {
    const restart = (switchId: string, sec: number) => restartSwitch(deps(), create(RestartSwitchRequestSchema, { switchId, atUs: BigInt(noonUs + sec * 1_000_000) }));
    after(120);
    await tell(callStarted({ callId: 'lost' }), callStarted({ callId: 'talked' }), callAnswered({ callId: 'talked' }), callStarted({ callId: 'new', atSec: 60 }));
    await tell(callStarted({ callId: 'elsewhere', switchId: 'fs2' }));
    expect(await restart('fs1', 60)).toEqual({ ok: true, value: { abandonedCount: 2 } });
    expect(await restart('fs1', 60)).toEqual({ ok: true, value: { abandonedCount: 0 } });
    expect((await calls()).map((call) => `${call.id} ${call.status} ${call.cause}`)).toEqual(['elsewhere started null', 'lost abandoned 41', 'new started null', 'talked abandoned 41']);
    expect(await restart('nobody', 60)).toMatchObject({ ok: false, refusal: { code: 'unknown_switch' } });
    expect(await restart('fs1', -2_000_000_000)).toMatchObject({ ok: false, refusal: { code: 'field_out_of_range', field: 'atUs' } });
  });
});
