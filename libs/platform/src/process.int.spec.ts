import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@tollwire/testing';
import { openPlatformBed, type PlatformBed } from './spec/bed.ts';
import { tinyFlow, tinyState } from './spec/tiny.flow.ts';
import { startService } from './start.ts';

jest.setTimeout(30_000);

let bed: PlatformBed;
beforeAll(async () => {
  bed = await openPlatformBed('process');
});
afterAll(() => bed.close());

describe('a service as a process', () => {
  const before = { ...process.env };
  const exits: (number | string | null | undefined)[] = [];
  const exit = jest.spyOn(process, 'exit').mockImplementation((code) => {
    exits.push(code);
    return undefined as never;
  });
  afterEach(() => {
    exits.length = 0;
    for (const name of Object.keys(bed.env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
  });
  afterAll(() => exit.mockRestore());

  it('ends with 78 where its environment is wrong: starting it again would not help', async () => {
    Object.assign(process.env, bed.env, { NATS_URL: 'http://127.0.0.1' });
    await startService(tinyFlow(tinyState()));
    expect(exits).toEqual([78]);
  });

  it('ends with 1 where it cannot begin its work, so that it is started again', async () => {
    Object.assign(process.env, bed.env);
    await startService(tinyFlow({ ...tinyState(), prepare: () => Promise.reject(new Error('no number plan')) }));
    expect(exits).toEqual([1]);
    process.emit('SIGTERM');
    await until(() => exits.length === 2);
  });

  it('stops on SIGTERM, once for however many, and ends with 0', async () => {
    process.removeAllListeners('SIGTERM');
    Object.assign(process.env, bed.env);
    const state = tinyState();
    await startService(tinyFlow(state));
    process.emit('SIGTERM');
    process.emit('SIGTERM');
    process.emit('SIGINT');
    await until(() => exits.length > 0);
    expect(exits).toEqual([0]);
    expect(state.closed).toBe(true);
  });
});
