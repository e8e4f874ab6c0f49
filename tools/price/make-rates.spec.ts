import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import type { PricedCall } from '../../services/rating/src/price-file/price-file.ts';
import { pricedOutput } from './output.ts';

type Written = Readonly<Record<string, unknown>>;

const north = { code: 'NORTH', currency: 'EUR', rates: [
  { prefix: '34', rate: '0.10', increments: '30/6', connectFee: '0.02', validUntil: '2026-06-01' }, { prefix: '34', rate: '0.30', validFrom: '2026-06-01' }, { prefix: '346', rate: '0.25' },
] };
const south = { code: 'SOUTH', currency: 'EUR', rates: [{ prefix: '3', rate: '0.14', increments: '1/1' }, { prefix: '49', blocked: true }] };
const west = { code: 'WEST', currency: 'USD', rates: [{ prefix: '34', rate: '0.11' }] };
const call = { id: '1', plan: 'made', number: '+34911234567', start: '2026-03-16T12:00:00Z', durationSec: 60 };

async function output(madeFrom: Written, more: Written = {}, told: Written = {}): Promise<string> {
  const plan = { name: 'made', currency: 'EUR', madeFrom: { carriers: ['NORTH'], ...madeFrom }, ...more };
  const { text } = await pricedOutput(JSON.stringify({ plans: [plan], carriers: [north, south, west], calls: [{ ...call, ...told }] }), { explain: false, json: true });
  return text;
}

async function priced(madeFrom: Written, more: Written = {}, told: Written = {}): Promise<PricedCall> {
  return JSON.parse(await output(madeFrom, more, told)) as PricedCall;
}

