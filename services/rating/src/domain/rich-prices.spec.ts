import { create } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ChargeTermsSchema, type DeckChunk, DeckChunkSchema, DeckKind, RoundingMode, SellTermsSetSchema } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { durationSecMax, formatNanos, priceOf } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { plainChunk, specDeck, stateOf, termsOf } from '../spec/decks.ts';
import { compile } from '../spread/compile.ts';
import { quote } from './quote.ts';
import { type EndedCall, rateCall, type Subscriber } from './rate-call.ts';
import { noTables, type RatingTables } from './tables.ts';

const cents = (count: bigint) => count * 10_000_000n;

/** Prefix 34: 0.10 a minute by day and 0.05 at any other time, by the second, in Madrid; 44: a fee for a failed attempt. */
function chunk(): DeckChunk {
  const { $typeName: _, ...plain } = plainChunk(['34', '34', '44'], 0n);
  const peak = { name: 'peak', weekdays: [1, 2, 3, 4, 5], fromSec: 8 * 3_600, untilSec: 20 * 3_600, weight: 10 };
  return create(DeckChunkSchema, {
    ...plain,
    ratePerMinNanos: [cents(5n), cents(10n), cents(60n)],
    profiles: [{ window: peak }, { terms: { attemptFeeNanos: cents(200n) } }],
    profile: [0, 1, 2],
    timeZone: 'Europe/Madrid',
  });
}

const us = (iso: string) => instantUs(Date.parse(iso) * 1000);
const card = (policy: 'first_pulse' | 'incoming_leg'): Subscriber => ({ plan: { kind: 'tariff', id: 1 }, pulses: { policy, startpulseSec: 60, frequencySec: 30 } });
const plain: Subscriber = { plan: { kind: 'tariff', id: 1 }, pulses: undefined };
const taxed: Subscriber = { plan: { kind: 'tariff', id: 2 }, pulses: undefined };
const byStart: Subscriber = { plan: { kind: 'tariff', id: 3 }, pulses: undefined };

describe('a price of more than a rate per minute', () => {
  let tables: RatingTables;

  beforeAll(async () => {
    const decks = [1, 2, 3].map((ownerId) => ({ deck: specDeck({ kind: DeckKind.TARIFF, ownerId }, [chunk()]) }));
    const terms = termsOf({ tariffId: 2 }, { decimals: 4, mode: RoundingMode.UP });
    const sellTerms = [
      termsOf({ tariffId: 1 }, { decimals: 9 }),
      create(SellTermsSetSchema, { ...terms, terms: create(ChargeTermsSchema, { connectFeeNanos: cents(5n), taxPpm: 230_000 }) }),
      create(SellTermsSetSchema, { ...termsOf({ tariffId: 3 }, { decimals: 9 }), windowsByStart: true }),
    ];
    tables = await compile(stateOf(decks, { sellTerms }), noTables, (error) => { throw error; });
  });

  const call = (number: string, answered: string | undefined, durationSec: number, started = answered ?? '2024-01-15T12:00:00Z'): EndedCall => ({
    calledNumber: number, startedAt: us(started), answeredAt: answered === undefined ? undefined : us(answered),
    endedAt: instantUs(us(started) + durationSec * 1_000_000), carrierCode: '', preRatedSell: undefined,
  });
  const sold = (ended: EndedCall, subscriber: Subscriber): string => {
    const rated = rateCall(ended, subscriber, tables);
    return rated.ok ? `${rated.value.sell.derivation?.billedSec ?? 0} s ${formatNanos(rated.value.sell.amount.nanos)}` : rated.refusal.code;
  };

  it.each(table(`
    payer     number       answered              duration | sold
    plain     34911111111  2024-01-15T18:30:00Z  60       | 60 s 0.10
    plain     34911111111  2024-01-15T19:00:00Z  60       | 60 s 0.05
    plain     34911111111  2024-01-15T18:59:30Z  60       | 60 s 0.075
    by start  34911111111  2024-01-15T18:59:30Z  60       | 60 s 0.10
    taxed     34911111111  2024-01-15T18:59:30Z  60       | 60 s 0.1538
    card      34911111111  2024-01-15T12:00:00Z  61       | 90 s 0.15
    incoming  34911111111  2024-01-15T12:00:00Z  61       | 150 s 0.25
    incoming  34911111111  2024-01-15T12:00:00Z  0        | 60 s 0.10
  `))('$payer: $duration s to $number answered at $answered sell for $sold', ({ payer = '', number = '', answered = '', duration, sold: expected }) => {
    const payers: Record<string, Subscriber> = { plain, taxed, 'by start': byStart, card: card('first_pulse'), incoming: card('incoming_leg') };
    expect(sold(call(number, answered, Number(duration)), payers[payer] ?? plain)).toBe(expected);
  });

  it('of a call that was not answered is the attempt fee where there is one, with tax, and nothing for the incoming leg', () => {
    expect(sold(call('44201111111', undefined, 20), plain)).toBe('0 s 2.00');
    expect(sold(call('44201111111', undefined, 20), taxed)).toBe('0 s 2.46');
    expect(sold(call('34911111111', undefined, 20), taxed)).toBe('0 s 0.00');
    expect(sold(call('34911111111', undefined, 20), card('incoming_leg'))).toBe('0 s 0.00');
    expect(sold(call('44201111111', '2024-01-15T12:00:00Z', 60), plain)).toBe('60 s 0.60');
  });

  it('can be reserved for by what the quote tells: the same amount at every second, whatever the start', () => {
    const start = fc.integer({ min: us('2024-01-13T00:00:00Z'), max: us('2024-01-20T00:00:00Z') });
    const payers = fc.constantFrom(plain, taxed, byStart, card('first_pulse'), card('incoming_leg'));
    fc.assert(fc.property(start, payers, fc.nat(40_000), fc.bigInt({ min: 0n, max: cents(500n) }), (startUs, subscriber, durationSec, credit) => {
      const quoted = quote({ subscriber, number: '34911111111', at: instantUs(startUs), durationSec: 0 }, tables);
      const schedule = quoted.ok ? quoted.value.side.derivation?.schedule : undefined;
      if (schedule === undefined) throw new Error('no schedule');
      const ended = (sec: number) => ({ ...call('34911111111', undefined, 0), startedAt: instantUs(startUs), answeredAt: instantUs(startUs), endedAt: instantUs(startUs + sec * 1_000_000) });
      const charged = rateCall(ended(durationSec), subscriber, tables);
      expect(charged.ok && charged.value.sell.amount.nanos).toBe(priceOf(schedule, durationSec).amount);
      const limit = durationSecMax(schedule, credit, 7_200);
      const last = rateCall(ended(limit), subscriber, tables);
      if (limit > 0) expect(last.ok && last.value.sell.amount.nanos <= credit).toBe(true);
    }), { numRuns: 200 });
  });
});
