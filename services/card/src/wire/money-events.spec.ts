import { toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import type { PublicEvent } from '@tollwire/contracts';
import { instant } from '@tollwire/testing';
import { balanceLowOf, creditForfeitedOf, creditRestoredOf, paymentReceivedOf, paymentReversedOf, voucherRedeemedOf } from './money-events.ts';

const at = instant('2024-01-01T00:00:00Z');
const atJson = '1704067200000000';
const told = ({ definition, key, data }: PublicEvent) => ({ type: definition.event, key, data: toJson(definition.schema, data) });

describe('money tells', () => {
  it('that it was paid, and with whose commission', () => {
    const paid = { provider: 'bank', paymentId: 'p', party: 'card:0042', currency: 'EUR', amountNanos: 50n, commissionNanos: 5n, resellerId: 7, at };
    expect(told(paymentReceivedOf(paid))).toEqual({
      type: 'received', key: 'card:0042',
      data: {
        provider: 'bank', paymentId: 'p', party: { cardId: '0042' }, amount: { nanos: '50', currency: 'EUR' }, resellerId: 7,
        commission: { nanos: '5', currency: 'EUR' }, receivedAtUs: atJson,
      },
    });
    expect(told(paymentReceivedOf({ ...paid, resellerId: null })).data).not.toHaveProperty('resellerId');
  });

  it('that it went back', () => {
    const back = { provider: 'bank', paymentId: 'p', reversalId: 'r', kind: 'refund', party: 'account:a:1', currency: 'EUR', amountNanos: 50n, commissionNanos: 5n, at } as const;
    expect(told(paymentReversedOf(back))).toMatchObject({ type: 'reversed', key: 'account:a:1', data: { reversalId: 'r', kind: 'refund', party: { accountCode: 'a:1' } } });
    expect(paymentReversedOf(back).id).not.toBe(paymentReversedOf({ ...back, reversalId: 'other' }).id);
  });

  it('that a voucher was redeemed, and that credit went and came back', () => {
    const voucher = { batchId: 'b', serial: 3, party: 'card:0042', currency: 'EUR', valueNanos: 10n, at };
    expect(told(voucherRedeemedOf(voucher))).toMatchObject({ type: 'redeemed', data: { batchId: 'b', serial: 3, value: { nanos: '10' } } });
    const broken = { cardId: '0042', nth: 1, currency: 'EUR', amountNanos: 4n, at };
    expect([told(creditForfeitedOf(broken)), told(creditRestoredOf(broken))]).toMatchObject([
      { type: 'forfeited', key: 'card:0042', data: { cardId: '0042', forfeitedAtUs: atJson } }, { type: 'restored', key: 'card:0042', data: { restoredAtUs: atJson } },
    ]);
    expect(creditForfeitedOf(broken).id).not.toBe(creditForfeitedOf({ ...broken, nth: 2 }).id);
  });

  it('that it is low, each time under an id of its own', () => {
    const low = { accountId: 'customer:acme:1', currency: 'EUR', thresholdNanos: 5n, balanceNanos: -1n, nth: '1.0', at };
    expect(told(balanceLowOf(low))).toEqual({
      type: 'low', key: 'customer:acme:1',
      data: { customerId: 'acme:1', threshold: { nanos: '5', currency: 'EUR' }, balance: { nanos: '-1', currency: 'EUR' }, atUs: atJson },
    });
    expect(told(balanceLowOf({ ...low, accountId: 'card:0042' }))).toMatchObject({ key: 'card:0042', data: { cardId: '0042' } });
    expect(balanceLowOf(low).id).not.toBe(balanceLowOf({ ...low, nth: '2.0' }).id);
  });
});
