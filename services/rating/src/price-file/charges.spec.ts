import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { oneCall, short, told, type Written } from './document.fixture.ts';

const rate = (perMin: string, increments: string): Written => ({ rates: [{ prefix: '34', rate: perMin, increments }] });

describe('increments count from where their step began', () => {
  it.each(table(`
    increments  duration | answer
    30/18       30       | 30 s 0.3
    30/18       48       | 48 s 0.48
    30/18       49       | 66 s 0.66
    7/13        7        | 7 s 0.07
    7/13        8        | 20 s 0.2
    7/13        100      | 111 s 1.11
    60/1        61       | 61 s 0.61
    1/60        1        | 1 s 0.01
    1/60        2        | 61 s 0.61
    0/6         1        | 6 s 0.06
    0/6         7        | 12 s 0.12
    60          61       | 120 s 1.2
    1/1         0.2      | 1 s 0.01
    1/1         59.000001  | 60 s 0.6
  `))('$increments: $duration s', async ({ increments = '', duration, answer }) => {
    expect(told(await oneCall(rate('0.60', increments), { durationSec: Number(duration) }))).toBe(answer);
  });

  const misaligned = [{ from: 0, rate: '0.60', increment: 60 }, { from: 90, rate: '0.30', increment: 7 }];
  const perSeven = [{ from: 0, rate: '0.07', per: 7, increment: 7 }];
  const freeMinute = [{ from: 0, rate: '0', increment: 1 }, { from: 60, rate: '0.60', increment: 60 }];
  const named: Readonly<Record<string, Written[]>> = { misaligned, 'per 7 s': perSeven, 'a minute free': freeMinute };
  it.each(table(`
    steps          duration | answer
    misaligned     60       | 60 s 0.6
    misaligned     61       | 90 s 0.9
    misaligned     90       | 90 s 0.9
    misaligned     91       | 97 s 0.935
    misaligned     98       | 104 s 0.97
    per 7 s        1        | 7 s 0.07
    per 7 s        15       | 21 s 0.21
    a minute free  59       | 59 s 0
    a minute free  60       | 60 s 0
    a minute free  61       | 120 s 0.6
  `))('steps $steps: $duration s', async ({ steps = '', duration, answer }) => {
    expect(told(await oneCall({ rates: [{ prefix: '34', steps: named[steps] }] }, { durationSec: Number(duration) }))).toBe(answer);
  });
});

const everything: Written = {
  ...rate('0.60', '30/6'), taxPercent: '20', connectFee: '0.05', disconnectFee: '0.02', minCharge: '1', addedGraceSec: 5,
  callTimeRounding: { toSec: 60, aboveSec: 0 }, blockCharge: { amount: '0.01', everySec: 10 },
};

describe('a call that was not answered', () => {
  it.each(table(`
    disposition  attempt fee | amount  net
    NOANSWER     0           | 0       0
    BUSY         0           | 0       0
    CANCEL       0           | 0       0
    FAILED       0           | 0       0
    BUSY         0.5         | 0.6     0.5
    NO ANSWER    0.123456789  | 0.148148147  0.123456789
  `))('$disposition costs nothing but its attempt', async ({ disposition, 'attempt fee': attemptFee, amount, net }) => {
    const priced = await oneCall({ ...everything, attemptFee }, { disposition });
    expect([priced.answered, priced.billedSec, short(priced.amount), short(priced.net)]).toEqual([false, 0, amount, net]);
  });

  it('costs nothing where no rate is found, and one of no seconds that was answered no attempt', async () => {
    expect(told(await oneCall({ ...everything, attemptFee: '0.5' }, { number: '+4911', answered: false }))).toBe('0 s 0');
    expect(told(await oneCall({ ...everything, attemptFee: '0.5' }, { durationSec: 0 }))).toBe('0 s 0');
  });
});

