import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@tollwire/testing';
import pg from 'pg';
import { openPlatformBed, type PlatformBed, readinessAt } from './spec/bed.ts';
import { type TinyState, tinyState } from './spec/tiny.flow.ts';
import type { Running } from './start.ts';

// A connection that broke is made again after a pause, and the machine may be busy.
jest.setTimeout(30_000);

let bed: PlatformBed;
let state: TinyState;
let service: Running;
beforeAll(async () => {
  bed = await openPlatformBed('runtime');
  state = tinyState();
  service = await bed.launch(state);
  await service.ready;
});
afterAll(() => bed.close());

const readiness = () => readinessAt(service.address);
const missing = async () => (await readiness()).missing;
/** What the server that the tests run on says of itself: a throw-away one need not be durable. */
const setting = async (name: string) => {
  const client = new pg.Client({ connectionString: bed.made.url });
  await client.connect();
  const { rows } = await client.query<{ value: string }>('select current_setting($1) as value', [name]);
  await client.end();
  return rows[0]?.value;
};
const isTold = async (callId: string) => (await bed.told()).includes(callId);

describe('a service at work', () => {
  it('reacts to an event, and tells others of what that led to', async () => {
    await bed.end('call-1', 'call-2');
    await until(async () => (await bed.told()).length === 2);
    expect(await bed.told()).toEqual(['call-1', 'call-2']);
    expect(await bed.cdr.totals({})).toMatchObject({ ok: true, value: { callCount: 2n } });
  });

  it('has the effect of an event once, however often it comes', async () => {
    await bed.end('call-3');
    await bed.end('call-3', 'call-4');
    await until(() => isTold('call-4'));
    expect((await bed.told()).filter((callId) => callId === 'call-3')).toEqual(['call-3']);
  });

  it('answers what it refuses and what went wrong inside as different things', async () => {
    expect(await bed.cdr.searchCalls({})).toMatchObject({ ok: false, refusal: { code: 'cursor_malformed' } });
    const failed = await bed.cdr.getCall({});
    expect(failed).toMatchObject({ ok: false, refusal: { code: 'internal_error' } });
    expect(JSON.stringify(failed)).not.toContain('a bug');
  });

  it('runs its sweeps again and again', async () => {
    const before = state.sweeps;
    await until(() => state.sweeps > before + 2);
  });

  it('lets a scraper read what it counts', async () => {
    const metrics = await until(async () => {
      const text = await (await fetch(`${service.address}/metrics`)).text();
      return /tollwire_consumer_events_total\{[^}]*consumer="cdr-write-down"[^}]*\} 5/.test(text) && text;
    });
    expect(metrics).toMatch(/^tollwire_outbox_pending_rows(\{.*\})? 0$/m);
    expect(metrics).toMatch(/^tollwire_relay_published_events_total(\{.*\})? 4$/m);
    expect(metrics).toMatch(/tollwire_rpc_seconds_count\{[^}]*method="Totals"[^}]*outcome="ok"[^}]*\} 1/);
  });
});

