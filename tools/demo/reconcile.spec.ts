import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { compare } from './reconcile.ts';
import { amountIn, nanosOfText, type Totals } from './totals.ts';

interface Counts {
  readonly cdrs: number;
  readonly closed: number;
  readonly rated: number;
  readonly charges: number;
  readonly sold?: string;
  readonly charged?: string;
  readonly ledger?: readonly string[];
  readonly parked?: readonly [card: number, rating: number, cdr: number];
}

function totals({ cdrs, closed, rated, charges, sold = '0', charged = '0', ledger = ['0'], parked = [0, 0, 0] }: Counts): Totals {
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  return {
    card: { chargeCount: charges, ledgerSum: ledger.map(eur), charged: [eur(charged)], deadLetterCount: parked[0] },
    rating: { ratedCount: rated, sell: [eur(sold)], buy: [], deadLetterCount: parked[1] },
    cdr: { callCount: cdrs, closedCount: closed, answeredCount: closed, deadLetterCount: parked[2], carriers: [] },
  };
}

// What an earlier demonstration left behind must not count for this one.
const before = totals({ cdrs: 7, closed: 7, rated: 7, charges: 7, sold: '1.5', charged: '1.5', parked: [1, 1, 1] });
const since = (counts: Partial<Counts>) =>
  compare(before, totals({ cdrs: 17, closed: 17, rated: 17, charges: 17, sold: '2.5', charged: '2.5', parked: [1, 1, 1], ...counts }), 10, 1);

describe('the reconciliation of ten calls', () => {
  it.each(table(`
    what                | cdrs | closed | rated | charges | lost | doubled | exact
    all arrived         | 10   | 10     | 10    | 10      | 0    | 0       | yes
    nothing yet         | 0    | 0      | 0     | 0       | 10   | 0       | no
    one has no record   | 9    | 10     | 10    | 10      | 1    | 0       | no
    one is open         | 10   | 9      | 10    | 10      | 1    | 0       | no
    one is not rated    | 10   | 10     | 9     | 10      | 1    | 0       | no
    one is not charged  | 10   | 10     | 10    | 9       | 1    | 0       | no
    one is recorded twice | 11 | 10     | 10    | 10      | 0    | 1       | no
    one is charged twice | 10  | 10     | 10    | 11      | 0    | 1       | no
    both at once        | 10   | 10     | 9     | 12      | 1    | 2       | no
  `))('says when $what', ({ cdrs, closed, rated, charges, lost, doubled, exact }) => {
    const counted = since({ cdrs: 7 + Number(cdrs), closed: 7 + Number(closed), rated: 7 + Number(rated), charges: 7 + Number(charges) });
    expect(counted).toMatchObject({ sent: 10, lost: Number(lost), doubled: Number(doubled), exact: exact === 'yes' });
  });

  it('is not exact by a billionth that was sold and not charged', () => {
    expect(since({ charged: '2.499999999' })).toMatchObject({ lost: 0, doubled: 0, soldNotCharged: '1', exact: false });
  });

  it('is not exact when the ledger of any currency does not sum to zero', () => {
    expect(since({ ledger: ['0.000', '-0.000000001'] })).toMatchObject({ ledgerSum: ['0.000 EUR', '-0.000000001 EUR'], exact: false });
    expect(since({ ledger: ['0.000', '-0'] }).exact).toBe(true);
  });

  it.each([0, 1, 2])('is not exact with one more parked event in service %i', (at) => {
    const [card, rating, cdr] = [0, 1, 2].map((service) => (service === at ? 2 : 1));
    expect(since({ parked: [card ?? 0, rating ?? 0, cdr ?? 0] })).toMatchObject({ deadLetters: 1, exact: false });
  });
});

describe('an amount of the totals', () => {
  it.each(table(`
    text             | nanos
    0                | 0
    1                | 1000000000
    -1               | -1000000000
    0.016            | 16000000
    -0.000000001     | -1
    12.000000009     | 12000000009
    9007199254740993 | 9007199254740993000000000
  `))('$text is $nanos nanos', ({ text = '', nanos = '' }) => {
    expect(nanosOfText(text)).toBe(BigInt(nanos));
  });

  it('is that of its currency, and zero where there is none of it', () => {
    const amounts = [{ amount: '1', currency: 'USD' }, { amount: '2', currency: 'EUR' }];
    expect([amountIn(amounts, 'EUR'), amountIn(amounts, 'GBP')]).toEqual([2_000_000_000n, 0n]);
  });
});
