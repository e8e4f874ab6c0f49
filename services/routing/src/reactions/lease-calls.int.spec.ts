import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  MeasuredCarriersRequestSchema, type ProviderLimitsSchema, publicEventOf, publicEvents, RegisterProviderRequestSchema, RouteItemSchema, RouteRequestSchema,
  SetProviderLimitsRequestSchema,
} from '@tollwire/contracts';
import { runReaction, type Sql } from '@tollwire/event-store';
import { CallLeases } from '../live/call-leases.ts';
import { routingAnswers } from '../routing.answers.ts';
import type { RoutingDeps } from '../routing.deps.ts';
import { carrierDeck, openRouting, received, type RoutingBed } from '../spec/bed.ts';
import { countLeasesNow, forgetLeases } from '../sweeps/count-leases.ts';
import { leaseCalls } from './lease-calls.ts';

const context = { method: 'spec', correlationId: 'spec' };

let bed: RoutingBed;
let deps: RoutingDeps;
let other: RoutingDeps;

beforeAll(async () => {
  bed = await openRouting();
  bed.catalog.decks = [carrierDeck('ALPHA', 1, { '34': '0.02' }), carrierDeck('BETA', 2, { '34': '0.03' })];
  deps = bed.instance();
  other = bed.instance();
  for (const each of [deps, other]) await each.replica.start();
  for (const carrierCode of ['ALPHA', 'BETA']) {
    await routingAnswers(deps).registerProvider(create(RegisterProviderRequestSchema, { carrierCode, gateway: { address: 'x.example' }, by: 'ops' }), context);
  }
});
beforeEach(async () => {
  await bed.database.query('delete from call_lease');
  bed.clock.advanceSec(60);
  await count();
});
afterAll(() => bed.close());

async function limit(limits: MessageInitShape<typeof ProviderLimitsSchema>): Promise<void> {
  await routingAnswers(deps).setProviderLimits(create(SetProviderLimitsRequestSchema, { carrierCode: 'ALPHA', limits, by: 'ops' }), context);
  await other.replica.refresh();
}

async function count(): Promise<void> {
  for (const each of [deps, other]) await countLeasesNow(each);
}

const keyOf = (call: string) => `sw/${call}/1`;
/** Whom calls that are let through get, one batch. */
async function authorize(of: RoutingDeps, ...calls: string[]) {
  return await routed(of, calls, true);
}
async function routed(of: RoutingDeps, calls: readonly string[], takesCapacity: boolean, atUs: number = bed.clock.nowUs()) {
  const items = calls.map((call) => create(RouteItemSchema, { plan: { plan: { case: 'tariffId', value: 1 } }, e164: '34650123456', atUs: BigInt(atUs), callId: keyOf(call), takesCapacity }));
  const answer = await routingAnswers(of).route(create(RouteRequestSchema, { items }), context);
  return answer.ok ? (answer.value.results ?? []).map((result) => [result.carriers?.[0]?.carrierCode, ...(result.excluded ?? []).map(({ reason }) => reason)].join(' ')) : [];
}

const inUse = async (of = deps) => {
  const answer = await routingAnswers(of).measuredCarriers(create(MeasuredCarriersRequestSchema, { carrierCode: 'ALPHA' }), context);
  return answer.ok ? answer.value.capacities?.[0]?.concurrentCalls : undefined;
};

type Told = 'CallStarted' | 'CallAnswered' | 'CallEnded' | 'CallAbandoned';
function told(type: Told, call: string, carrierCode = '') {
  const ref = { switchId: 'sw', callId: call, leg: 1 };
  const atUs = BigInt(bed.clock.nowUs());
  const about = { source: 'spec', timeUs: bed.clock.nowUs(), parts: [type, call, carrierCode] };
  switch (type) {
    case 'CallStarted':
      return received(publicEventOf(publicEvents.CallStarted, { ...about, data: { call: ref, startedAtUs: atUs } }));
    case 'CallAnswered':
      return received(publicEventOf(publicEvents.CallAnswered, { ...about, data: { call: ref, answeredAtUs: atUs, carrierCode } }));
    case 'CallEnded':
      return received(publicEventOf(publicEvents.CallEnded, { ...about, data: { call: ref, endedAtUs: atUs, carrierCode } }));
    case 'CallAbandoned':
      return received(publicEventOf(publicEvents.CallAbandoned, { ...about, data: { call: ref, abandonedAtUs: atUs } }));
  }
}
async function hear(...events: ReturnType<typeof told>[]): Promise<void> {
  await runReaction(bed.database, leaseCalls(deps), events.flat());
  await count();
}

