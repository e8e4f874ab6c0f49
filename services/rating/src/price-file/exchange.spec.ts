import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { faultsIn, oneCall, planOf, short, told, type Written } from './document.fixture.ts';

const exchangeRates = [{ base: 'EUR', quote: 'USD', rate: '1.25', source: 'ECB' }];
const world = { name: 'world', currency: 'USD', connectFee: '0.05', rates: [{ prefix: '34', rate: '0.10', increments: '30/6' }] };
const plan = { retailPlans: [{ plan: 'world' }], disconnectFee: '0.02' };
const priced = (call: Written, more: Written = {}) => oneCall({ ...plan, ...more }, call, { retailPlans: [world], exchangeRates });

describe('a rate in another currency than its plan', () => {
  it('is converted: its own amounts, not those of the plan', async () => {
    const answer = await priced({ durationSec: 31 });
    expect([answer.currency, told(answer), answer.rate]).toEqual(['EUR', '36 s 0.108', '0.10']);
    expect(answer.derivation?.find((line) => line['kind'] === 'exchange')).toEqual({
      kind: 'exchange', from: 'USD', exact: '0.11', sum: '0.088', rates: [{ base: 'EUR', quote: 'USD', rate: '1.25', from: 'always', source: 'ECB', isInverse: true }],
    });
    expect(answer.lines).toContain('0.11 USD = 0.088 EUR by 1 EUR = 1.25 USD (ECB, always)');
  });

  it('says which limits are of the rate', async () => {
    const dear = { ...world, minCharge: '0.50' };
    const answer = await oneCall(plan, { durationSec: 31 }, { retailPlans: [dear], exchangeRates });
    expect([told(answer), answer.derivation?.find((line) => line['kind'] === 'limit')]).toEqual(['36 s 0.4', { kind: 'limit', limit: 'min_charge', amount: '0.50', ofRate: true, sum: '0.4' }]);
  });

  it('has a longest call that its credit pays for', async () => {
    expect(await priced({ credit: '0.108' })).toMatchObject({ maxDurationSec: 36 });
    expect(await priced({ credit: '0.107' })).toMatchObject({ maxDurationSec: 30 });
  });

  it('pays nothing for seconds of an allowance, and its interim parts sum up', async () => {
    expect(short((await priced({ durationSec: 60, allowanceSec: 60 })).amount)).toBe('0.06');
    expect((await priced({ durationSec: 60, interim: [30] })).interim?.map(({ amount }) => short(amount))).toEqual(['0.1', '0.04']);
  });

  it('is refused where no exchange rate holds at the start of the call', async () => {
    const from = [{ ...exchangeRates[0], from: '2024-01-15T12:00:01' }];
    expect(await oneCall(plan, { durationSec: 31 }, { retailPlans: [world], exchangeRates: from })).toMatchObject({
      refusal: { code: 'no_exchange_rate', field: '$.calls[0].plan', facts: { planCurrency: 'EUR', deckCurrency: 'USD' } },
    });
  });

  it('CUR-01: a destination of 6 and a customer of 2 to the base cost three times as much', async () => {
    const rates = [{ base: 'AAA', quote: 'BAS', rate: '6' }, { base: 'CCC', quote: 'BAS', rate: '2' }];
    const destination = { name: 'world', currency: 'AAA', rates: [{ prefix: '34', rate: '0.10', increments: '60/60' }] };
    const customer = { retailPlans: [{ plan: 'world' }], currency: 'CCC' };
    expect(told(await oneCall(customer, { durationSec: 60 }, { retailPlans: [destination], exchangeRates: rates }))).toBe('60 s 0.3');
  });
});

describe('an exchange rate of a document', () => {
  it.each(table(`
    base  quote  rate  | fault
    EUR   USD    0     | rate must be an exchange rate as decimal text above 0, of at most 18 digits, such as "1.0842"
    EUR   EUR    1     | quote must be another currency than base
    eur   USD    1     | base must be an ISO 4217 code of three capital letters
  `))('of $rate $quote for $base is refused', async ({ fault, ...rate }) => {
    expect(await faultsIn({ plans: [planOf({})], exchangeRates: [rate] })).toEqual([`$.exchangeRates[0].${fault ?? ''}`]);
  });
});
