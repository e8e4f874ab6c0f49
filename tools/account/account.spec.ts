import { describe, expect, it } from '@jest/globals';
import { balanceLine, paymentLine, proposalLine, reservationLines, statementLines, voucherBatchLine } from './lines.ts';
import { amountBody, needed, payerBody, paymentBody, statementPath, stretchQuery } from './options.ts';
import { statement } from './replies.ts';
import { wholeStatement } from './statement.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const line = { transferId: 'top_up:1', at: '2026-01-01T00:00:00.000000Z', code: 'top_up', amount: '5.00', balance: '5.00', otherAccount: 'funding:EUR', postedBy: 'ann' };
const page = { ledgerAccount: 'card:001', currency: 'EUR', opening: '0.00', closing: '5.00', lines: [line] };

describe('what ./tollwire account sends', () => {
  it('names whose, how much, and from when until when', () => {
    expect([payerBody({ card: '001' }), payerBody({ account: 'A' })]).toEqual([{ cardId: '001' }, { accountCode: 'A' }]);
    expect([statementPath({ ledger: 'carrier:N:EUR' }), statementPath({ card: '1' })]).toEqual(['/v1/ledger/carrier%3AN%3AEUR/statement', '/v1/cards/1/statement']);
    expect([stretchQuery({}), stretchQuery({ from: 'a+b', at: 'c' }), stretchQuery({ until: 'd' })]).toEqual(['', 'from=a%2Bb&until=c&', 'until=d&']);
    expect(amountBody({ amount: '1.50', currency: 'EUR' })).toEqual(eur('1.50'));
    expect([paymentBody({}), paymentBody({ provider: 'bank', payment: 'p' })]).toEqual([{}, { payment: { provider: 'bank', paymentId: 'p' } }]);
  });

  it('stops where that is not said, or said twice', () => {
    expect(() => payerBody({ card: '1', account: 'A' })).toThrow('Say whose');
    expect(() => amountBody({ amount: '1' })).toThrow('Say how much');
    expect(() => needed('--id ID', undefined)).toThrow('--id ID');
    expect(() => paymentBody({ provider: 'bank' })).toThrow('--payment PAYMENT');
    expect(() => paymentBody({ payment: 'p' })).toThrow('--provider NAME');
  });
});

describe('what it prints', () => {
  it('puts the pages of a statement together', async () => {
    const asked: string[] = [];
    const get = (path: string) => {
      asked.push(path);
      const isLast = path.includes('cursor=');
      return Promise.resolve(statement.parse(isLast ? { ...page, opening: '5.00', closing: '7.00' } : { ...page, nextCursor: 'n=' }));
    };
    const whole = await wholeStatement({ get: async (path, schema) => schema.parse(await get(path)) }, '/v1/cards/001/statement', 'from=x&');
    expect(asked).toEqual(['/v1/cards/001/statement?from=x&pageSize=1000', '/v1/cards/001/statement?pageSize=1000&cursor=n%3D']);
    expect({ opening: whole.opening, closing: whole.closing, lines: whole.lines.length }).toEqual({ opening: '0.00', closing: '7.00', lines: 2 });
  });

  it('is a line each', () => {
    expect(balanceLine({ credit: eur('5.00'), reserved: eur('1.00'), available: eur('4.00'), status: 'active' })).toBe('5.00 EUR credit, 1.00 reserved, 4.00 free; active');
    expect(statementLines(page)[0]).toBe('card:001 opens with 0.00 EUR');
    expect(statementLines(page)[1]).toMatch(/ 5\.00 +5\.00 {2}top_up funding:EUR by ann$/);
    const call = { switchId: 'sw', callId: 'c', leg: 0 };
    expect(reservationLines({ reserved: eur('1.00'), reservations: [{ call, amount: eur('1.00'), maxDurationSec: 60, reservedAt: 'a', validUntil: 'b' }] })).toEqual([
      'sw/c/0: 1.00 EUR for 60 s, until b', '1.00 EUR reserved in all',
    ]);
    const paid = { provider: 'bank', paymentId: 'p', party: {}, amount: eur('50.00'), commission: eur('5.00'), resellerId: 2, paidAt: 't', reversed: eur('0.00') };
    expect(paymentLine(paid)).toBe('t bank p: 50.00 EUR, 5.00 to reseller 2');
    const proposed = { transferId: 'x', party: { cardId: '001' }, amount: eur('9.00'), reason: 'r', status: 'proposed', proposedBy: 'ann', proposedAt: 't' };
    expect(proposalLine(proposed)).toBe('x: 9.00 EUR to card 001, proposed; proposed by ann (r)');
    expect(proposalLine({ ...proposed, payment: { provider: 'bank', paymentId: 'p' } })).toBe('x: 9.00 EUR to card 001 as payment p of bank, proposed; proposed by ann (r)');
    expect(voucherBatchLine({ batchId: 'b', quantity: 3, value: eur('10.00'), redeemedCount: 1, voidedAt: 't' })).toBe('b: 1 of 3 at 10.00 EUR redeemed; void since t');
    const large = { batchId: 'b', quantity: 3, value: eur('10.00'), redeemedCount: 0, needsApproval: true };
    expect([large, { ...large, approvedBy: 'bob' }].map(voucherBatchLine)).toEqual(['b: 0 of 3 at 10.00 EUR redeemed; waits for approval', 'b: 0 of 3 at 10.00 EUR redeemed; approved by bob']);
  });
});