describe('calls at once over a carrier', () => {
  it('count from the decision on, within a batch and before anything is written', async () => {
    await limit({ concurrentCallsMax: 2 });
    expect(await authorize(deps, 'a1', 'a2', 'a3')).toEqual(['ALPHA', 'ALPHA', 'BETA has 2 of at most 2 calls at once']);
    expect(await bed.database.query('select 1 from call_lease')).toEqual([]);
    await count();
    expect([await authorize(deps, 'a4'), await authorize(other, 'a5')].flat()).toEqual(['BETA has 2 of at most 2 calls at once', 'BETA has 2 of at most 2 calls at once']);
    expect([await inUse(), await inUse(other)]).toEqual([2, 2]);
  });

  it('are not taken by a mere question, nor by a call that asks twice, and say nothing of other days', async () => {
    await routed(deps, ['b1', 'b2'], false);
    await authorize(deps, 'b3');
    await authorize(deps, 'b3');
    await count();
    expect(await inUse()).toBe(1);
    await authorize(deps, 'b4');
    expect(await routed(deps, ['b5'], false)).toEqual(['BETA has 2 of at most 2 calls at once']);
    expect(await routed(deps, ['b5'], false, bed.clock.nowUs() - 3_600_000_000)).toEqual(['ALPHA']);
  });

  it('go on with the calls: an answer moves them to who answered, an end gives them back', async () => {
    await authorize(deps, 'c1', 'c2');
    await count();
    await hear(told('CallStarted', 'c1'), told('CallStarted', 'c2'));
    bed.clock.advanceSec(100);
    await hear(told('CallAnswered', 'c1', 'ALPHA'));
    expect(await inUse()).toBe(2);
    await hear(told('CallAnswered', 'c2', 'BETA'));
    expect(await inUse()).toBe(1);
    await hear(told('CallAnswered', 'c3', 'ALPHA'), told('CallAnswered', 'c4', 'BETA'));
    expect(await inUse(other)).toBe(2);
    await hear(told('CallEnded', 'c1', 'ALPHA'), told('CallAbandoned', 'c3'));
    expect(await inUse()).toBe(0);
    expect(await bed.database.query(`select call_key from call_lease where carrier_code = 'BETA'`)).toEqual([{ call_key: keyOf('c2') }]);
  });

  it('are not taken again by what is told late, in whatever order and however often', async () => {
    await hear(told('CallEnded', 'd1', 'ALPHA'));
    await hear(told('CallAnswered', 'd1', 'ALPHA'), told('CallStarted', 'd1'));
    await hear(told('CallEnded', 'd2', 'ALPHA'), told('CallAnswered', 'd2', 'ALPHA'));
    expect(await inUse()).toBe(0);
    await authorize(deps, 'd1');
    await count();
    expect(await inUse()).toBe(0);
  });

  it.each<[what: string, events: readonly Told[], heldSec: number]>([
    ['let through and heard of no more', [], 15],
    ['started and heard of no more', ['CallStarted'], 180],
    ['answered and heard of no more', ['CallStarted', 'CallAnswered'], 7_800],
  ])('heal by themselves where a call was %s', async (_, events, heldSec) => {
    await authorize(deps, 'e1');
    await count();
    for (const event of events) await hear(told(event, 'e1', 'ALPHA'));
    bed.clock.advanceSec(heldSec - 1);
    await count();
    expect(await inUse()).toBe(1);
    bed.clock.advanceSec(1);
    await count();
    expect(await inUse()).toBe(0);
    bed.clock.advanceSec(901);
    await forgetLeases(deps);
    expect(await bed.database.query('select 1 from call_lease')).toEqual([]);
  });

  it('are let through beyond the limit by several instances between two looks only, by as many as the others began', async () => {
    expect((await authorize(deps, 'k1', 'k2', 'k3')).filter((who) => who === 'ALPHA')).toHaveLength(2);
    expect((await authorize(other, 'k4', 'k5', 'k6')).filter((who) => who === 'ALPHA')).toHaveLength(2);
    await count();
    await count();
    expect([await inUse(), await inUse(other)]).toEqual([4, 4]);
    for (const each of [deps, other]) expect(await authorize(each, 'k7')).toEqual(['BETA has 4 of at most 2 calls at once']);
    await hear(told('CallEnded', 'k1', 'ALPHA'), told('CallEnded', 'k2', 'ALPHA'));
    for (const each of [deps, other]) expect(await authorize(each, 'k7')).toEqual(['BETA has 2 of at most 2 calls at once']);
    await hear(told('CallEnded', 'k4', 'ALPHA'));
    expect(await authorize(other, 'k8', 'k9')).toEqual(['ALPHA', 'BETA has 2 of at most 2 calls at once']);
  });

  it('of an instance that is killed with what it had not written down come back with their answers, and hold nothing for ever', async () => {
    const killed = bed.instance();
    await killed.replica.start();
    expect(await authorize(killed, 'l1', 'l2')).toEqual(['ALPHA', 'ALPHA']);
    await count();
    expect(await inUse()).toBe(0);
    await hear(told('CallStarted', 'l1'), told('CallAnswered', 'l1', 'ALPHA'));
    expect([await inUse(), await inUse(other)]).toEqual([1, 1]);
    expect(await authorize(deps, 'l3', 'l4')).toEqual(['ALPHA', 'BETA has 2 of at most 2 calls at once']);
    bed.clock.advanceSec(7_800);
    await count();
    expect([await inUse(), await inUse(other)]).toEqual([0, 0]);
  });

  it('cost nothing where no carrier has a limit', async () => {
    await authorize(deps, 'f1');
    await limit({});
    await count();
    expect(await inUse()).toBeUndefined();
    await bed.database.query('delete from call_lease');
    await count();
    await hear(told('CallAnswered', 'f2', 'ALPHA'));
    expect(leaseCalls(deps).standsBy?.()).toBe(true);
    expect(await authorize(deps, 'f3')).toEqual(['ALPHA']);
    expect(await bed.database.query('select 1 from call_lease')).toEqual([]);
  });

  it('park what cannot be read, and go on', async () => {
    await limit({ concurrentCallsMax: 2 });
    expect(leaseCalls(deps).standsBy?.()).toBe(false);
    const [broken] = told('CallAnswered', 'g0', 'ALPHA');
    const events = [...(broken === undefined ? [] : [{ ...broken, dataBytes: Uint8Array.of(255) }]), ...told('CallAnswered', 'g1', 'AL\0PHA'), ...told('CallAnswered', 'g2', 'ALPHA')];
    expect(await runReaction(bed.database, leaseCalls(deps), events)).toMatchObject({ handled: 1, parked: 2 });
    await count();
    expect(await inUse()).toBe(1);
  });
});

