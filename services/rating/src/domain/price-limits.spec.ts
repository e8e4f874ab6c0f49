import { DeckKind, QuoteRequestSchema, RoundingMode } from '@tollwire/contracts';
import { create } from '@bufbuild/protobuf';
import { instantUs } from '@tollwire/core';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { formatNanos } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { quoteBatch } from '../answers/quote-answers.ts';
import { deckOf, instant, plainChunk, specDeck, stateOf, termsOf } from '../spec/decks.ts';
import { compile } from '../spread/compile.ts';
import { type EndedCall, rateCall, type Subscriber } from './rate-call.ts';
import { noTables, type RatingTables } from './tables.ts';

const rateMax = 2n ** 53n - 1n;
const week = 7 * 86_400;
/** 1: free; 2: cheap; 3: as dear as a deck may be; all by the second. */
const tariff = specDeck({ kind: DeckKind.TARIFF, ownerId: 1 }, [plainChunk(['1'], 0n), plainChunk(['2'], 1n), plainChunk(['3'], rateMax)]);
const alpha = specDeck({ kind: DeckKind.CARRIER, ownerId: 8, carrierCode: 'alpha' }, [plainChunk(['1'], rateMax), plainChunk(['2'], 1n)]);
const byMinute = deckOf({ kind: DeckKind.TARIFF, ownerId: 2 }, `
  prefix  rate  connect  increments
  34      0.10  0.05     60/60
`);
const startedAt = instantUs(Number(instant('2026-06-01T12:00:00')));
let tables: RatingTables;

beforeAll(async () => {
  const plans = { sellTerms: [termsOf({ tariffId: 1 }, { decimals: 9 }), termsOf({ tariffId: 2 }, { decimals: 2, mode: RoundingMode.UP })] };
  tables = await compile(stateOf([tariff, alpha, byMinute].map((deck) => ({ deck })), plans), noTables, (error) => { throw error; });
});

const payer = (id = 1, pulses?: Subscriber['pulses']): Subscriber => ({ plan: { kind: 'tariff', id }, pulses });
const callOf = (calledNumber: string, durationUs: number, more: Partial<EndedCall> = {}): EndedCall => {
  const endedAt = instantUs(startedAt + durationUs);
  return { calledNumber, startedAt, answeredAt: startedAt, endedAt, carrierCode: '', preRatedSell: undefined, ...more };
};
const priced = (call: EndedCall, subscriber = payer()) => {
  const rated = rateCall(call, subscriber, tables);
  return rated.ok ? formatNanos(rated.value.sell.amount.nanos) : rated.refusal.code;
};

describe('the price of a call at the limits', () => {
  it('is exact up to the largest amount, and refused beyond it', () => {
    // 9,007,199.254740991 a minute: 1,024 min are below 2⁶³ nanos, 1,025 are not.
    expect(priced(callOf('31111111', 60_000_000))).toBe('9007199.254740991');
    expect(priced(callOf('31111111', 1024 * 60_000_000))).toBe('9223372036.854774784');
    expect(priced(callOf('31111111', 1025 * 60_000_000))).toBe('amount_malformed');
    expect(priced(callOf('31111111', week * 1_000_000))).toBe('amount_malformed');
  });

  it('is told without a buy price where that is beyond the largest amount', () => {
    const rated = rateCall(callOf('11111111', week * 1_000_000, { carrierCode: 'alpha' }), payer(), tables);
    expect(rated).toMatchObject({ ok: true, value: { sell: { amount: { nanos: 0n } }, buy: undefined, buyRefusal: 'amount_malformed' } });
  });

  it('refuses billed seconds that no row can hold, of pulses that no card type has', () => {
    const absurd = { policy: 'first_pulse', startpulseSec: 10, frequencySec: 2 ** 31 - 1 } as const;
    expect(priced(callOf('11111111', 11_000_000), payer(1, absurd))).toBe('amount_malformed');
    expect(priced(callOf('11111111', 10_000_000), payer(1, absurd))).toBe('0.00');
  });

  it('refuses one quote, not those beside it', () => {
    const plan = { plan: { case: 'tariffId' as const, value: 1 } };
    const items = ['31111111', '11111111'].map((e164) => ({ plan, e164, atUs: BigInt(startedAt), durationSec: week }));
    const answer = quoteBatch(create(QuoteRequestSchema, { items }), tables);
    expect(answer).toMatchObject({ ok: true, value: { results: [{ result: { case: 'refusal', value: { code: 'amount_malformed' } } }, { result: { case: 'quoted' } }] } });
  });

  it('follows the time to the microsecond', () => {
    const rows = table<'us' | 'price'>(`
      us        | price
      0         | 0.00
      1         | 0.15
      60000000  | 0.15
      60000001  | 0.25
      120000000 | 0.25
      120000001 | 0.35
    `);
    for (const { us, price } of rows) expect({ us, price: priced(callOf('34111111', Number(us)), payer(2)) }).toEqual({ us, price });
  });

  it('takes a call of a week and no longer, and none that ends before it begins', () => {
    expect(priced(callOf('11111111', week * 1_000_000))).toBe('0.00');
    expect(priced(callOf('11111111', week * 1_000_000 + 1))).toBe('duration_malformed');
    expect(priced(callOf('11111111', -1))).toBe('times_out_of_order');
    expect(priced(callOf('11111111', 5, { answeredAt: instantUs(startedAt + 6) }))).toBe('times_out_of_order');
    expect(priced(callOf('11111111', 5, { answeredAt: instantUs(startedAt - 1) }))).toBe('times_out_of_order');
  });

  it('never falls with the time, and is never negative', () => {
    const time = fc.integer({ min: 0, max: week * 1_000_000 });
    fc.assert(fc.property(time, time, fc.constantFrom(1, 2), fc.constantFrom('1', '2', '34'), (a, b, plan, prefix) => {
      const [short, long] = [Math.min(a, b), Math.max(a, b)].map((us) => rateCall(callOf(`${prefix}1111111`, us), payer(plan), tables));
      if (short?.ok !== true || long?.ok !== true) return;
      expect(short.value.sell.amount.nanos <= long.value.sell.amount.nanos).toBe(true);
      expect(short.value.sell.amount.nanos >= 0n).toBe(true);
    }));
  });
});
