import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { answersOf, faultsIn, planOf, short, type Written } from './document.fixture.ts';
import type { PricedCall } from './priced-call.ts';

const plan = planOf({ connectFee: '0.05', rates: [{ prefix: '34', rate: '0.60', increments: '30/6' }, { prefix: '44', rate: '0.06', connectFee: '0' }] });
const accounts = [{ account: 'ACME', plan: 'plan' }, { account: 'BETA', plan: 'plan' }];

/** Calls of an account, each a minute to Spain unless it says something else. */
async function calls(allowances: Written[], all: Written[], more: Written = {}): Promise<readonly PricedCall[]> {
  const stated = all.map((call, at) => ({ id: String(at), account: 'ACME', number: '+34911234567', start: '2024-01-15T12:00:00Z', durationSec: 60, ...call }));
  return answersOf({ plans: [plan], accounts, allowances, ...more, calls: stated.map((call) => ('credit' in call ? { ...call, durationSec: undefined } : call)) });
}

const told = ({ amount, freeSec, allowances = [], refusal }: PricedCall) =>
  refusal?.code ?? [short(amount), `${freeSec ?? 0} free`, ...allowances.map(({ name, sec, leftSec }) => `${name} ${sec} left ${leftSec}`)].join(', ');

const of = (more: Written): Written => ({ name: 'a', account: 'ACME', sec: 90, ...more });

