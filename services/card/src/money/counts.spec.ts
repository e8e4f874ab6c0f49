import { describe, expect, it } from '@jest/globals';
import { ok, refuse } from '@tollwire/core';
import { countingMeter } from '@tollwire/testing';
import { moneyCounts } from './counts.ts';

describe('money that comes in', () => {
  it('is counted by its kind and how it ended, and answered as it was', async () => {
    const { counted, meter } = countingMeter();
    const count = moneyCounts(meter);
    expect(await count('payment', Promise.resolve(ok(1)))).toEqual(ok(1));
    expect(await count('voucher', Promise.resolve(refuse({ code: 'voucher_used' })))).toEqual(refuse({ code: 'voucher_used' }));
    expect(counted).toEqual([
      ['tollwire_card_money_in_total', { kind: 'payment', outcome: 'ok' }, 1],
      ['tollwire_card_money_in_total', { kind: 'voucher', outcome: 'voucher_used' }, 1],
    ]);
  });
});
