import { create } from '@bufbuild/protobuf';
import { DeckKind, RoundingMode, VoipPlanComposedSchema } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { formatNanos } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import { endedEvent, type SpecCall } from '../spec/calls.ts';
import { deckOf, stateOf, termsOf } from '../spec/decks.ts';
import { compile } from '../spread/compile.ts';
import { receivedCallOf } from '../wire/ended-call.ts';
import { rateCall, type Subscriber } from './rate-call.ts';
import { noTables, type RatingTables } from './tables.ts';

const TARIFF: Subscriber = { plan: { kind: 'tariff', id: 1 }, pulses: undefined };
const VOIP: Subscriber = { plan: { kind: 'voip_plan', id: 7 }, pulses: undefined };

const tariff = deckOf({ kind: DeckKind.TARIFF, ownerId: 1 }, `
  prefix  rate     connect  increments
  1       0        0        60/60
  34      0.10     0        30/6
  346     0.0120   0.01     30/6
  34803   blocked  0        1/1
  44      0.60     0        30/18
`);
const datedTariff = deckOf({ kind: DeckKind.TARIFF, ownerId: 2 }, `
  prefix  rate  from                 until
  39      0.78  2005-02-10T21:23:55  2005-04-15T10:00:00
  39      0.89  2005-04-15T10:00:00  0
`);
const retail = deckOf({ kind: DeckKind.RETAIL, ownerId: 5 }, `
  prefix  rate
  34      0.05
  49      0.04
`);
const retailMobile = deckOf({ kind: DeckKind.RETAIL, ownerId: 6 }, `
  prefix  rate
  346     0.18
  49      0.99
`);
const alpha = deckOf({ kind: DeckKind.CARRIER, ownerId: 8, carrierCode: 'alpha' }, `
  prefix  rate     increments
  34      0.0333   1/1
  44      blocked  1/1
`);
const alphaPremium = deckOf({ kind: DeckKind.CARRIER, ownerId: 9, carrierCode: 'alpha' }, `
  prefix  rate  increments
  346     0.05  1/1
`);

async function tables(): Promise<RatingTables> {
  const state = stateOf([tariff, datedTariff, retail, retailMobile, alpha, alphaPremium].map((deck) => ({ deck })), {
    sellTerms: [termsOf({ tariffId: 1 }), termsOf({ tariffId: 2 }, { decimals: 2, mode: RoundingMode.UP }), termsOf({ voipPlanId: 7 }), termsOf({ voipPlanId: 8 }, { currency: 'USD' })],
    voipPlans: [
      create(VoipPlanComposedSchema, { voipPlanId: 7, retailPlanIds: [5, 6], carrierPlanIds: [8] }),
      create(VoipPlanComposedSchema, { voipPlanId: 8, retailPlanIds: [5], carrierPlanIds: [] }),
    ],
  });
  return await compile(state, noTables, (error) => { throw error; });
}

