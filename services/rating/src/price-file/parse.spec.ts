import { describe, expect, it } from '@jest/globals';
import { faultsIn, type Written } from './document.fixture.ts';

const good = { name: 'p', currency: 'EUR', rates: [{ prefix: '34', rate: '0.1' }] };
const call = { id: '1', plan: 'p', number: '+34911234567', start: '2024-01-15T12:00:00Z', durationSec: 1 };
const ofRate = (rate: Written) => faultsIn({ plans: [{ ...good, rates: [{ prefix: '34', rate: '0.1', ...rate }] }] });
const ofPlan = (plan: Written) => faultsIn({ plans: [{ ...good, ...plan }] });
const ofCall = (told: Written) => faultsIn({ plans: [good], calls: [{ ...call, ...told }] });
const at = (faults: readonly string[]): string[] => faults.map((fault) => fault.split(' ')[0] ?? '');

describe('a document that is malformed', () => {
  it('is told of with the path of every fault', async () => {
    expect(await faultsIn({ plans: [{ ...good, rates: [{ prefix: '34', rate: '-1' }, { prefix: ['1', '0x'], rate: '0.1' }] }], calls: [{ ...call, durationSec: -5 }] })).toEqual([
      '$.plans[0].rates[0].rate must be an amount as decimal text, such as "0.0125", and not negative',
      '$.plans[0].rates[1].prefix[1] must be 1 to 15 digits that do not begin with 0',
      '$.calls[0].durationSec must be at least 0',
    ]);
  });

  it.each<[Written, string]>([
    [{ name: undefined }, '.name is missing'], [{ name: 7 }, '.name must be a text'], [{ name: '' }, '.name must not be empty'], [{ name: 'x'.repeat(129) }, '.name must have at most 128 characters'],
    [{ rates: {} }, '.rates must be a list'], [{ rates: ['x'] }, '.rates[0] must be an object in braces'], [{ rates: [{ rate: '1' }] }, '.rates[0].prefix is missing'],
    [{ rates: [{ prefix: 34, rate: '1' }] }, '.rates[0].prefix must be a text or a list'], [{ rates: [{ prefix: [], rate: '1' }] }, '.rates[0].prefix must have at least one'],
    [{ rounding: { decimals: 10 } }, '.rounding.decimals must be at most 9'], [{ rounding: { decimals: 1.5 } }, '.rounding.decimals must be a whole number'],
    [{ rounding: { decimals: 2, mode: 'even' } }, '.rounding.mode must be one of "up", "down", "half_up"'],
  ])('says in plain words what a value should be: %j', async (plan, told) => {
    expect(await ofPlan(plan)).toEqual([`$.plans[0]${told}`]);
  });

  it.each([
    ['no JSON', '{', '$'], ['nothing', '', '$'], ['a list', '[]', '$'], ['no plans', '{"plans":[]}', '$.plans'], ['an unknown field', '{"plan":[],"plans":[]}', '$.plan'],
  ])('where it is %s', async (_, text, path) => {
    expect(at(await faultsIn(text))).toContain(path);
  });

  it.each<[Written, string]>([
    [{ rate: 0.1 }, '.rate'], [{ rate: '1e3' }, '.rate'], [{ rate: '0.0000000001' }, '.rate'],
    [{ rate: '99999999999' }, '.rate'], [{ rate: '9999999999.9' }, '.rate'],
    [{ prefix: '1234567890123456' }, '.prefix'], [{ prefix: '+34' }, '.prefix'], [{ prefix: '' }, '.prefix'], [{ prefix: [] }, '.prefix'], [{ prefix: 34 }, '.prefix'],
    [{ per: 0 }, '.per'], [{ per: 1.5 }, '.per'], [{ increments: '30/0' }, '.increments'], [{ increments: '30/6/6' }, '.increments'], [{ increments: '0' }, '.increments'],
    [{ increment: 0 }, '.increment'], [{ increments: '30/6', increment: 6 }, '.increments'],
    [{ ratePerMin: '1' }, ''], [{ rate: undefined }, ''], [{ rate: undefined, per: 30, ratePerMin: '1' }, '.per'],
    [{ rate: undefined, steps: [{ from: 5, rate: '1' }] }, '.steps[0].from'], [{ rate: undefined, steps: [] }, '.steps'],
    [{ rate: undefined, steps: [{ from: 0, rate: '1' }, { from: 60, rate: '1' }, { from: 60, rate: '2' }] }, '.steps[2].from'],
    [{ window: { weekdays: 'Foo' } }, '.window.weekdays'], [{ window: { weekdays: [8] } }, '.window.weekdays[0]'], [{ window: { from: '24:00' } }, '.window.from'],
    [{ window: { until: '25:00' } }, '.window.until'],
    [{ window: { dates: ['2024-02-30'] } }, '.window.dates[0]'], [{ window: { dates: ['2024-02-29'], years: [2024] } }, '.window.dates'],
    [{ window: { monthDays: [32] } }, '.window.monthDays[0]'],
    [{ validFrom: '2024-13-01' }, '.validFrom'], [{ validFrom: '2024-06-01T00:00:00.0000001' }, '.validFrom'],
    [{ validFrom: '2024-06-01', validUntil: '2024-06-01' }, '.validUntil'],
    [{ taxPercent: '1001' }, '.taxPercent'], [{ taxPercent: '-1' }, '.taxPercent'], [{ pulses: { startpulseSec: 60, frequencySec: 0 } }, '.pulses.frequencySec'],
    [{ maxCost: { amount: '1', strategy: 'stop' } }, '.maxCost.strategy'],
    [{ minDurationSec: -1 }, '.minDurationSec'], [{ addedGraceSec: 1e9 }, '.addedGraceSec'], [{ blockCharge: { amount: '1', everySec: 0 } }, '.blockCharge.everySec'],
  ])('of a rate: %j', async (rate, field) => {
    expect(at(await ofRate(rate))).toEqual([`$.plans[0].rates[0]${field}`]);
  });

  it.each<[Written, string]>([
    [{ currency: 'eur' }, '.currency'], [{ timeZone: 'Europe/Nowhere' }, '.timeZone'], [{ rounding: { decimals: 10 } }, '.rounding.decimals'],
    [{ rounding: { decimals: 2, mode: 'even' } }, '.rounding.mode'],
    [{ windowPolicy: 'end' }, '.windowPolicy'], [{ name: '' }, '.name'], [{ retailPlans: [{ plan: 'none' }] }, '.retailPlans[0].plan'], [{ carriers: ['none'] }, '.carriers[0]'],
  ])('of a plan: %j', async (plan, field) => {
    expect(at(await ofPlan(plan))).toEqual([`$.plans[0]${field}`]);
  });

  it.each<[Written, string]>([
    [{ plan: undefined }, ''], [{ account: 'A' }, ''], [{ start: '2024-01-15 12:00' }, '.start'], [{ start: '1999-12-31' }, '.start'],
    [{ start: '2200-01-01' }, '.start'], [{ number: '' }, '.number'],
    [{ durationSec: undefined }, '.durationSec'], [{ end: '2024-01-15T12:00:01Z' }, '.end'], [{ answered: false }, '.durationSec'],
    [{ disposition: 'BUSY' }, '.durationSec'], [{ disposition: 'LOST' }, '.disposition'],
    [{ credit: '-1' }, '.credit'], [{ credit: 5 }, '.credit'], [{ interim: [5, 5] }, '.interim'],
    [{ interim: [0] }, '.interim'], [{ durationSec: 1e12 }, '.durationSec'],
    [{ allowanceSec: -1 }, '.allowanceSec'], [{ wantedSec: 0 }, '.wantedSec'], [{ cost: '1' }, '.cost'],
  ])('of a call: %j', async (told, field) => {
    expect(at(await ofCall(told))).toEqual([`$.calls[0]${field}`]);
  });

  it('names what something else is named, and what is not there', async () => {
    const twice = { plans: [good, good], cardTypes: [{ name: 't', plan: 'x' }], cards: [{ card: '1', cardType: 'y' }], accounts: [{ account: 'A', plan: 'z' }], calls: [call, call] };
    expect(at(await faultsIn(twice))).toEqual(['$.plans[1].name', '$.calls[1].id', '$.cardTypes[0].plan', '$.cards[0].cardType', '$.accounts[0].plan']);
  });

  it('is not one that ends before it begins, or has an odd number: that is refused by itself', async () => {
    expect(await ofCall({ durationSec: undefined, end: '2024-01-15T11:59:59Z' })).toEqual([]);
    expect(await ofCall({ number: 'none' })).toEqual([]);
    expect(await faultsIn(`\uFEFF${JSON.stringify({ plans: [good], $schema: './price.schema.json' })}`)).toEqual([]);
  });
});
