import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { breakageTransfer, callTransfer, commissionReversal, commissionTransfer, fundingTransfer, houseCurrencyOf, ledgerAccount, paymentReversal } from './ledger.ts';

const call = { callKey: 'fs1/c1/1', revision: 2, accountId: ledgerAccount.card('0042'), currency: 'EUR' };

describe('a transfer', () => {
  it('of a charge goes from the card to revenue', () => {
    expect(callTransfer({ ...call, postedNanos: 5n })).toEqual({
      id: 'call:fs1/c1/1:2', debit: 'card:0042', credit: 'revenue:EUR', amountNanos: 5n, currency: 'EUR', code: 'call_charge', callKey: 'fs1/c1/1', postedBy: null,
    });
  });

  it('of a correction goes back, with an amount above zero', () => {
    expect(callTransfer({ ...call, postedNanos: -5n })).toMatchObject({ debit: 'revenue:EUR', credit: 'card:0042', amountNanos: 5n, code: 'call_correction' });
  });

  it('of nothing is none', () => {
    expect(callTransfer({ ...call, postedNanos: 0n })).toBeNull();
  });

  it('of funding goes from funding to the account, under the name of who ordered it', () => {
    const funding = { id: 'top_up:p1', accountId: ledgerAccount.customer('acme'), currency: 'EUR', amountNanos: 7n, code: 'top_up', postedBy: 'ann' } as const;
    expect(fundingTransfer(funding)).toEqual({
      id: 'top_up:p1', debit: 'funding:EUR', credit: 'customer:acme', amountNanos: 7n, currency: 'EUR', code: 'top_up', callKey: null, postedBy: 'ann',
    });
    expect(() => fundingTransfer({ ...funding, amountNanos: 0n })).toThrow('more than nothing');
  });

  it('between any other accounts goes there, and back the same way', () => {
    const moved = { id: 't', currency: 'EUR', amountNanos: 7n, postedBy: null };
    const sides = [
      commissionTransfer({ ...moved, resellerId: 7 }), commissionReversal({ ...moved, resellerId: 7 }), paymentReversal({ ...moved, accountId: 'card:1' }),
      breakageTransfer({ ...moved, accountId: 'card:1', code: 'breakage' }), breakageTransfer({ ...moved, accountId: 'card:1', code: 'breakage_return' }),
    ].map(({ code, debit, credit, amountNanos }) => [code, debit, credit, amountNanos]);
    expect(sides).toEqual([
      ['commission', 'commission:EUR', 'reseller:7:EUR', 7n], ['commission_reversal', 'reseller:7:EUR', 'commission:EUR', 7n], ['payment_reversal', 'card:1', 'funding:EUR', 7n],
      ['breakage', 'card:1', 'breakage:EUR', 7n], ['breakage_return', 'breakage:EUR', 'card:1', 7n],
    ]);
  });
});

describe('the name of a house account', () => {
  it('ends in its currency', () => {
    const rows = table<'account' | 'currency'>(`
      account           | currency
      revenue:EUR       | EUR
      tax:USD           | USD
      carrier:A:B:EUR   | EUR
      reseller:7:EUR    | EUR
      breakage:EUR      | EUR
      reseller:x:EUR    | none
      revenue:eur       | none
      card:1            | none
      customer:EUR      | none
      carrier::EUR      | none
    `);
    for (const { account, currency } of rows) expect([account, houseCurrencyOf(account) ?? 'none']).toEqual([account, currency]);
  });
});