describe('rateCall', () => {
  let compiled: RatingTables;

  beforeAll(async () => {
    compiled = await tables();
  });

  const rated = (call: SpecCall, subscriber: Subscriber | undefined = TARIFF) => {
    const read = receivedCallOf(endedEvent(call), instantUs(Date.UTC(2030, 0, 1) * 1000));
    if (!read.ok) throw new Error(read.refusal.code);
    return rateCall(read.value.call, subscriber, compiled);
  };
  const sell = (call: SpecCall, subscriber?: Subscriber): string => {
    const result = rated(call, subscriber);
    return result.ok ? formatNanos(result.value.sell.amount.nanos) : result.refusal.code;
  };

  it.each(table(`
    number       duration | sell
    34912345678  31       | 0.06
    34912345678  0.2      | 0.05
    34650123456  1        | 0.016
    34650123456  31       | 0.0172
    34650123456  0        | 0.00
    44201234567  31       | 0.48
    12125550100  45       | 0.00
    34803123456  31       | destination_blocked
    34803123456  0        | 0.00
    49301234567  31       | no_sell_rate
    0912345678   31       | number_not_international
    abc          31       | number_malformed
  `))('$duration s to $number sells for $sell', ({ number = '', duration, sell: expected }) => {
    expect(sell({ number, durationSec: Number(duration) })).toBe(expected);
  });

  it('charges nothing for a call that was not answered, whatever the first block, the fee or the number', () => {
    expect(sell({ answeredAfterSec: undefined })).toBe('0.00');
    expect(sell({ answeredAfterSec: undefined, number: '49301234567' })).toBe('0.00');
    expect(sell({ answeredAfterSec: undefined, number: 'abc' })).toBe('0.00');
    expect(rated({ answeredAfterSec: undefined })).toMatchObject({ value: { durationSec: 0, sell: { derivation: { prefix: '346', billedSec: 0 } } } });
  });

  it.each(table(`
    answered             | rate
    2005-04-15T09:59:50  | 0.78
    2005-04-15T10:00:00  | 0.89
    2005-02-10T21:23:54  | no_sell_rate
    2005-02-10T21:23:55  | 0.78
  `))('rates a call answered at $answered by $rate, however long it lasts', ({ answered = '', rate }) => {
    const subscriber = { plan: { kind: 'tariff', id: 2 }, pulses: undefined } as const;
    expect(sell({ number: '390612345678', startedAt: answered, answeredAfterSec: 0, durationSec: 60 }, subscriber)).toBe(rate);
  });

  it('picks the rate by the answer, not by the set-up', () => {
    const subscriber = { plan: { kind: 'tariff', id: 2 }, pulses: undefined } as const;
    expect(sell({ number: '390612345678', startedAt: '2005-04-15T09:59:50', answeredAfterSec: 10, durationSec: 60 }, subscriber)).toBe('0.89');
  });

  it.each(table(`
    duration | billed
    0        | 0
    1        | 60
    60       | 60
    61       | 90
  `))('bills $billed s of a card with startpulse 60 and frequency 30 that talked $duration s', ({ duration, billed }) => {
    const pulses = { policy: 'first_pulse', startpulseSec: 60, frequencySec: 30 } as const;
    const result = rated({ number: '34912345678', durationSec: Number(duration) }, { ...TARIFF, pulses });
    expect(result).toMatchObject({ value: { sell: { derivation: { billedSec: Number(billed), terms: { initialIncrementSec: 60, incrementSec: 30 } } } } });
  });

  it('sells by the longest prefix over all retail plans, and of equally long ones by the plan named first', () => {
    expect(sell({ number: '34650123456', durationSec: 60 }, VOIP)).toBe('0.18');
    expect(sell({ number: '34912345678', durationSec: 60 }, VOIP)).toBe('0.05');
    expect(sell({ number: '49301234567', durationSec: 60 }, VOIP)).toBe('0.04');
  });

  it('buys by the carrier that connected the call, exactly, over the carrier plans of the voip_plan', () => {
    expect(rated({ number: '34650123456', durationSec: 1, carrier: 'alpha' }, VOIP)).toMatchObject({
      value: { buy: { amount: { nanos: 555_000n, currency: 'EUR' }, derivation: { prefix: '34' } } },
    });
    expect(rated({ number: '34650123456', durationSec: 60, carrier: 'alpha' })).toMatchObject({ value: { buy: { derivation: { prefix: '346' } } } });
  });

  it.each(table(`
    number       carrier | refusal
    34650123456  beta    | unknown_carrier
    12125550100  alpha   | no_buy_rate
    44201234567  alpha   | destination_blocked
  `))('tells $refusal beside the sell price where $carrier has no price to $number', ({ number = '', carrier = '', refusal }) => {
    expect(rated({ number, carrier })).toMatchObject({ ok: true, value: { buy: undefined, buyRefusal: refusal } });
  });

  it('keeps a price that the sender had set, even for somebody who is not known', () => {
    const call: SpecCall = { preRated: { nanos: 500_000_000n, currency: 'EUR' }, carrier: 'alpha' };
    expect(rated(call)).toMatchObject({ value: { preRated: true, sell: { amount: { nanos: 500_000_000n }, derivation: undefined }, buy: {} } });
    expect(rateOfUnknown(call)).toMatchObject({ ok: true, value: { preRated: true } });
  });

  const rateOfUnknown = (call: SpecCall) => {
    const read = receivedCallOf(endedEvent(call), instantUs(Date.UTC(2030, 0, 1) * 1000));
    return read.ok ? rateCall(read.value.call, undefined, compiled) : read;
  };

  it('refuses who and what is not known, and what cannot be', () => {
    expect(rateOfUnknown({})).toMatchObject({ refusal: { code: 'unknown_party' } });
    expect(sell({}, { plan: { kind: 'tariff', id: 99 }, pulses: undefined })).toBe('unknown_plan');
    expect(sell({ number: '34912345678' }, { plan: { kind: 'voip_plan', id: 8 }, pulses: undefined })).toBe('no_exchange_rate');
    expect(sell({ durationSec: -10 })).toBe('times_out_of_order');
    expect(sell({ durationSec: 8 * 86_400 })).toBe('duration_malformed');
  });
});
