import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { bookTransfers, NO_BOOKS, taxWithin } from './call-books.ts';
import type { CallBooks } from './call-books.ts';

const north = (amountNanos: bigint) => ({ carrierCode: 'NORTH', currency: 'EUR', amountNanos });
const call = (callKey: string, now: CallBooks, before: CallBooks = NO_BOOKS, revision = 1) => ({ callKey, revision, currency: 'EUR', before, now });

describe('the tax within a charge', () => {
  it('is charge × rate ÷ (1 + rate), half up to the nano', () => {
    const rows = table<'charge' | 'ppm' | 'tax'>(`
      charge     | ppm     | tax
      1200000000 | 200000  | 200000000
      1230000000 | 230000  | 230000000
      100        | 0       | 0
      0          | 230000  | 0
      1          | 1000000 | 1
      10         | 75000   | 1
      1000       | 123456  | 110
    `);
    for (const row of rows) expect({ ...row, tax: String(taxWithin(BigInt(row.charge), Number(row.ppm))) }).toEqual(row);
  });

  it('is what the charge has above its net price, within a nano', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.integer({ min: 0, max: 1_000_000 }), (net, ppm) => {
        const exact = net * BigInt(ppm);
        const tax = taxWithin(net + exact / 1_000_000n, ppm);
        const apart = tax * 1_000_000n - exact;
        expect(apart <= 1_000_000n && apart >= -1_000_000n).toBe(true);
      }),
    );
  });
});

describe('the transfers of tax and costs', () => {
  it('are one for each account, named by the first call, and of no call where they are of several', () => {
    const calls = [call('s/a/0', { taxNanos: 2n, costs: [north(5n)] }), call('s/b/0', { taxNanos: 3n, costs: [north(7n)] })];
    expect(bookTransfers(calls)).toEqual([
      { id: 'call_tax:tax:EUR:s/a/0:1', debit: 'revenue:EUR', credit: 'tax:EUR', amountNanos: 5n, currency: 'EUR', code: 'call_tax', callKey: null, postedBy: null },
      { id: 'call_cost:carrier:NORTH:EUR:s/a/0:1', debit: 'cost:EUR', credit: 'carrier:NORTH:EUR', amountNanos: 12n, currency: 'EUR', code: 'call_cost', callKey: null, postedBy: null },
    ]);
  });

  it('of a later rating are the differences, also to another carrier', () => {
    const south = { carrierCode: 'SOUTH', currency: 'USD', amountNanos: 4n };
    const [tax, old, other, ...more] = bookTransfers([call('s/a/0', { taxNanos: 1n, costs: [south] }, { taxNanos: 3n, costs: [north(5n)] }, 2)]);
    expect([tax, old, other].map((transfer) => [transfer?.code, transfer?.debit, transfer?.credit, transfer?.amountNanos])).toEqual([
      ['call_tax_correction', 'tax:EUR', 'revenue:EUR', 2n], ['call_cost', 'cost:USD', 'carrier:SOUTH:USD', 4n], ['call_cost_correction', 'carrier:NORTH:EUR', 'cost:EUR', 5n],
    ]);
    expect([tax?.callKey, more]).toEqual(['s/a/0', []]);
  });

  it('of nothing are none', () => {
    const same = { taxNanos: 3n, costs: [north(5n)] };
    expect([bookTransfers([]), bookTransfers([call('s/a/0', same, same, 2)]), bookTransfers([call('s/a/0', NO_BOOKS)])]).toEqual([[], [], []]);
  });
});
