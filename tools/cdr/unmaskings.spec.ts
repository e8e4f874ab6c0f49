import { describe, expect, it } from '@jest/globals';
import { unmaskings } from './unmaskings.ts';

describe('who saw numbers', () => {
  it('is asked by person and call, and told in a line each', async () => {
    const asked: string[] = [];
    const shown = { id: 2, at: '2026-03-14T12:00:00.000000Z', by: 'operator:ann', reason: 'ticket 4711', what: 'call', calls: ['sw1/42/0'] };
    const found = { ...shown, by: 'admin:bob', reason: 'a court asks', what: 'search', question: '{"cardId":"1","fromUs":"1773489600000000"}', calls: ['a', 'b'] };
    const api = {
      get: (path: string, schema: { parse(value: unknown): unknown }) => {
        asked.push(path);
        return Promise.resolve(schema.parse({ unmaskings: [found, shown] }));
      },
    };
    const { lines } = await unmaskings(api as Parameters<typeof unmaskings>[0], { by: 'operator:ann', call: 'sw1/42/0' });
    expect(asked).toEqual(['/v1/unmaskings?by=operator%3Aann&call=sw1%2F42%2F0']);
    expect(lines).toEqual(['2026-03-14T12:00:00  admin:bob  2 calls (cardId 1, from 2026-03-14T12:00:00.000Z): a court asks', '2026-03-14T12:00:00  operator:ann  sw1/42/0: ticket 4711']);
  });
});