describe('a plan that is made from carriers', () => {
  it.each(table(`
    id       rule                                                                | prefix  rate   connect
    RATE-30  {"marginPercent":"20","policy":"max"}                               | 34      0.12   0.024
    dearer   {"marginPercent":"5","policy":"max"}                                | 34      0.11   0.021
    cheaper  {"marginPercent":"20","policy":"min"}                               | 34      0.11   0.024
    stated   {"marginPercent":"20","policy":"fixed"}                             | 34      0.11   0
    made     {"marginPercent":"5"}                                               | 34      0.105  0.021
    amount   {"margin":"0.005"}                                                  | 34      0.105  0.02
    least    {"marginMin":"0.03"}                                                | 34      0.13   0.02
    floor    {"marginPercent":"5","floor":"0.2"}                                 | 34      0.20   0.021
    step     {"marginPercent":"7.5","step":"0.01"}                               | 34      0.11   0.03
    down     {"marginPercent":"7.5","step":"0.01","rounding":"down"}             | 34      0.10   0.02
    fee      {"connectFee":"0.5"}                                                | 34      0.10   0.50
    several  {"carriers":["NORTH","SOUTH"],"take":"dearest"}                     | 34      0.14   0
    average  {"carriers":["NORTH","SOUTH"],"take":"average","averageCount":2}    | 34      0.12   0.02
    later    {"at":"2026-07-01"}                                                 | 34      0.30   0
  `))('$id: by $rule', async ({ rule = '', prefix, rate, connect }) => {
    const answer = await priced(JSON.parse(rule) as Written, { rates: [{ prefix: '34', rate: '0.11' }] });
    const fee = answer.derivation?.find((line) => line['fee'] === 'connect')?.['amount'] ?? '0';
    expect([answer.prefix, answer.rate, fee]).toEqual([prefix, rate, connect]);
  });

  it('sells by a retail plan that is made, too, by its longest prefix and with the increments of the carrier', async () => {
    const plans = [{ name: 'made', currency: 'EUR', retailPlans: [{ plan: 'margin' }] }];
    const retailPlans = [{ name: 'margin', currency: 'EUR', taxPercent: '10', madeFrom: { carriers: ['NORTH'], marginPercent: '20' } }];
    const calls = [{ ...call, durationSec: 31 }, { ...call, id: '2', number: '+34612345678' }];
    const { text } = await pricedOutput(JSON.stringify({ plans, retailPlans, carriers: [north], calls }), { explain: false, json: true });
    // 36 s at 0.12 and 0.024 to connect are 0.096; a minute at 0.30: each with 10 % of tax.
    expect(text.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toMatchObject([{ billedSec: 36, amount: '0.1056', prefix: '34' }, { amount: '0.33', prefix: '346' }]);
  });

  it('is blocked where the only carrier blocks, and sells nothing where none goes', async () => {
    expect(await priced({ carriers: ['SOUTH'] }, {}, { number: '+4930123456' })).toMatchObject({ refusal: { code: 'destination_blocked' } });
    expect(await priced({ carriers: ['NORTH'] }, {}, { number: '+4930123456' })).toMatchObject({ refusal: { code: 'no_sell_rate' } });
  });

  it('has windows, steps and charges of the carrier, each amount with the margin, and its own where the carrier says nothing', async () => {
    const rates = [
      { prefix: '34', steps: [{ from: 0, rate: '0.1', per: 7, increment: 30, entryFee: '0.01' }, { from: 30, rate: '0.03' }], minCharge: '0.5', window: { name: 'day', from: '08:00' } },
      { prefix: '34', rate: '9000000', window: { name: 'night', until: '08:00' } },
    ];
    const plan = { name: 'made', currency: 'EUR', rounding: { decimals: 9 }, minCharge: '9', connectFee: '0.05', madeFrom: { carriers: ['EAST'], marginPercent: '100' } };
    const calls = [call, { ...call, id: '2', durationSec: 300 }, { ...call, id: '3', start: '2026-03-16T22:59:59Z', durationSec: 1 }];
    const carriers = [{ code: 'EAST', currency: 'EUR', timeZone: 'Asia/Tokyo', rates }];
    const { text } = await pricedOutput(JSON.stringify({ plans: [plan], carriers, calls }), { explain: false, json: true });
    // 0.1 for 7 s is 0.857142857142… a minute, and twice that 1.714285715: 30 s of it, 0.02 for the step, 270 s at 0.06, 0.05 to connect. Noon UTC is evening in Tokyo.
    expect(text.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown))
      .toMatchObject([{ windows: ['day'], amount: '1.00' }, { windows: ['day'], amount: '1.197142858' }, { windows: ['night'], amount: '300000.05' }]);
  });

  it('is in the currency of the plan, by the exchange rate of the making', async () => {
    const document = (exchangeRates: Written[]) => JSON.stringify({
      plans: [{ name: 'made', currency: 'EUR', madeFrom: { carriers: ['WEST'], marginPercent: '20' } }], carriers: [west], exchangeRates, calls: [call],
    });
    const { text } = await pricedOutput(document([{ base: 'EUR', quote: 'USD', rate: '1.1' }]), { explain: false, json: true });
    expect(JSON.parse(text)).toMatchObject({ amount: '0.12', rate: '0.12', currency: 'EUR' });
    const none = await pricedOutput(document([{ base: 'EUR', quote: 'USD', rate: '1.1', from: '2026-04-01' }]), { explain: false, json: false });
    expect(none).toEqual({ text: '', faults: expect.stringContaining('$.plans[0].madeFrom.carriers[0]  is in USD, and no exchange rate leads to EUR then'), exitCode: 2 });
  });

  it.each(table(`
    rule                                                | fault
    {"carriers":["EAST"]}                               | $.plans[0].madeFrom.carriers[0]
    {"carriers":[]}                                     | $.plans[0].madeFrom.carriers
    {"take":"average"}                                  | $.plans[0].madeFrom.averageCount
    {"averageCount":1}                                  | $.plans[0].madeFrom.averageCount
    {"margin":"1000001"}                                | $.plans[0].madeFrom.margin
    {"step":"0"}                                        | $.plans[0].madeFrom.step
    {"marginPercent":5}                                 | $.plans[0].madeFrom.marginPercent
    {"policy":"most"}                                   | $.plans[0].madeFrom.policy
  `))('is refused by $rule', async ({ rule = '', fault }) => {
    expect(JSON.parse(await output(JSON.parse(rule) as Written))).toMatchObject({ faults: [{ path: fault }] });
  });

  it('has windows by the clocks of one zone', async () => {
    const windowed = (code: string, timeZone: string) => ({ code, currency: 'EUR', timeZone, rates: [{ prefix: '34', rate: '1', window: { from: '08:00' } }] });
    const plans = [{ name: 'made', currency: 'EUR', madeFrom: { carriers: ['A', 'B'] } }];
    const document = { plans, carriers: [windowed('A', 'Europe/Vienna'), windowed('B', 'Asia/Tokyo')], calls: [call] };
    expect((await pricedOutput(JSON.stringify(document), { explain: false, json: false })).faults).toContain('have windows by the clocks of Europe/Vienna and Asia/Tokyo');
  });
});