describe('what could not be handled', () => {
  it('waits with its reason while the rest goes on, and has its effect when it is driven again', async () => {
    await bed.end('unknown-1', 'call-5', 'unknown-2');
    await until(() => isTold('call-5'));
    const letters = await until(async () => {
      const listed = await bed.ops.listDeadLetters({});
      return listed.ok && listed.value.deadLetters.length === 2 && listed.value.deadLetters;
    });
    expect(letters[0]).toMatchObject({
      consumer: 'write-down', eventType: 'tollwire.call.v1.CallEnded', subject: 'switch/fs1', reason: 'unknown_call', detail: 'Nobody knows unknown-1', tries: 1,
    });
    const [first, second] = letters.map(({ id }) => id);
    expect(await bed.ops.listDeadLetters({ id: second ?? 0n })).toMatchObject({ value: { deadLetters: [{ id: second, content: expect.stringContaining('"callId":"unknown-2"') }] } });
    expect(letters.map(({ content }) => content)).toEqual(['', '']);
    expect(await bed.ops.listDeadLetters({ pageSize: 1 })).toMatchObject({ value: { deadLetters: [{ id: first }] } });
    expect(await bed.ops.listDeadLetters({ afterId: first ?? 0n })).toMatchObject({ value: { deadLetters: [{ id: second }] } });

    expect(await bed.ops.redriveDeadLetters({})).toMatchObject({ value: { redrivenCount: 0, parkedAgainCount: 2 } });
    state.unknownPrefix = 'nobody';
    expect(await bed.ops.redriveDeadLetters({ ids: [second ?? 0n] })).toMatchObject({ value: { redrivenCount: 1, parkedAgainCount: 0 } });
    await until(() => isTold('unknown-2'));
    expect(await bed.ops.listDeadLetters({})).toMatchObject({ value: { deadLetters: [{ id: first, tries: 2 }] } });
    expect(await bed.ops.redriveDeadLetters({})).toMatchObject({ value: { redrivenCount: 1 } });
    expect(await bed.ops.listDeadLetters({})).toMatchObject({ value: { deadLetters: [] } });
    await until(() => isTold('unknown-1'));
    expect((await bed.told()).filter((callId) => callId.startsWith('unknown'))).toEqual(['unknown-2', 'unknown-1']);
  });
});

describe('readiness', () => {
  it('is what the servers say of themselves', async () => {
    expect(await readiness()).toMatchObject({
      http: 200,
      status: 'ready',
      service: 'cdr',
      missing: [],
      postgresql: { synchronous_commit: await setting('synchronous_commit'), fsync: await setting('fsync'), version: expect.stringMatching(/^\d+/) },
      nats: { stream: `${bed.root}_CDR`.toUpperCase(), storage: 'file', replicas: 1, messages: expect.any(Number) },
      facts: { sweeps: expect.any(Number) },
    });
  });

  it('is refused where the service itself is not ready, and given back when it is', async () => {
    state.ready = false;
    expect(await readiness()).toMatchObject({ http: 503, status: 'not_ready', missing: ['the service is still preparing'] });
    state.ready = true;
    expect(await readiness()).toMatchObject({ http: 200 });
  });

  it('is lost with NATS, while life is not, and comes back with it, and nothing was lost', async () => {
    bed.nats.cut();
    await until(async () => (await missing()).some((what) => what.startsWith('NATS or its JetStream does not answer: ')));
    expect((await fetch(`${service.address}/health/live`)).status).toBe(200);
    expect(await readiness()).toMatchObject({ http: 503, nats: {}, postgresql: { synchronous_commit: await setting('synchronous_commit') } });
    await bed.end('while-nats-was-away');
    bed.nats.mend();
    await until(() => isTold('while-nats-was-away'));
    await until(async () => (await readiness()).http === 200);
  });

  it('is lost with PostgreSQL, and comes back with it, and nothing was lost', async () => {
    bed.postgresql.cut();
    await until(async () => (await missing()).some((what) => what.startsWith('PostgreSQL does not answer: ')));
    await bed.end('while-postgresql-was-away');
    expect(await readiness()).toMatchObject({ http: 503, postgresql: {}, nats: { storage: 'file' } });
    bed.postgresql.mend();
    await until(() => isTold('while-postgresql-was-away'));
    await until(async () => (await readiness()).http === 200);
    expect(await bed.ops.listDeadLetters({})).toMatchObject({ value: { deadLetters: [] } });
  });

  it('is answered in time where a server hangs instead of breaking', async () => {
    bed.postgresql.hold();
    const startedMs = performance.now();
    expect(await missing()).toContain('PostgreSQL does not answer: nothing within 1500 ms');
    expect(performance.now() - startedMs).toBeLessThan(5000);
    bed.postgresql.mend();
    await until(async () => (await readiness()).http === 200);
  });
});
