import { describe, expect, it } from '@jest/globals';
import { callTransfer, fundingTransfer, ledgerAccount } from './ledger.ts';

const call = { callKey: 'fs1/c1/1', revision: 2, accountId: ledgerAccount.card('0042'), currency: 'EUR' };

describe('a transfer', () => {
  it('of a charge goes from the card to revenue', () => {
    expect(callTransfer({ ...call, postedNanos: 5n })).toEqual({
      id: 'call:fs1/c1/1:2', debit: 'card:0042', credit: 'revenue:EUR', amountNanos: 5n, currency: 'EUR', code: 'call_charge', callKey: 'fs1/c1/1',
    });
  });

  it('of a correction goes back, with an amount above zero', () => {
    expect(callTransfer({ ...call, postedNanos: -5n })).toMatchObject({ debit: 'revenue:EUR', credit: 'card:0042', amountNanos: 5n, code: 'call_correction' });
  });

  it('of nothing is none', () => {
    expect(callTransfer({ ...call, postedNanos: 0n })).toBeNull();
  });

  it('of funding goes from funding to the account', () => {
    const transfer = fundingTransfer('top_up:p1', ledgerAccount.customer('acme'), 'EUR', 7n, 'top_up');
    expect(transfer).toMatchObject({ id: 'top_up:p1', debit: 'funding:EUR', credit: 'customer:acme', amountNanos: 7n });
    expect(() => fundingTransfer('top_up:p2', 'customer:acme', 'EUR', 0n, 'top_up')).toThrow('more than nothing');
  });
});
