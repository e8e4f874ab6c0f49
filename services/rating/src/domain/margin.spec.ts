import { create } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ChargeTermsSchema, DeckChunkSchema, DeckKind, ExchangeRateSetSchema, SellTermsSetSchema } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { exchangeDecimalOf, ExchangeRates, explainExchange, formatNanos, nanos } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import { deckOf, instant, plainChunk, specDeck, stateOf, termsOf } from '../spec/decks.ts';
import { compile } from '../spread/compile.ts';
import { convertedAt, marginOf } from './margin.ts';
import { rateCall } from './rate-call.ts';
import { noTables, type RatingTables } from './tables.ts';

const cheap = (currency: string) => `
  prefix  rate
  ${currency === 'USD' ? '44' : '34'}      0.30
`;
const withFee = (attemptFeeNanos: bigint) => {
  const { $typeName: _, ...plain } = plainChunk(['34'], 300_000_000n);
  return create(DeckChunkSchema, { ...plain, profiles: [{ terms: { attemptFeeNanos } }], profile: [1] });
};
const decks = [
  deckOf({ kind: DeckKind.TARIFF, ownerId: 1 }, `
    prefix  rate  increments
    34      0.60  1/1
    44      0.60  1/1
  `),
  deckOf({ kind: DeckKind.CARRIER, ownerId: 1, carrierCode: 'euros' }, cheap('EUR')),
  deckOf({ kind: DeckKind.CARRIER, ownerId: 2, carrierCode: 'dollars', currency: 'USD' }, cheap('USD')),
  deckOf({ kind: DeckKind.CARRIER, ownerId: 3, carrierCode: 'francs', currency: 'CHF' }, cheap('EUR')),
  specDeck({ kind: DeckKind.CARRIER, ownerId: 4, carrierCode: 'pounds', currency: 'GBP' }, [withFee(100_000_000n)]),
];
const rates = [
  { base: 'EUR', quote: 'USD', rate: '1.20', from: '2026-01-01T00:00:00' },
  { base: 'EUR', quote: 'USD', rate: '1.50', from: '2026-06-01T12:00:30' },
  { base: 'GBP', quote: 'EUR', rate: '1.25', from: '2026-01-01T00:00:00' },
].map(({ rate, from, ...pair }, at) => {
  const read = exchangeDecimalOf(rate);
  if (!read.ok) throw new Error(rate);
  return create(ExchangeRateSetSchema, { ...pair, ...read.value, revision: at + 1, validFromUs: instant(from), source: 'ECB', recordedAtUs: instant(from) });
});

describe('the margin of a call', () => {
  let tables: RatingTables;
  beforeAll(async () => {
    const sellTerms = [
      termsOf({ tariffId: 1 }),
      create(SellTermsSetSchema, { ...termsOf({ tariffId: 2 }), terms: create(ChargeTermsSchema, { taxPpm: 200_000 }) }),
    ];
    const state = stateOf([...decks, deckOf({ kind: DeckKind.TARIFF, ownerId: 2 }, cheap('EUR').replace('0.30', '0.60'))].map((deck) => ({ deck })), { sellTerms, exchangeRates: rates });
    tables = await compile(state, noTables, (error) => { throw error; });
  });

  const rated = ({ carrier = '', at = '2026-06-01T12:00:00', tried = '', tariff = '1', number = '34911111111' }) => {
    const start = instantUs(Number(instant(at)));
    const answeredAt = carrier === '' ? undefined : start;
    const call = {
      calledNumber: number, startedAt: start, answeredAt, endedAt: instantUs(start + 60_000_000), carrierCode: carrier, preRatedSell: undefined,
      failedAttempts: tried.split(',').filter(Boolean).map((carrierCode) => ({ carrierCode, startedAt: start })),
    };
    const result = rateCall(call, { plan: { kind: 'tariff', id: Number(tariff) }, pulses: undefined }, tables);
    if (!result.ok) throw new Error(result.refusal.code);
    return result.value;
  };

  it.each(table(`
    carrier  number       at                   tried          tariff | buy       converted  margin
    euros    34911111111  2026-06-01T12:00:00  -              1      | 0.30 EUR  0.30       0.30
    dollars  44201111111  2026-06-01T12:00:00  -              1      | 0.30 USD  0.25       0.35
    dollars  44201111111  2026-06-01T12:00:30  -              1      | 0.30 USD  0.20       0.40
    dollars  44201111111  2025-12-31T23:59:59  -              1      | 0.30 USD  -          no_exchange_rate
    francs   34911111111  2026-06-01T12:00:00  -              1      | 0.30 CHF  -          no_exchange_rate
    euros    34911111111  2026-06-01T12:00:00  -              2      | 0.30 EUR  0.30       0.30
    pounds   34911111111  2026-06-01T12:00:00  -              1      | 0.30 GBP  0.375      0.225
    euros    34911111111  2026-06-01T12:00:00  pounds,pounds  1      | 0.55 EUR  0.55       0.05
    euros    34911111111  2025-12-31T12:00:00  pounds         1      | 0.30 EUR  -          no_exchange_rate
    euros    34911111111  2026-06-01T12:00:00  nobody         1      | 0.30 EUR  -          none
    nobody   34911111111  2026-06-01T12:00:00  -              1      | none      -          none
    -        34911111111  2026-06-01T12:00:00  pounds         1      | 0.10 GBP  0.125      -0.125
  `))('over $carrier at $at, tried $tried: bought for $buy, margin $margin', ({ buy, converted, margin, ...call }) => {
    const { buy: bought, margin: left } = rated(call);
    const known = typeof left === 'object' ? left : undefined;
    expect({
      buy: bought === undefined ? 'none' : `${formatNanos(bought.amount.nanos)} ${bought.amount.currency}`,
      converted: known === undefined ? '' : formatNanos(known.buy.amount.nanos),
      margin: known === undefined ? left ?? 'none' : formatNanos(known.amount.nanos),
    }).toEqual({ buy, converted, margin });
  });

  it('keeps the exchange rates that it was made by, also of each fee', () => {
    const { margin, attempts } = rated({ carrier: 'dollars', number: '44201111111' });
    expect(typeof margin === 'object' && explainExchange(margin.buy.rates)).toBe('1 EUR = 1.2 USD (ECB, from 2026-01-01T00:00:00.000Z)');
    expect(attempts).toBeUndefined();
    const [tried] = rated({ carrier: 'euros', tried: 'pounds' }).attempts ?? [];
    const converted = { amount: { nanos: 125_000_000n, currency: 'EUR' }, rates: [{ base: 'GBP', quote: 'EUR' }] };
    expect(tried).toMatchObject({ cost: { amount: { nanos: 100_000_000n, currency: 'GBP' }, converted } });
  });

  it('is none where an amount is beyond what an amount can be', () => {
    const huge = new ExchangeRates([{ base: 'USD', quote: 'EUR', numerator: 10n ** 17n, decimals: 0, validFromUs: 0, source: '' }]);
    const dollars = { nanos: nanos(10n ** 9n), currency: 'USD' };
    expect(convertedAt(dollars, 'EUR', huge, 0)).toBe('amount_malformed');
    expect(marginOf({ nanos: nanos(0n), currency: 'EUR' }, dollars, huge, 0)).toBe('amount_malformed');
    expect(marginOf({ nanos: nanos(-(2n ** 62n)), currency: 'EUR' }, { nanos: nanos(2n ** 62n), currency: 'EUR' }, huge, 0)).toBe('amount_malformed');
  });
});
