import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-hold-currency', { callSecMax: 600, graceSec: 60 });
});
afterAll(() => rig.close());

describe('free seconds that were held for a call', () => {
  it('are given up where it is refused after its quote, because its plan is sold in another currency', async () => {
    const card = await rig.operator.activeCard(euro);
    rig.prices.set('47', { perMin: euro, currency: 'USD' });
    rig.prices.allowance = { sec: 120, covers: 'none' };
    expect(await rig.operator.verdict('fs1/dollars/1', card, '472012345678')).toBe('currency_mismatch');
    expect(rig.prices.released).toEqual(['dollars']);
  });
});
