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

  it('is told in a line each', async () => {
    const one = { from: '2026-03-01T00:00:00.000000Z', until: '2026-04-01T00:00:00.000000Z', dayCount: 31, at: '2026-06-01T12:00:00.000000Z', by: 'admin:bob', reason: 'old' };
    const api = { get: (_: string, schema: Parses) => Promise.resolve(schema.parse({ erasures: [one] })) } as Parameters<typeof erasures>[0];
    expect((await erasures(api)).lines).toEqual(['2026-03-01 until 2026-04-01: 31 days, 2026-06-01T12:00:00 by admin:bob: old']);
  });
});