describe('calls begun in a second', () => {
  it('are counted at once by who lets them through, and soon by the others', async () => {
    await limit({ callsPerSecMax: 3 });
    expect(await authorize(deps, 'h1', 'h2', 'h3', 'h4')).toEqual(['ALPHA', 'ALPHA', 'ALPHA', 'BETA has 3 of at most 3 calls this second']);
    await count();
    expect(await authorize(other, 'h5')).toEqual(['BETA has 3 of at most 3 calls this second']);
    bed.clock.advanceSec(1);
    await count();
    expect([await authorize(deps, 'h6'), await authorize(other, 'h7')].flat()).toEqual(['ALPHA', 'ALPHA']);
  });

  it('are written down with the next try where the database was away', async () => {
    let away = true;
    const sql: Sql = { query: (text, params) => (away ? Promise.reject(new Error('the database is away')) : bed.database.query(text, params)) };
    const leases = new CallLeases({ database: sql, clock: bed.clock, instance: 'spec' });
    const alpha = deps.router.carriers.filter(({ carrierCode }) => carrierCode === 'ALPHA');
    for (const carrier of alpha) leases.offer(keyOf('i1'), carrier);
    await expect(leases.refresh(alpha)).rejects.toThrow('the database is away');
    for (const carrier of alpha) leases.offer(keyOf('i2'), carrier);
    expect(leases.concurrentCalls('ALPHA')).toBe(2);
    away = false;
    await leases.refresh(alpha);
    await count();
    expect([leases.concurrentCalls('ALPHA'), await inUse()]).toEqual([2, 2]);
  });
});
