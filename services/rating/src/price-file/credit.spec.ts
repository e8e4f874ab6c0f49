import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { oneCall, short, type Written } from './document.fixture.ts';

const named: Readonly<Record<string, Written>> = {
  '60/60': { increments: '60/60' },
  '30/6': { increments: '30/6' },
  '1/1': { increments: '1/1' },
  '30/6, connect 0.02': { increments: '30/6', connectFee: '0.02' },
  '30/6, disconnect 0.03': { increments: '30/6', disconnectFee: '0.03' },
  '1/1, disconnect 0.03 from 60': { increments: '1/1', disconnectFee: '0.03', disconnectFeeAfterSec: 60 },
  '60/60, tax 23': { increments: '60/60', taxPercent: '23' },
  '1/1, at least 0.05': { increments: '1/1', minCharge: '0.05' },
  '1/1, none below 10': { increments: '1/1', minDurationSec: 10 },
  '1/1, grace 5': { increments: '1/1', addedGraceSec: 5 },
  '1/1, at most 0.02 free': { increments: '1/1', maxCost: { amount: '0.02', strategy: 'free' } },
  '1/1, at most 0.02': { increments: '1/1', maxCost: { amount: '0.02', strategy: 'disconnect' } },
};

describe('the longest call that a credit pays for', () => {
  it.each(table(`
    rate  terms                         credit       | limit
    0.10  60/60                         0.1          | 60
    0.10  60/60                         0.099999999  | 0
    0.10  60/60                         0.2          | 120
    0.10  60/60                         0.199999999  | 60
    0.10  30/6                          0.05         | 30
    0.10  30/6                          0.049999999  | 0
    0.10  30/6                          0.06         | 36
    0.10  30/6                          0.059999999  | 30
    0.06  1/1                           0.001        | 1
    0.06  1/1                           0.0155       | 15
    0.10  30/6, connect 0.02            0.07         | 30
    0.10  30/6, connect 0.02            0.069999999  | 0
    0.10  30/6, disconnect 0.03         0.08         | 30
    0.10  30/6, disconnect 0.03         0.079999999  | 0
    0.06  1/1, disconnect 0.03 from 60  0.06         | 59
    0.06  1/1, disconnect 0.03 from 60  0.089999999  | 59
    0.06  1/1, disconnect 0.03 from 60  0.09         | 60
    0.10  60/60, tax 23                 0.123        | 60
    0.10  60/60, tax 23                 0.122999999  | 0
    0.06  1/1, at least 0.05            0.05         | 50
    0.06  1/1, at least 0.05            0.049999999  | 0
    0.06  1/1, none below 10            0            | 9
    0.06  1/1, none below 10            0.01         | 10
    0.06  1/1, grace 5                  0.006        | 1
    0.06  1/1, grace 5                  0.005        | 0
    0     60/60                         0            | 604800
    0.06  1/1, at most 0.02 free        0.02         | 604800
    0.06  1/1, at most 0.02 free        0.019        | 19
    0.06  1/1, at most 0.02             5            | 20
  `))('$credit pays for $limit s at $rate, $terms', async ({ rate, terms = '', credit, limit }) => {
    const priced = await oneCall({ rates: [{ prefix: '34', rate, ...named[terms] }] }, { credit });
    expect(priced.maxDurationSec).toBe(Number(limit));
    expect(priced.refusal?.code).toBe(limit === '0' ? 'insufficient_credit' : undefined);
  });

  it('is bounded by what is wanted, and priced as it is told where that is longer', async () => {
    const plan = { rates: [{ prefix: '34', rate: '0.06' }] };
    expect(await oneCall(plan, { credit: '5', wantedSec: 90 })).toMatchObject({ maxDurationSec: 90, durationSec: 90, amount: '0.09' });
    expect(await oneCall(plan, { credit: '0.01', durationSec: 60 })).toMatchObject({ maxDurationSec: 10, durationSec: 60, amount: '0.06' });
  });

  it('counts the seconds of an allowance, which is used before money', async () => {
    const plan = { rates: [{ prefix: '34', rate: '0.06', increments: '30/6' }] };
    expect(await oneCall(plan, { credit: '0', allowanceSec: 40 })).toMatchObject({ maxDurationSec: 36, amount: '0.00', freeSec: 36 });
    expect(await oneCall(plan, { durationSec: 43, allowanceSec: 40 })).toMatchObject({ billedSec: 48, freeSec: 40, amount: '0.008' });
  });

  it('asks what a live quote refuses', async () => {
    const plan = { rates: [{ prefix: '34', rate: '0.06' }, { prefix: '346', blocked: true }] };
    const codes = await Promise.all(['+49301234567', '+34600000000', '0912', 'x'].map(async (number) => (await oneCall(plan, { number, credit: '1' })).refusal));
    expect(codes.map((refusal) => [refusal?.code, refusal?.field])).toEqual([
      ['no_sell_rate', '$.calls[0].number'], ['destination_blocked', '$.calls[0].number'], ['number_not_international', '$.calls[0].number'], ['number_malformed', '$.calls[0].number'],
    ]);
  });

  it('is exact: a second more costs more than the credit', async () => {
    const plan = { rounding: { decimals: 3, mode: 'up' }, taxPercent: '7.7', rates: [{ prefix: '34', rate: '0.0777', increments: '7/13', connectFee: '0.011' }] };
    const { maxDurationSec = 0 } = await oneCall(plan, { credit: '0.5' });
    const costs = await Promise.all([maxDurationSec, maxDurationSec + 1].map(async (durationSec) => Number((await oneCall(plan, { durationSec })).amount)));
    expect(costs[0]).toBeLessThanOrEqual(0.5);
    expect(costs[1]).toBeGreaterThan(0.5);
    expect(short(String(maxDurationSec))).not.toBe('0');
  });
});
