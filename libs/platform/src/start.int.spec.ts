import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@tollwire/testing';
import { connect } from 'node:net';
import { openPlatformBed, type PlatformBed, readinessAt } from './spec/bed.ts';
import { tinyState } from './spec/tiny.flow.ts';

jest.setTimeout(30_000);

let bed: PlatformBed;
beforeAll(async () => {
  bed = await openPlatformBed('start');
});
afterAll(() => bed.close());

/** What a test lets through, and when. */
function gate() {
  let open: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (open = resolve));
  return { closed, open };
}

describe('starting', () => {
  it('waits for a database that is starting too, then makes its tables', async () => {
    bed.postgresql.cut();
    const launched = bed.launch();
    const waiting = await Promise.race([launched.then(() => 'launched'), new Promise((resolve) => setTimeout(() => resolve('waiting'), 400))]);
    bed.postgresql.mend();
    expect(waiting).toBe('waiting');
    const service = await launched;
    await service.ready;
    expect(await bed.cdr.totals({})).toEqual({ ok: true, value: expect.objectContaining({ callCount: 0n }) });
    await service.stop();
  });

  it('listens for health while it prepares, and says that it is not ready; answers nobody before', async () => {
    const { closed, open } = gate();
    const service = await bed.launch({ ...tinyState(), prepare: () => closed });
    expect(await readinessAt(service.address)).toMatchObject({ http: 503, missing: ['the service is still preparing'] });
    expect(await bed.cdr.totals({})).toMatchObject({ refusal: { code: 'service_unavailable' } });
    open();
    await service.ready;
    expect(await readinessAt(service.address)).toMatchObject({ http: 200 });
    expect(await bed.cdr.totals({})).toMatchObject({ ok: true });
    await service.stop();
  });

  it('fails where it cannot prepare, and can still be stopped', async () => {
    const service = await bed.launch({ ...tinyState(), prepare: () => Promise.reject(new Error('no number plan')) });
    await expect(service.ready).rejects.toThrow('no number plan');
    await service.stop();
  });

  it('is done by many instances at once, which share the work', async () => {
    const instances = await Promise.all([bed.launch(), bed.launch(), bed.launch()]);
    await Promise.all(instances.map(({ ready }) => ready));
    const callIds = Array.from({ length: 30 }, (_, n) => `shared-${n}`);
    await Promise.all(callIds.map((callId) => bed.end(callId)));
    await until(async () => (await bed.told()).length >= callIds.length);
    await Promise.all(instances.map((instance) => instance.stop()));
    expect((await bed.told()).toSorted()).toEqual(callIds.toSorted());
  });
});

describe('stopping', () => {
  it('answers the request under way, and commits and publishes the batch under way, before it closes', async () => {
    const { closed, open } = gate();
    const state = { ...tinyState(), gate: closed };
    const service = await bed.launch(state);
    await service.ready;
    const answer = bed.cdr.totals({}, { timeoutMs: 10_000 });
    await bed.end('under-way');
    await until(async () => ((await bed.bus.manager.consumers.info(`${bed.root}_EDGE`.toUpperCase(), 'cdr-write-down')).num_ack_pending) === 1);
    const stopped = service.stop();
    expect(state.closed).toBe(false);
    open();
    await stopped;
    expect(state.closed).toBe(true);
    expect(await answer).toMatchObject({ ok: true });
    expect(await bed.told()).toContain('under-way');
    expect(await bed.cdr.totals({})).toMatchObject({ refusal: { code: 'service_unavailable' } });
    await expect(fetch(`${service.address}/health/live`)).rejects.toThrow();
  });

  it('closes a connection whose request was answered before all of it had come', async () => {
    const service = await bed.launch();
    await service.ready;
    const { hostname, port } = new URL(service.address);
    const socket = connect(Number(port), hostname);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const answered = new Promise((resolve) => socket.once('data', resolve));
    socket.write('GET /health/live HTTP/1.1\r\nHost: tollwire\r\nContent-Length: 4\r\n\r\n12');
    await answered;
    const stopped = service.stop();
    await expect(fetch(`${service.address}/health/live`)).rejects.toThrow();
    socket.write('34');
    await Promise.all([stopped, closed]);
  });
});
