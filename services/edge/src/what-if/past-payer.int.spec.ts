import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EdgeBed, edgeBed } from '../spec-bed.ts';

describe('a past call of somebody who pays', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
  });
  afterAll(() => edge.close());

  it('is priced by its history where it is older than the tables in use surely go back, for its route as for its quote', async () => {
    edge.backstage.answers = { quote: () => ({ results: [{ result: { case: 'refusal', value: { code: 'no_sell_rate' } } }] }), showDialing: () => ({}) };
    const knownAt = async (path: string) => {
      edge.backstage.asked.length = 0;
      await edge.call('POST', path, { cardId: '0042', calledNumber: '4366', at: '2025-06-01T00:00:00Z' });
      const asked = edge.backstage.asked.find(({ method }) => method === 'quote')?.request as { items: { knownAtUs?: bigint }[] } | undefined;
      return asked?.items[0]?.knownAtUs ?? 0n;
    };
    const forQuote = await knownAt('/v1/quotes');
    expect(forQuote).toBeGreaterThan(0n);
    expect(await knownAt('/v1/routes')).toBe(forQuote);
  });
});
