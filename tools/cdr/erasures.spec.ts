import { describe, expect, it } from '@jest/globals';
import { erase, erasures } from './erasures.ts';

type Parses = { parse(value: unknown): unknown };

describe('erasing numbers', () => {
  it('sends whole days and a reason', async () => {
    const sent: unknown[] = [];
    const api = {
      post: (path: string, body: unknown, schema: Parses) => {
        sent.push([path, body]);
        return Promise.resolve(schema.parse({ dayCount: 31 }));
      },
    } as Parameters<typeof erase>[0];
    expect((await erase(api, { from: '2026-03-01', until: '2026-04-01T00:00:00Z', reason: 'old' })).lines).toEqual(['31 days erased that were not before']);
    expect(sent).toEqual([['/v1/number-erasures', { from: '2026-03-01T00:00:00Z', until: '2026-04-01T00:00:00Z', reason: 'old' }]]);
    await expect(erase(api, { from: '2026-03-01', until: '2026-04-01' })).rejects.toThrow('Say which days and why');
    await expect(erase(api, { from: 'March', until: '2026-04-01', reason: 'old' })).rejects.toThrow('--from takes a day');
  });

  it('sends one number, and no days with it', async () => {
    const sent: unknown[] = [];
    const api = {
      post: (path: string, body: unknown, schema: Parses) => {
        sent.push([path, body]);
        return Promise.resolve(schema.parse({ callCount: '12' }));
      },
    } as Parameters<typeof erase>[0];
    expect((await erase(api, { number: '+436641234567', reason: 'she asked to' })).lines[0]).toMatch(/^12 calls erased;/);
    expect(sent).toEqual([['/v1/number-erasures/number', { number: '+436641234567', reason: 'she asked to' }]]);
    await expect(erase(api, { number: '1' })).rejects.toThrow('Say which number and why');
    await expect(erase(api, { number: '1', from: '2026-03-01', reason: 'x' })).rejects.toThrow('no days');
  });

  it('is told in a line each', async () => {
    const one = { from: '2026-03-01T00:00:00.000000Z', until: '2026-04-01T00:00:00.000000Z', dayCount: 31, at: '2026-06-01T12:00:00.000000Z', by: 'admin:bob', reason: 'old' };
    const number = { masked: '436641******', callCount: '3', at: '2026-06-02T12:00:00.000000Z', by: 'admin:bob', reason: 'asked', doneAt: '2026-06-02T12:05:00.000000Z' };
    const services = [
      { service: 'card', problem: 'service_unavailable' },
      { service: 'cdr', doneAt: number.doneAt, places: [{ place: 'alarm_notice', count: '2' }, { place: 'list_entry', count: '1', kept: true }] },
    ];
    const underWay = { ...number, doneAt: undefined, services, messagesUntil: '2026-06-09T12:00:00.000000Z' };
    const api = { get: (_: string, schema: Parses) => Promise.resolve(schema.parse({ erasures: [one], numbers: [number, underWay] })) } as Parameters<typeof erasures>[0];
    expect((await erasures(api)).lines).toEqual([
      '2026-03-01 until 2026-04-01: 31 days, 2026-06-01T12:00:00 by admin:bob: old',
      '436641******: 3 calls, 2026-06-02T12:00:00 by admin:bob: asked (done 2026-06-02T12:05:00)',
      '436641******: 3 calls, 2026-06-02T12:00:00 by admin:bob: asked (under way)',
      '  card: waits: service_unavailable',
      '  cdr: done (alarm_notice 2, list_entry 1 kept)',
      '  messages of before are kept until 2026-06-09T12:00:00',
    ]);
  });
});
