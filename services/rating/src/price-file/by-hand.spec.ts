import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { answersOf, oneCall, planOf, short, told, type Written } from './document.fixture.ts';

/** Prices in which several rules meet, worked out by hand from the rules. */
const everyRule: Written = {
  rounding: { decimals: 2, mode: 'up' }, attemptFee: '0.05', taxPercent: '10',
  rates: [{
    prefix: '34', rate: '0.03', increments: '60/60', minDurationSec: 6, addedGraceSec: 2, callTimeRounding: { toSec: 120, aboveSec: 90 }, blockCharge: { amount: '0.01', everySec: 60 },
  }],
};
const carriers = [{ code: 'north', currency: 'EUR', attemptFee: '0.01', rates: [{ prefix: '34', rate: '0.20' }] }];

describe('a tariff of grace, raised seconds, blocks, tax and a rounding up', () => {
  it.each(table(`
    duration  failed | billed  amount  net   bought       margin
    5         0      | 0       0       0     0.016666667  -0.016666667
    6         0      | 60      0.04    0.03  0.02         0.01
    57        0      | 60      0.04    0.03  0.19         -0.16
    58        0      | 60      0.05    0.04  0.193333333  -0.153333333
    59        0      | 120     0.08    0.07  0.196666667  -0.126666667
    88        0      | 120     0.08    0.07  0.293333333  -0.223333333
    89        2      | 120     0.09    0.08  0.316666667  -0.236666667
  `))('$duration s, after $failed attempts that failed, cost $amount', async ({ duration, failed, billed, ...money }) => {
    const attempts = Array.from({ length: Number(failed) }, () => ({ carrier: 'north' }));
    const priced = await oneCall(everyRule, { durationSec: Number(duration), carrier: 'north', attempts }, { carriers });
    expect([priced.billedSec, priced.amount, priced.net, priced.buy?.total?.amount, priced.margin].map((each) => short(String(each)))).toEqual([
      billed, money['amount'], money['net'], money['bought'], money['margin'],
    ]);
  });

  it('costs its attempt once, and the carrier charges each', async () => {
    const attempts = [{ carrier: 'north' }, { carrier: 'north' }, { carrier: 'north' }];
    const priced = await oneCall(everyRule, { answered: false, attempts }, { carriers });
    expect([priced.amount, priced.net, priced.buy?.total?.amount, priced.margin]).toEqual(['0.06', '0.05', '0.03', '0.02']);
  });
});

describe('increments and steps over the bounds of windows', () => {
  const at = (window: Written, rate: Written): Written => ({ prefix: '34', window, ...rate });
  const plan: Written = {
    timeZone: 'Europe/Madrid',
    rates: [
      at({ name: 'peak', weekdays: 'Mon-Fri', from: '08:00', until: '20:00' }, { rate: '0.60', increments: '60/60' }),
      at({ name: 'holiday', dates: ['2026-01-01'], weight: 5 }, { steps: [{ from: 0, rate: '0.12', increment: 30 }, { from: 60, rate: '0.06', increment: 6 }] }),
      at({ name: 'night' }, { rate: '0.30', increments: '1/1' }),
    ],
  };
  it.each(table(`
    start                | duration  windows         answer            | why
    2025-12-31T23:59:30  | 90        night, holiday  90 s 0.24         | 30 s by night, the holiday's first step has 30 s left, and its second 30 s
    2025-12-31T23:59:30  | 91        night, holiday  96 s 0.246        | and begins another 6 s
    2026-01-01T23:59:45  | 31        holiday, night  31 s 0.065        | the increment that is under way at midnight is the holiday's
    2026-01-01T23:59:45  | 30        holiday         30 s 0.06         | and no night is reached
    2026-03-27T19:59:30  | 61        peak, night     61 s 0.605        | a minute of the peak, then by the second
    2026-03-28T23:59:59  | 7201      night           7201 s 36.005     | a night of which an hour is missing
    2026-10-25T02:59:59Z | 1         night           1 s 0.005         | after the hour that came twice
    2026-03-27T07:59:59  | 2         night, peak     60 s 0.595        | the peak's minute counts from the start of the call, and goes on with what is left of it
  `))('at $start for $duration s: $why', async ({ start, duration, windows, answer }) => {
    const priced = await oneCall(plan, { start, durationSec: Number(duration) });
    expect([priced.windows?.join(', '), told(priced)]).toEqual([windows, answer]);
  });
});

describe('free seconds of several allowances', () => {
  it('are the heaviest first, then the one that expires first; fees stay where one of them does not cover them', async () => {
    const priced = await answersOf({
      plans: [planOf({ name: 'plan', connectFee: '0.05', rates: [{ prefix: '34', rate: '0.60', increments: '30/6' }] })],
      accounts: [{ account: 'ACME', plan: 'plan' }],
      allowances: [
        { name: 'late', account: 'ACME', sec: 30, validUntil: '2026-12-31', covers: 'all' },
        { name: 'soon', account: 'ACME', sec: 20, validUntil: '2026-06-30', covers: 'connect' },
        { name: 'heavy', account: 'ACME', sec: 10, weight: 9, covers: 'all' },
      ],
      calls: [[30, '2026-06-01'], [25, '2026-06-01'], [7, '2026-06-30'], [6, '2026-06-30']].map(([durationSec, start], at) => {
        return { id: String(at), account: 'ACME', number: '+34911234567', start, durationSec };
      }),
    });
    expect(priced.map(({ amount, allowances = [] }) => `${short(amount)}: ${allowances.map(({ name, sec }) => `${name} ${sec}`).join(', ')}`)).toEqual([
      // 30 s are billed, 10 and 20 of them free, and each covers the connect fee.
      '0: heavy 10, soon 20',
      // 30 s are billed, and all of them are free.
      '0: late 30',
      // Nothing is left.
      '0.35: ', '0.35: ',
    ]);
  });
});
