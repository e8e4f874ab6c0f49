import { create } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ChargeTermsSchema, DeckChunkSchema, DeckKind, SellTermsSetSchema } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { formatNanos } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import { plainChunk, specDeck, stateOf, termsOf } from '../spec/decks.ts';
import { compile } from '../spread/compile.ts';
import { rateCall, type Subscriber } from './rate-call.ts';
import { noTables, type RatingTables } from './tables.ts';

const units = (count: number) => BigInt(count) * 1_000_000_000n;
/** 0.60 a minute by the second, and a fee for each attempt that fails. */
const chunkWithFee = (attemptFeeNanos: bigint) => {
  const { $typeName: _, ...plain } = plainChunk(['44'], 600_000_000n);
  return create(DeckChunkSchema, { ...plain, profiles: [{ terms: { attemptFeeNanos } }], profile: [1] });
};
const carriers = [
  { ownerId: 1, carrierCode: 'three', fee: 3, currency: 'EUR' },
  { ownerId: 2, carrierCode: 'free', fee: 0, currency: 'EUR' },
  { ownerId: 3, carrierCode: 'dollars', fee: 5, currency: 'USD' },
];

describe('attempts that failed', () => {
  const subscriber: Subscriber = { plan: { kind: 'tariff', id: 1 }, pulses: undefined };
  let tables: RatingTables;

  beforeAll(async () => {
    const sells = { deck: specDeck({ kind: DeckKind.TARIFF, ownerId: 1 }, [chunkWithFee(units(2))]) };
    const buys = carriers.map(({ fee, ...owner }) => ({ deck: specDeck({ kind: DeckKind.CARRIER, ...owner }, [chunkWithFee(units(fee))]) }));
    const sellTerms = [create(SellTermsSetSchema, { ...termsOf({ tariffId: 1 }, { decimals: 9 }), terms: create(ChargeTermsSchema, { taxPpm: 230_000 }) })];
    tables = await compile(stateOf([sells, ...buys], { sellTerms }), noTables, (error) => { throw error; });
  });

  const start = instantUs(1_780_000_000_000_000);
  const rated = (tried: readonly string[], connected: string, calledNumber = '44201111111') => {
    const answeredAt = connected === '' ? undefined : start;
    const failedAttempts = tried.map((carrierCode, at) => ({ carrierCode, startedAt: instantUs(start + at) }));
    const call = { calledNumber, startedAt: start, answeredAt, endedAt: instantUs(start + 60_000_000), carrierCode: connected, failedAttempts, preRatedSell: undefined };
    const result = rateCall(call, subscriber, tables);
    if (!result.ok) throw new Error(result.refusal.code);
    return result.value;
  };

  // RATE-19: the customer pays 2.0 once, with tax 2.46; the carrier takes 3.0 for each, 6.0 for both.
  it.each(table<'tried' | 'connected' | 'sell' | 'buy' | 'lines'>(`
    tried            connected  sell   buy       lines
    three,three      -          2.46   6.00 EUR  three:3.00EUR,three:3.00EUR
    three,three      free       0.738  6.60 EUR  three:3.00EUR,three:3.00EUR
    free,free        -          2.46   -         free:0.00EUR,free:0.00EUR
    free             three      0.738  0.60 EUR  free:0.00EUR
    -                three      0.738  0.60 EUR  -
    nobody,three     -          2.46   3.00 EUR  nobody:unknown_carrier,three:3.00EUR
    dollars,three    three      0.738  3.60 EUR  dollars:5.00USD,three:3.00EUR
    dollars,three    -          2.46   5.00 USD  dollars:5.00USD,three:3.00EUR
    three            nobody     0.738  3.00 EUR  three:3.00EUR
  `))('over $tried, connected by $connected: sold for $sell, bought for $buy', ({ tried, connected, sell, buy, lines }) => {
    const { sell: sold, buy: bought, attempts = [] } = rated(tried.split(',').filter(Boolean), connected);
    const told = attempts.map(({ carrierCode, cost }) => `${carrierCode}:${typeof cost === 'string' ? cost : `${formatNanos(cost.amount.nanos)}${cost.amount.currency}`}`);
    expect([formatNanos(sold.amount.nanos), bought === undefined ? '' : `${formatNanos(bought.amount.nanos)} ${bought.amount.currency}`, told.join()]).toEqual([sell, buy, lines]);
  });

  it('keep the facts of the price of the carrier that connected the call, and why it has none', () => {
    expect(rated(['three'], 'three').buy?.derivation).toMatchObject({ prefix: '44', billedSec: 60 });
    expect(rated(['three'], 'nobody')).toMatchObject({ buyRefusal: 'unknown_carrier', buy: { derivation: undefined } });
    expect(rated(['three'], '', 'x').attempts).toMatchObject([{ cost: 'no_buy_rate' }]);
  });
});
