import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { answersOf, oneCall, planOf, short, told, type Written } from './document.fixture.ts';

/** The reference cases of rating, each as a row that goes through a document and the engine. */
const rate = (increments: string, more: Written = {}, perMin = '0.10'): Written => ({ rates: [{ prefix: '34', rate: perMin, increments, ...more }] });
const steps = (...all: Written[]): Written => ({ rates: [{ prefix: '34', steps: all }] });
const progressive = [
  { from: 0, rate: '0.20', increment: 6, entryFee: '0.02' }, { from: 60, rate: '0.10', increment: 6, entryFee: '0.01' }, { from: 120, rate: '0.05', increment: 6 },
];

const plans: Readonly<Record<string, Written>> = {
  '30/6': rate('30/6'),
  '30/6 and connect 0.05': rate('30/6', { connectFee: '0.05' }),
  '30/18 at 0.60': rate('30/18', {}, '0.60'),
  '60/60': rate('60/60'),
  '30/6, connect 0.05, disconnect 0.02': rate('30/6', { connectFee: '0.05', disconnectFee: '0.02' }),
  '6/6, at least 0.05': rate('6/6', { minCharge: '0.05' }),
  '60/60 and 5 s of grace': rate('60/60', { addedGraceSec: 5 }),
  '1/1, raised to 60 above 40': rate('1/1', { callTimeRounding: { toSec: 60, aboveSec: 40 } }),
  'three rates with fees': steps(...progressive),
  '60 then 1, connect 0.2': { ...steps({ from: 0, rate: '0.10', increment: 60 }, { from: 60, rate: '0.05', increment: 1 }), connectFee: '0.2' },
  'free': rate('1/1', { connectFee: '0' }, '0'),
  '30/6, nothing below 5 s': rate('30/6', { minDurationSec: 5 }),
};

