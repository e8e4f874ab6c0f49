import { create } from '@bufbuild/protobuf';
import { DeckKind, QuoteReplySchema, QuoteRequestSchema } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rateCall } from '../domain/rate-call.ts';
import { noTables, type RatingTables } from '../domain/tables.ts';
import { deckOf, instant, stateOf, termsOf } from '../spec/decks.ts';
import { compile } from '../spread/compile.ts';
import { quoteBatch } from './quote-answers.ts';

const tariff = deckOf({ kind: DeckKind.TARIFF, ownerId: 1, version: 3 }, `
  prefix  rate     connect  increments
  34      0.10     0        30/6
  346     0.0125   0.01     30/6
  34803   blocked  0        1/1
  4       0.0777   0.003    60/30
  49      0.1234   0        1/1
`);
const atUs = instant('2026-06-01T12:00:00');
interface Item {
  readonly e164?: string;
  readonly atUs?: bigint;
  readonly durationSec?: number;
  readonly tariffId?: number;
  readonly startpulseSec?: number;
  readonly frequencySec?: number;
  readonly withoutSteps?: boolean;
}

describe('quoteBatch', () => {
  let tables: RatingTables;

  beforeAll(async () => {
    const state = stateOf([{ deck: tariff, from: '2026-01-01T00:00:00', until: '2027-01-01T00:00:00' }], { sellTerms: [termsOf({ tariffId: 1 })] });
    tables = await compile(state, noTables, (error) => { throw error; });
  });

  const ask = (...items: Item[]) => {
    const asked = items.map(({ tariffId = 1, ...item }) => ({ plan: { plan: { case: 'tariffId' as const, value: tariffId } }, e164: '34650123456', atUs, ...item }));
    const answer = quoteBatch(create(QuoteRequestSchema, { items: asked }), tables);
    if (!answer.ok) return [answer.refusal];
    return create(QuoteReplySchema, answer.value).results.map(({ result }) => result.value);
  };

  it('answers each step of the price for programs, unless nobody reads them', () => {
    const kinds = (item: Item) => ask(item).map((answer) => (answer !== undefined && 'derivation' in answer ? answer.derivation.map(({ line }) => line.case).join(' ') : ''));
    expect(kinds({ durationSec: 31 })).toEqual(['duration rate rate fee rounding']);
    expect(kinds({ durationSec: 31, withoutSteps: true })).toEqual(['']);
    expect(ask({ durationSec: 31 })).toMatchObject([{ derivation: [{}, { sum: '0.00625' }, { sum: '0.0075' }, { sum: '0.0175' }, { line: { value: { amountNanos: 17_500_000n } } }] }]);
  });

  it('names the plan that has no price, so that who asked for a payer learns it, too', () => {
    const asked = [{ plan: { plan: { case: 'tariffId' as const, value: 1 } }, e164: '99912345', atUs }, { e164: '34650123456', atUs }];
    const answer = quoteBatch(create(QuoteRequestSchema, { items: asked }), tables);
    const results = answer.ok ? create(QuoteReplySchema, answer.value).results : [];
    expect(results.map(({ result, plan }) => [result.value, plan?.plan])).toMatchObject([[{ code: 'no_sell_rate' }, { case: 'tariffId', value: 1 }], [{ code: 'field_missing' }, undefined]]);
  });

  it('answers the rate with its terms, and how it comes about', () => {
    expect(ask({ durationSec: 31 })).toMatchObject([{
      sell: { amount: { nanos: 17_500_000n, currency: 'EUR' }, prefix: '346', ratePerMinNanos: 12_500_000n, billedSec: 36, roundingDecimals: 4, roundingMode: 'half_up' },
      steps: [
        'plan tariff:1 sells by tariff 1, version 3, in force from 2026-01-01T00:00:00.000Z until 2027-01-01T00:00:00.000Z',
        `34650123456 matches prefix 346 of deck ${tariff.version.digest.slice(0, 12)}`,
        'rate 0.0125 EUR/min, increments 30/6 s',
        '31 s are billed as 36 s: first block 30 s + 1 × 6 s',
        '36 s × 0.0125/min ÷ 60 = 0.0075 EUR',
        '+ connect fee 0.01 = 0.0175 EUR',
        'rounded half up to 4 decimals = 0.0175 EUR',
      ],
    }]);
  });

  it('leaves out how it comes about for those who do not read it', () => {
    expect(ask({ durationSec: 31, withoutSteps: true })).toMatchObject([{ sell: { amount: { nanos: 17_500_000n } }, steps: [] }]);
  });

  it('answers a batch in its order, each with its price or its refusal', () => {
    const answers = ask(
      { e164: '34912345678' },
      { e164: '34803123456' },
      { e164: '99123456789' },
      { e164: '0912' },
      { tariffId: 2 },
      { tariffId: 0 },
      { atUs: 0n },
      { atUs: instant('2027-01-01T00:00:00') },
      { durationSec: 4_000_000_000 },
      { startpulseSec: 60, frequencySec: 30, durationSec: 61 },
    );
    expect(answers.map((answer) => (answer !== undefined && 'code' in answer ? answer.code : 'quoted'))).toEqual([
      'quoted', 'destination_blocked', 'no_sell_rate', 'number_not_international', 'unknown_plan', 'field_missing',
      'field_out_of_range', 'no_sell_rate', 'duration_malformed', 'quoted',
    ]);
    expect(answers.at(-1)).toMatchObject({ sell: { billedSec: 90, initialIncrementSec: 60, incrementSec: 30 } });
    expect(answers[2]).toMatchObject({ detail: expect.stringContaining('deck') });
    expect(answers[3]).toMatchObject({ detail: expect.stringContaining('0043'), facts: { dialled: '0912' } });
    expect(answers[1]).toMatchObject({ facts: { prefix: '34803' } });
  });

  it('refuses more than fits into a message', () => {
    expect(ask(...Array.from({ length: 1_001 }, () => ({})))).toMatchObject([{ code: 'too_many_items' }]);
  });

  it('quotes for any number and duration what a call is charged, or refuses as it would be refused', () => {
    const numbers = fc.oneof(fc.stringMatching(/^(34|346|34803|4|49|5)\d{6,9}$/), fc.stringMatching(/^[0-9+]{1,16}$/));
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 7_200 }), (number, durationSec) => {
        const start = instantUs(Number(atUs));
        const call = { calledNumber: number, startedAt: start, answeredAt: start, endedAt: instantUs(start + durationSec * 1_000_000), carrierCode: '', preRatedSell: undefined };
        const charged = rateCall(call, { plan: { kind: 'tariff', id: 1 }, pulses: undefined }, tables);
        const [quoted] = ask({ e164: number, durationSec });
        if (charged.ok) expect(quoted).toMatchObject({ sell: { amount: charged.value.sell.amount, billedSec: charged.value.sell.derivation?.billedSec } });
        else expect(quoted).toMatchObject({ code: charged.refusal.code });
      }),
      { numRuns: 1_000 },
    );
  });
});
