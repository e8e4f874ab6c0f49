import { describe, expect, it } from '@jest/globals';
import { fold } from '@tollwire/core';
import { given, table } from '@tollwire/testing';
import fc from 'fast-check';
import { commissionOf, payment } from './payment.ts';
import type { PaymentEvent } from './payment.ts';

const terms = { accountId: 'card:1', currency: 'EUR', amountNanos: 50n, resellerId: 7 };
const taken = (commissionNanos = 5n): PaymentEvent => ({ type: 'PaymentTaken', terms: { ...terms, commissionNanos } });

describe('a payment', () => {
  it('is taken with the commission of its reseller, and once', () => {
    given(payment, []).when({ type: 'Take', terms, commissionPpm: 100_000 }).then([taken()]);
    given(payment, []).when({ type: 'Take', terms: { ...terms, resellerId: null }, commissionPpm: 100_000 }).then([
      { type: 'PaymentTaken', terms: { ...terms, resellerId: null, commissionNanos: 0n } },
    ]);
    given(payment, [taken()]).when({ type: 'Take', terms, commissionPpm: 200_000 }).then([]);
  });

  it('is a conflict under its id with another content', () => {
    for (const other of [{ accountId: 'card:2' }, { currency: 'USD' }, { amountNanos: 51n }]) {
      given(payment, [taken()]).when({ type: 'Take', terms: { ...terms, ...other }, commissionPpm: 0 }).then({ code: 'idempotency_mismatch', field: 'paymentId' });
    }
  });

  it('goes back, all or what is said, and never more than is left', () => {
    const reverse = (amountNanos: bigint | null, currency: string | null = 'EUR') => ({ type: 'Reverse' as const, amountNanos, currency });
    given(payment, []).when(reverse(null)).then({ code: 'unknown_payment', detail: 'Tell of the payment first.' });
    given(payment, [taken()]).when(reverse(null, null)).then([{ type: 'PaymentReversed', amountNanos: 50n, commissionNanos: 5n }]);
    given(payment, [taken()]).when(reverse(20n)).then([{ type: 'PaymentReversed', amountNanos: 20n, commissionNanos: 2n }]);
    given(payment, [taken()]).when(reverse(20n, 'USD')).then({ code: 'currency_mismatch', field: 'amount.currency' });
    const detail = 'Take back what is left of the payment, or less.';
    given(payment, [taken(), { type: 'PaymentReversed', amountNanos: 20n, commissionNanos: 2n }]).when(reverse(31n)).then({ code: 'payment_reversed', detail, facts: { leftNanos: '30' } });
    given(payment, [taken(), { type: 'PaymentReversed', amountNanos: 50n, commissionNanos: 5n }]).when(reverse(null)).then({
      code: 'payment_reversed', detail: 'All of the payment was taken back before.', facts: { leftNanos: '0' },
    });
  });

  it('leaves no commission when it is gone, in whatever parts it went', () => {
    const parts = fc.array(fc.bigInt({ min: 1n, max: 40n }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 400n }), fc.nat(1_000_000), parts, (amountNanos, commissionPpm, asked) => {
        const first = payment.decide({ type: 'Take', terms: { ...terms, amountNanos }, commissionPpm }, payment.initial);
        let state = fold(payment, first.accepted ? first.events : []);
        for (const part of [...asked, null]) {
          const decision = payment.decide({ type: 'Reverse', currency: null, amountNanos: part }, state);
          if (!decision.accepted) continue;
          for (const event of decision.events) if (event.type === 'PaymentReversed') expect(event.commissionNanos).toBeGreaterThanOrEqual(0n);
          state = fold(payment, decision.events, state);
        }
        expect(state).toMatchObject({ reversedNanos: amountNanos, commissionReversedNanos: commissionOf(amountNanos, commissionPpm) });
      }),
    );
  });
});

describe('a commission', () => {
  it('is a part of the payment, half up to the nano', () => {
    const rows = table<'nanos' | 'ppm' | 'commission'>(`
      nanos       | ppm     | commission
      50000000000 | 100000  | 5000000000
      1           | 500000  | 1
      1           | 499999  | 0
      333         | 333333  | 111
      7           | 1000000 | 7
      7           | 0       | 0
    `);
    for (const row of rows) expect({ ...row, commission: String(commissionOf(BigInt(row.nanos), Number(row.ppm))) }).toEqual(row);
  });
});