describe('the reference cases of a rate', () => {
  it.each(table(`
    id       plan                                 duration | answer
    RATE-01  30/6                                 31       | 36 s 0.06
    RATE-04  30/6 and connect 0.05                NOANSWER | 0 s 0
    RATE-05  30/18 at 0.60                        31       | 48 s 0.48
    RATE-06  60/60                                61       | 120 s 0.2
    RATE-07  30/6, connect 0.05, disconnect 0.02  31       | 36 s 0.13
    RATE-09  6/6, at least 0.05                   6        | 6 s 0.05
    RATE-10  60/60 and 5 s of grace               58       | 120 s 0.2
    RATE-11  1/1, raised to 60 above 40           45       | 60 s 0.1
    RATE-13  three rates with fees                150      | 150 s 0.355
    RATE-22  60 then 1, connect 0.2               90       | 90 s 0.325
    RATE-24  free                                 45       | 45 s 0
    RATE-25  30/6, nothing below 5 s              4        | 0 s 0
  `))('$id: $plan, $duration', async ({ plan = '', duration = '', answer }) => {
    const call = /^\d+$/.test(duration) ? { durationSec: Number(duration) } : { durationSec: 0, disposition: duration };
    expect(told(await oneCall(plans[plan] ?? {}, call))).toBe(answer);
  });

  it.each(table(`
    tax  decimals  mode     | net       amount
    23   4         up       | 0.001     0.0012
    23   4         down     | 0.0009    0.0011
    23   6         half_up  | 0.000933  0.001148
    0    4         up       | 0.001     0.001
    0    4         down     | 0.0009    0.0009
  `))('RATE-16: 10/11 with $tax % of tax, $decimals decimals $mode', async ({ tax = '', decimals, mode, net, amount }) => {
    const plan = { ...rate('10/11', {}, '0.0001'), taxPercent: tax, rounding: { decimals: Number(decimals), mode } };
    const priced = await oneCall(plan, { durationSec: 560 });
    expect([priced.billedSec, short(priced.net), short(priced.amount)]).toEqual([560, net, amount]);
  });

  it('RATE-19: a customer pays for the last attempt, a carrier charges each', async () => {
    const plan = { ...rate('1/1'), attemptFee: '2.0', taxPercent: '23' };
    const carriers = [{ code: 'vendor', currency: 'EUR', attemptFee: '3.0', rates: [{ prefix: '34', rate: '0.01' }] }];
    const call = { answered: false, attempts: [{ carrier: 'vendor' }, { carrier: 'vendor' }] };
    const priced = await oneCall(plan, call, { carriers });
    expect([short(priced.net), short(priced.amount), short(priced.buy?.total?.amount), short(priced.margin)]).toEqual(['2', '2.46', '6', '-4']);
  });

  it('RATE-23: a maximum cost ends the call', async () => {
    const plan = { rates: [{ prefix: '34', rate: '0.01', per: 1, maxCost: { amount: '0.12', strategy: 'disconnect' } }] };
    const asked = await oneCall(plan, { wantedSec: 60 });
    expect([asked.maxDurationSec, short(asked.amount)]).toEqual([12, '0.12']);
    expect(told(await oneCall(plan, { durationSec: 60 }))).toBe('60 s 0.12');
  });

  it('RATE-26: peak and off-peak by the clocks of the plan', async () => {
    const windows = [{ name: 'peak', weekdays: 'Mon-Fri', from: '08:00', until: '20:00' }, { name: 'off-peak', weekdays: '*' }];
    const plan = { timeZone: 'Europe/Madrid', rates: windows.map((window, at) => ({ prefix: '34', rate: at === 0 ? '0.10' : '0.05', window })) };
    const priced = await oneCall(plan, { start: '2024-01-15T18:30:00Z', durationSec: 60 });
    expect([priced.windows, short(priced.rate), short(priced.amount)]).toEqual([['peak'], '0.1', '0.1']);
  });

  it.each(table(`
    id       start                | rate  cost
    RATE-27  2005-04-15T09:59:50  | 0.78  0.78
    RATE-28  2005-04-15T10:00:00  | 0.89  0.89
  `))('$id: a call that starts at $start', async ({ start, rate: expected, cost }) => {
    const plan = { rates: [
      { prefix: '34', rate: '0.78', increments: '30/6', validFrom: '2005-02-10T21:23:55', validUntil: '2005-04-15T10:00:00' },
      { prefix: '34', rate: '0.89', increments: '30/6', validFrom: '2005-04-15T10:00:00' },
    ] };
    const priced = await oneCall(plan, { start, durationSec: 60 });
    expect([short(priced.rate), short(priced.amount)]).toEqual([expected, cost]);
  });
});

describe('the reference cases of pulses', () => {
  const byCard = async (policy: string, call: Written) => {
    const [priced] = await answersOf({
      plans: [planOf({ name: 'tariff', rounding: { decimals: 2, mode: 'up' }, rates: [{ prefix: '34', rateCents: '12' }] })],
      cardTypes: [{ name: 'blue', plan: 'tariff', pulses: { policy, startpulseSec: 60, frequencySec: 30 } }],
      cards: [{ card: '0012345678901234', cardType: 'blue' }],
      calls: [{ id: '1', card: '0012345678901234', number: '+34911234567', start: '2024-01-15T12:00:00Z', ...call }],
    });
    return priced;
  };

  it.each(table(`
    id        duration | first_pulse  incoming_leg
    PULSE-01  0        | 0 s 0        60 s 0.12
    PULSE-02  1        | 60 s 0.12    90 s 0.18
    PULSE-04  61       | 90 s 0.18    150 s 0.3
  `))('$id: startpulse 60, frequency 30, $duration s', async ({ duration, first_pulse, incoming_leg }) => {
    const priced = [await byCard('first_pulse', { durationSec: Number(duration) }), await byCard('incoming_leg', { durationSec: Number(duration) })];
    expect(priced.map((each) => each && told(each))).toEqual([first_pulse, incoming_leg]);
  });

  it('PULSE-08: less credit than the first pulse is refused', async () => {
    expect(await byCard('first_pulse', { credit: '0.11' })).toMatchObject({ maxDurationSec: 0, refusal: { code: 'insufficient_credit', field: '$.calls[0].credit' } });
    expect(await byCard('first_pulse', { credit: '0.12' })).toMatchObject({ maxDurationSec: 60, amount: '0.12' });
  });
});