describe('the free seconds of a document', () => {
  it('are used up by its calls in their order, before money', async () => {
    expect((await calls([of({})], [{ durationSec: 31 }, {}, {}])).map(told)).toEqual(['0.05, 36 free, a 36 left 54', '0.11, 54 free, a 54 left 0', '0.65, 0 free']);
  });

  it('are of each payer by itself, whoever they are for', async () => {
    const ofPlan = { name: 'a', plan: 'plan', sec: 60 };
    expect((await calls([ofPlan], [{}, { account: 'BETA' }, {}, { account: undefined, plan: 'plan' }])).map(told))
      .toEqual(['0.05, 60 free, a 60 left 0', '0.05, 60 free, a 60 left 0', '0.65, 0 free', '0.05, 60 free, a 60 left 0']);
    expect((await calls([of({})], [{ account: 'BETA' }, { account: undefined, plan: 'plan' }])).map(told)).toEqual(['0.65, 0 free', '0.65, 0 free']);
  });

  it('go with a card, in the pulses of its type', async () => {
    const cards = { cardTypes: [{ name: 't', plan: 'plan', pulses: { startpulseSec: 60, frequencySec: 30 } }], cards: [{ card: '1', cardType: 't' }] };
    const [priced] = await calls([{ name: 'a', card: '1', sec: 70 }], [{ account: undefined, card: '1', durationSec: 61 }], cards);
    expect(priced && told(priced)).toBe('0.25, 70 free, a 70 left 0');
  });

  it.each(table(`
    allowances                                                                                    | used
    [{"name":"a","sec":90},{"name":"b","sec":90,"weight":2}]                                       | b 60 left 30
    [{"name":"a","sec":90,"validUntil":"2024-03-01"},{"name":"b","sec":90,"validUntil":"2024-02-01"}] | b 60 left 30
    [{"name":"a","sec":90},{"name":"b","sec":90,"period":"day"}]                                   | b 60 left 30
    [{"name":"a","sec":90},{"name":"b","sec":90}]                                                  | a 60 left 30
    [{"name":"a","sec":20,"weight":1},{"name":"b","sec":90}]                                       | a 20 left 0, b 40 left 50
    [{"name":"a","sec":90,"prefixes":["44","349"]},{"name":"b","sec":90,"prefixes":["34912"]}]     | a 60 left 30
    [{"name":"a","sec":90,"validFrom":"2024-01-15T12:00:01Z"},{"name":"b","sec":90,"validFrom":"2024-01-15T12:00:00Z"}] | b 60 left 30
    [{"name":"a","sec":90,"validUntil":"2024-01-15T13:00:00","timeZone":"Europe/Madrid"}]          | -
    [{"name":"a","sec":90,"validUntil":"2024-01-15T13:00:01","timeZone":"Europe/Madrid"}]          | a 60 left 30
  `))('are used by weight, then by expiry, then in their order: $allowances', async ({ allowances = '', used }) => {
    const [priced] = await calls((JSON.parse(allowances) as Written[]).map((each) => ({ account: 'ACME', ...each })), [{}]);
    expect(priced?.allowances?.map(({ name, sec, leftSec }) => `${name} ${sec} left ${leftSec}`).join(', ') ?? '').toBe(used);
  });

  it.each(table(`
    period  zone              first                 second                | left
    once    UTC               2024-01-15T12:00:00Z  2024-07-15T12:00:00Z  | 30 0
    day     UTC               2024-01-15T23:59:59Z  2024-01-16T00:00:00Z  | 30 30
    day     Europe/Madrid     2024-01-15T22:59:59Z  2024-01-15T23:00:00Z  | 30 30
    day     America/New_York  2024-01-15T23:59:59Z  2024-01-16T00:00:00Z  | 30 0
    week    UTC               2024-01-14T23:59:59Z  2024-01-15T00:00:00Z  | 30 30
    week    UTC               2024-01-15T00:00:00Z  2024-01-21T23:59:59Z  | 30 0
    month   UTC               2024-01-31T23:59:59Z  2024-02-01T00:00:00Z  | 30 30
    month   UTC               2024-02-01T00:00:00Z  2024-02-29T23:59:59Z  | 30 0
    day     Europe/Madrid     2024-03-30T23:00:00Z  2024-03-31T21:59:59Z  | 30 0
    day     Europe/Madrid     2024-03-31T21:59:59Z  2024-03-31T22:00:00Z  | 30 30
  `))('begin anew each $period in $zone: $first and $second', async ({ period, zone, first, second, left }) => {
    const priced = await calls([of({ period, timeZone: zone })], [{ start: first }, { start: second }]);
    expect(priced.map(({ allowances }) => allowances?.[0]?.leftSec).join(' ')).toBe(left);
  });

  it('cover fees only where they pay for every second', async () => {
    expect((await calls([of({ covers: 'connect' })], [{}, {}])).map(told)).toEqual(['0, 60 free, a 60 left 30', '0.35, 30 free, a 30 left 0']);
  });

  it('are not used by what costs nothing anyway', async () => {
    const attempts = [{ answered: false, durationSec: 0 }, { durationSec: 0 }];
    expect((await calls([of({})], [...attempts, {}])).map(told)).toEqual(['0, 0 free', '0, 0 free', '0.05, 60 free, a 60 left 30']);
  });

  it('are counted where a credit is asked about, and a call has its own instead', async () => {
    const [asked, refused, own] = await calls([of({ covers: 'all' })], [{ credit: '0' }, { credit: '0.3' }, { allowanceSec: 10 }]);
    expect(asked).toMatchObject({ maxDurationSec: 90, durationSec: 90, amount: '0.00', allowances: [{ sec: 90, leftSec: 0 }] });
    expect(refused && told(refused)).toBe('insufficient_credit');
    expect(own && told(own)).toBe('0.55, 10 free');
    const [both] = await calls([of({})], [{ credit: '0.35' }]);
    // 0.05 to connect, 90 s free, and 30 s at 0.01 a second.
    expect(both).toMatchObject({ maxDurationSec: 120, amount: '0.35', freeSec: 90 });
  });

  it('leave the parts of a call in sum what the whole is', async () => {
    const [priced] = await calls([of({ covers: 'connect' })], [{ durationSec: 120, interim: [30, 90, 96] }]);
    expect(priced?.interim?.map(({ amount }) => short(amount))).toEqual(['0', '0', '0.11', '0.24']);
    expect(short(priced?.amount)).toBe('0.35');
  });

  it.each<[Written, string]>([
    [{ account: undefined }, ''], [{ plan: 'plan' }, ''], [{ account: 'X' }, '.account'], [{ account: undefined, card: 'X' }, '.card'], [{ account: undefined, plan: 'X' }, '.plan'],
    [{ sec: 0 }, '.sec'], [{ period: 'year' }, '.period'], [{ timeZone: 'Mars' }, '.timeZone'], [{ prefixes: ['0'] }, '.prefixes[0]'], [{ covers: 'most' }, '.covers'],
    [{ anchorDay: '2024-02-30' }, '.anchorDay'], [{ validFrom: '2024-02-01', validUntil: '2024-02-01' }, '.validUntil'],
  ])('are refused with %j', async (more, field) => {
    const faults = await faultsIn({ plans: [plan], accounts, allowances: [of(more)], calls: [] });
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([`$.allowances[0]${field}`]);
  });
});
