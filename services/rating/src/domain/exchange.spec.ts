import { create } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ChargeTermsSchema, DeckKind, ExchangeRateSetSchema, SellTermsSetSchema, VoipPlanComposedSchema } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { formatNanos } from '@tollwire/telecom';
import fc from 'fast-check';
import { quoteSteps } from '../answers/explain.ts';
import { furtherFactsOf, furtherFactsText } from '../rated-calls/further-facts.ts';
import { deckOf, instant, stateOf, termsOf } from '../spec/decks.ts';
import { compile } from '../spread/compile.ts';
import { quote } from './quote.ts';
import { rateCall } from './rate-call.ts';
import { noTables, type RatingTables } from './tables.ts';

const decks = [
  deckOf({ kind: DeckKind.RETAIL, ownerId: 5, currency: 'USD' }, `
    prefix  rate  connect  increments
    34      0.10  0.05     30/6
    44      0.10  0        60/60
  `),
  deckOf({ kind: DeckKind.CARRIER, ownerId: 8, carrierCode: 'alpha', currency: 'USD' }, `
    prefix  rate
    34      0.05
  `),
];
const rates = [[100n, '2026-06-01T00:00:00'], [125n, '2026-06-01T12:00:00']] as const;

describe('a plan that sells by a deck in another currency', () => {
  const subscriber = { plan: { kind: 'voip_plan', id: 7 }, pulses: undefined } as const;
  let tables: RatingTables;

  beforeAll(async () => {
    const terms = create(ChargeTermsSchema, { connectFeeNanos: 30_000_000n, disconnectFeeNanos: 20_000_000n, taxPpm: 100_000 });
    const sellTerms = [create(SellTermsSetSchema, { ...termsOf({ voipPlanId: 7 }, { decimals: 9 }), terms })];
    const voipPlans = [create(VoipPlanComposedSchema, { voipPlanId: 7, retailPlanIds: [5], carrierPlanIds: [8] })];
    const exchangeRates = rates.map(([numerator, from], at) =>
      create(ExchangeRateSetSchema, { base: 'EUR', quote: 'USD', revision: at + 1, numerator, decimals: 2, validFromUs: instant(from), source: 'ECB' }));
    tables = await compile(stateOf(decks.map((deck) => ({ deck })), { sellTerms, voipPlans, exchangeRates }), noTables, (error) => { throw error; });
  });

  const at = (iso: string) => instantUs(Number(instant(iso)));
  const rated = (iso: string, durationSec: number, number = '34911111111') => {
    const startedAt = at(iso);
    const call = { calledNumber: number, startedAt, answeredAt: startedAt, endedAt: instantUs(startedAt + durationSec * 1_000_000), carrierCode: 'alpha', preRatedSell: undefined };
    return rateCall(call, subscriber, tables);
  };

  it.each([
    // 36 s and a connect fee of the rate, 0.11 USD; a disconnect fee of 0.02 EUR; 10 % of tax.
    ['2026-06-01T12:00:00', '34911111111', 31, '0.1188'],
    ['2026-06-01T11:59:59', '34911111111', 31, '0.143'],
    // The connect fee is the plan's: 0.03 EUR.
    ['2026-06-01T12:00:00', '44201111111', 31, '0.143'],
    ['2026-05-31T23:59:59', '34911111111', 31, 'no_exchange_rate'],
  ])('at %s sells a call to %s of %i s for %s', (iso, number, durationSec, expected) => {
    const result = rated(iso, durationSec, number);
    expect(result.ok ? `${formatNanos(result.value.sell.amount.nanos, 0)} ${result.value.sell.amount.currency}` : result.refusal.code)
      .toBe(expected === 'no_exchange_rate' ? expected : `${expected} EUR`);
  });

  it('keeps how it was converted, and has a margin in its own currency', () => {
    const result = rated('2026-06-01T12:00:00', 31);
    if (!result.ok) throw new Error(result.refusal.code);
    const { sell, margin } = result.value;
    expect(furtherFactsOf(furtherFactsText(sell)).schedule).toEqual(sell.derivation?.schedule);
    // 0.108 before tax, less 36 s at 0.05 USD a minute.
    expect(typeof margin === 'object' && [margin.amount, margin.buy.amount]).toEqual([{ nanos: 84_000_000n, currency: 'EUR' }, { nanos: 24_000_000n, currency: 'EUR' }]);
  });

  it('is quoted as it is charged, and explained line by line', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 5_000 }), (durationSec) => {
      const [quoted, charged] = [quote({ subscriber, number: '34911111111', at: at('2026-06-01T12:00:00'), durationSec }, tables), rated('2026-06-01T12:00:00', durationSec)];
      expect(quoted.ok && quoted.value.side.amount).toEqual(charged.ok && charged.value.sell.amount);
    }));
    const quoted = quote({ subscriber, number: '34911111111', at: at('2026-06-01T12:00:00'), durationSec: 31 }, tables);
    if (!quoted.ok) throw new Error(quoted.refusal.code);
    expect(quoteSteps(quoted.value, subscriber.plan, '34911111111', 31)).toEqual(expect.arrayContaining([
      '0.11 USD = 0.088 EUR by 1 EUR = 1.25 USD (ECB, from 2026-06-01T12:00:00.000Z)', '+ disconnect fee 0.02 = 0.108 EUR', '+ 10 % tax = 0.1188 EUR',
    ]));
  });
});
