import { describe, expect, it } from '@jest/globals';
import { callTransfer, fundingTransfer, ledgerAccount } from './ledger.ts';

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
});