describe('fees and limits together', () => {
  const named: Readonly<Record<string, Written>> = {
    'at least 0.50, at most 0.20': { minCharge: '0.50', maxCost: { amount: '0.20', strategy: 'free' } },
    'at least 0.05': { minCharge: '0.05' },
    'at least 0.05, connect 0.05': { minCharge: '0.05', connectFee: '0.05' },
    'at most 0.10': { maxCost: { amount: '0.10', strategy: 'free' } },
    'at most 0.10, tax 20': { maxCost: { amount: '0.10', strategy: 'free' }, taxPercent: '20' },
    'at most 0': { maxCost: { amount: '0', strategy: 'free' } },
    'grace 5, none below 10': { addedGraceSec: 5, minDurationSec: 10 },
    'grace 5, 60 above 40': { addedGraceSec: 5, callTimeRounding: { toSec: 60, aboveSec: 40 } },
    'grace 5, disconnect 0.02 from 60': { addedGraceSec: 5, disconnectFee: '0.02', disconnectFeeAfterSec: 60 },
    'block 0.01 per 30': { blockCharge: { amount: '0.01', everySec: 30 } },
  };
  it.each(table(`
    terms                             rate  duration | answer
    at least 0.50, at most 0.20       0.60  10       | 10 s 0.2
    at least 0.05                     0     10       | 10 s 0.05
    at least 0.05                     0     0        | 0 s 0
    at least 0.05, connect 0.05       0     10       | 10 s 0.05
    at least 0.05, connect 0.05       0.60  1        | 1 s 0.06
    at most 0.10                      0.60  10       | 10 s 0.1
    at most 0.10                      0.60  3600     | 3600 s 0.1
    at most 0.10, tax 20              0.60  3600     | 3600 s 0.12
    at most 0                         0.60  3600     | 3600 s 0
    grace 5, none below 10            0.60  9        | 0 s 0
    grace 5, none below 10            0.60  10       | 15 s 0.15
    grace 5, 60 above 40              0.60  35       | 40 s 0.4
    grace 5, 60 above 40              0.60  36       | 60 s 0.6
    grace 5, disconnect 0.02 from 60  0.60  58       | 63 s 0.63
    grace 5, disconnect 0.02 from 60  0.60  60       | 65 s 0.67
    block 0.01 per 30                 0.60  29       | 29 s 0.29
    block 0.01 per 30                 0.60  30       | 30 s 0.31
    block 0.01 per 30                 0.60  90       | 90 s 0.93
  `))('$terms: $duration s at $rate', async ({ terms = '', rate: perMin = '', duration, answer }) => {
    expect(told(await oneCall({ ...rate(perMin, '1/1'), ...named[terms] }, { durationSec: Number(duration) }))).toBe(answer);
  });

  it('are those of the rate where it states them, a fee of 0 too, and those of the plan elsewhere', async () => {
    const plan = { connectFee: '0.05', minCharge: '1', rates: [{ prefix: '34', rate: '0.60', connectFee: '0', minCharge: '0.02' }, { prefix: '3', rate: '0.60', connectFee: '0.30' }] };
    expect(told(await oneCall(plan, { durationSec: 1 }))).toBe('1 s 0.02');
    expect(told(await oneCall(plan, { durationSec: 60 }))).toBe('60 s 0.6');
    expect(told(await oneCall(plan, { durationSec: 60, number: '+31201234567' }))).toBe('60 s 1');
  });
});

describe('tax and the one rounding', () => {
  it.each(table(`
    rate     tax     decimals  mode     | net    tax amount  amount
    0.10     7.5     0         up       | 1      0           1
    0.10     7.5     0         down     | 0      0           0
    0.10     7.5     0         half_up  | 0      0           0
    0.10     7.5     1         half_up  | 0.1    0           0.1
    0.10     7.5     2         up       | 0.1    0.01        0.11
    0.10     7.5     3         up       | 0.1    0.008       0.108
    0.10     7.5     3         down     | 0.1    0.007       0.107
    0.10     7.5     3         half_up  | 0.1    0.008       0.108
    0.10     7.5     9         up       | 0.1    0.0075      0.1075
    0.005    0       2         half_up  | 0.01   0           0.01
    0.0049   0       2         half_up  | 0      0           0
    0.10     0.0001  9         half_up  | 0.1    0.0000001   0.1000001
    0.10     1000    2         half_up  | 0.1    1           1.1
  `))('$rate with $tax % to $decimals decimals $mode', async ({ rate: perMin = '', tax, decimals, mode, net, 'tax amount': taxed, amount }) => {
    const priced = await oneCall({ ...rate(perMin, '60/60'), taxPercent: tax, rounding: { decimals: Number(decimals), mode } }, { durationSec: 60 });
    expect([short(priced.net), short(priced.tax), short(priced.amount)]).toEqual([net, taxed, amount]);
  });
});

describe('amounts and times at the limits', () => {
  it.each(table(`
    rate              duration  | answer
    0.000000001       604800    | 604800 s 0.00001008
    0.60              604800    | 604800 s 6048
    0.60              604800.5  | duration_malformed
    0.60              1e9       | duration_malformed
    9007199           61200     | 61200 s 9187342980
    9007199           604800    | amount_malformed
    9007199.254740991  60       | 60 s 9007199.254740991
    9223372036        60        | 60 s 9223372036
    9223372036        61        | amount_malformed
  `))('$duration s at $rate', async ({ rate: perMin = '', duration, answer }) => {
    expect(told(await oneCall(rate(perMin, '1/1'), { durationSec: Number(duration) }))).toBe(answer);
  });
});

describe('parts of a call', () => {
  it.each(table(`
    increments  duration  interim     | parts
    30/6        31        10          | 0.3 0.06
    30/6        150       60,120      | 0.6 0.6 0.3
    60/60       150       1,60,61     | 0.6 0 0.6 0.6
    1/1         10        10,20       | 0.1
    60/60       90        30          | 0.6 0.6
  `))('of $duration s, told at $interim s, sum to the whole', async ({ increments = '', duration, interim = '', parts }) => {
    const priced = await oneCall(rate('0.60', increments), { durationSec: Number(duration), interim: interim.split(',').map(Number) });
    expect(priced.interim?.map(({ amount }) => short(amount)).join(' ')).toBe(parts);
  });

  it('keep fees, limits and rounding to where they fall', async () => {
    const fees = { connectFee: '0.05', disconnectFee: '0.02', disconnectFeeAfterSec: 30, maxCost: { amount: '0.90', strategy: 'free' } };
    const plan = { ...rate('0.60', '7/13'), ...fees, taxPercent: '19', rounding: { decimals: 2, mode: 'up' } };
    const priced = await oneCall(plan, { durationSec: 200, interim: [1, 29, 30, 31, 90, 91, 150] });
    const cents = (amount = '') => Math.round(Number(amount) * 100);
    expect(priced.interim?.reduce((sum, { amount }) => sum + cents(amount), 0)).toBe(cents(priced.amount));
    expect(short(priced.amount)).toBe('1.08');
  });
});
