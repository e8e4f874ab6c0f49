import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { answersOf, oneCall, planOf, short, told, type Written } from './document.fixture.ts';

const rate = (prefix: string, perMin: string, more: Written = {}): Written => ({ prefix, rate: perMin, ...more });
const plans: Readonly<Record<string, Written>> = {
  'digits': { rates: [rate('1', '0.60'), rate('12345678901234', '0.12'), rate('123456789012345', '0.06')] },
  'expired': { rates: [rate('34', '0.60'), rate('346', '0.06', { validUntil: '2024-06-01' })] },
  'blocked': { rates: [rate('34', '0.60'), { prefix: '348', blocked: true }, rate('3481', '0.06')] },
  'blocked wide': { rates: [{ prefix: '3', blocked: true }, rate('34', '0.60')] },
  'later begun': { rates: [rate('34', '0.60'), rate('34', '0.06', { validFrom: '2024-06-01' })] },
  'the first of two': { rates: [rate('34', '0.06'), rate('34', '0.60')] },
  'several': { rates: [{ prefix: ['34', '351', '39'], rate: '0.06' }] },
};

describe('the rate of a call', () => {
  it.each(table(`
    plan              number             start                | prefix           answer
    digits            +123456789012345   2024-06-01T00:00:00  | 123456789012345  60 s 0.06
    digits            +123456789012344   2024-06-01T00:00:00  | 12345678901234   60 s 0.12
    digits            +12345678901234    2024-06-01T00:00:00  | 12345678901234   60 s 0.12
    digits            +1234567890123     2024-06-01T00:00:00  | 1                60 s 0.6
    digits            +1234567890123456  2024-06-01T00:00:00  | -                number_malformed
    expired           +34600000000       2024-05-31T23:59:59  | 346              60 s 0.06
    expired           +34600000000       2024-06-01T00:00:00  | 34               60 s 0.6
    blocked           +34800000000       2024-06-01T00:00:00  | -                destination_blocked
    blocked           +34810000000       2024-06-01T00:00:00  | 3481             60 s 0.06
    blocked           +34900000000       2024-06-01T00:00:00  | 34               60 s 0.6
    blocked wide      +34900000000       2024-06-01T00:00:00  | 34               60 s 0.6
    blocked wide      +33900000000       2024-06-01T00:00:00  | -                destination_blocked
    later begun       +34900000000       2024-05-31T23:59:59  | 34               60 s 0.6
    later begun       +34900000000       2024-06-01T00:00:00  | 34               60 s 0.06
    the first of two  +34900000000       2024-06-01T00:00:00  | 34               60 s 0.06
    several           00351 21 1234567   2024-06-01T00:00:00  | 351              60 s 0.06
    several           +4930123456        2024-06-01T00:00:00  | -                no_sell_rate
    several           0911234567         2024-06-01T00:00:00  | -                number_not_international
  `))('$plan: $number at $start', async ({ plan = '', number, start, prefix, answer }) => {
    const priced = await oneCall(plans[plan] ?? {}, { number, start, durationSec: 60 });
    expect([priced.prefix ?? '', told(priced)]).toEqual([prefix, answer]);
  });

  it.each(table(`
    zone             start                        | cost
    UTC              2024-06-01T00:00:00.000000   | 0.6
    UTC              2024-06-01T00:00:00.000001   | 0.06
    UTC              2024-06-01T02:00:00.000001+02:00  | 0.06
    Europe/Madrid    2024-05-31T22:00:00.000000Z  | 0.6
    Europe/Madrid    2024-05-31T22:00:00.000001Z  | 0.06
    Europe/Madrid    2024-06-01T00:00:00.000001   | 0.06
    America/Caracas  2024-06-01T00:00:00          | 0.6
  `))('changes at a microsecond by the clocks of $zone: $start', async ({ zone, start, cost }) => {
    const bound = '2024-06-01T00:00:00.000001';
    const plan = { timeZone: zone, rates: [rate('34', '0.60', { validUntil: bound }), rate('34', '0.06', { validFrom: bound })] };
    expect(short((await oneCall(plan, { start, durationSec: 60 })).amount)).toBe(cost);
  });

  it('is picked by the answer, not by the set-up, and kept over a bound', async () => {
    const plan = { rates: [rate('34', '0.60', { validUntil: '2024-06-01' }), rate('34', '0.06', { validFrom: '2024-06-01' })] };
    expect(told(await oneCall(plan, { start: '2024-05-31T23:59:50', answer: '2024-06-01T00:00:00', durationSec: 60 }))).toBe('60 s 0.06');
    expect(told(await oneCall(plan, { start: '2024-05-31T23:59:50', answer: '2024-05-31T23:59:59', end: '2024-06-01T00:00:59' }))).toBe('60 s 0.6');
  });

  it('is the one that stood, or was known, at another instant', async () => {
    const plan = { rates: [rate('34', '0.60', { validUntil: '2024-06-01' }), rate('34', '0.06', { validFrom: '2024-06-01', knownFrom: '2024-05-20' })] };
    const answer = async (call: Written) => told(await oneCall(plan, { start: '2024-07-01', durationSec: 60, ...call }));
    expect(await Promise.all([answer({}), answer({ asOf: '2024-05-31' }), answer({ knownAt: '2024-05-20' }), answer({ knownAt: '2024-05-19' })]))
      .toEqual(['60 s 0.06', '60 s 0.6', '60 s 0.06', 'no_sell_rate']);
  });

  it('is the one that stands at an instant also for a call from before it', async () => {
    const plan = { rates: [rate('34', '0.60', { validUntil: '2024-06-01' }), rate('34', '0.06', { validFrom: '2024-06-01' }), rate('3', '1.20')] };
    const answer = async (call: Written) => told(await oneCall(plan, { start: '2024-03-01', durationSec: 60, ...call }));
    expect(await Promise.all([answer({}), answer({ asOf: '2024-06-01' })])).toEqual(['60 s 0.6', '60 s 0.06']);
    const lasting = { rates: [rate('34', '0.60', { validFrom: '2024-01-01' }), rate('34', '0.30', { validFrom: '2024-05-01' }), rate('34', '0.90')] };
    expect(told(await oneCall(lasting, { start: '2023-03-01', durationSec: 60, asOf: '2024-06-01' }))).toBe('60 s 0.3');
  });
});

describe('the plan of an account', () => {
  const document = (retailPlans: Written[], calls: Written[], own: Written[] = []): Written => ({
    plans: [planOf({ name: 'voip', retailPlans, rates: own }), planOf({ name: 'card tariff', rates: [rate('34', '0.36')] })],
    retailPlans: [
      { name: 'world', currency: 'EUR', rates: [rate('34', '0.60'), rate('49', '0.60')] },
      { name: 'mobile', currency: 'EUR', connectFee: '0.05', rates: [rate('346', '0.30'), rate('49', '0.12')] },
      { name: 'dollars', currency: 'USD', rates: [rate('1', '0.60')] },
    ],
    accounts: [{ account: 'ACME', plan: 'voip' }],
    calls: calls.map((call, at) => ({ id: String(at), account: 'ACME', start: '2024-01-15T12:00:00Z', durationSec: 60, ...call })),
  });
  const to = (...numbers: string[]) => numbers.map((number) => ({ number }));

  it('sells by the longest prefix over its retail plans, then by metric, then by order', async () => {
    const numbers = to('+34600000000', '+34900000000', '+49301234567');
    const told3 = async (links: Written[]) => (await answersOf(document(links, numbers))).map(told);
    expect(await told3([{ plan: 'world' }, { plan: 'mobile' }])).toEqual(['60 s 0.35', '60 s 0.6', '60 s 0.6']);
    expect(await told3([{ plan: 'mobile' }, { plan: 'world' }])).toEqual(['60 s 0.35', '60 s 0.6', '60 s 0.17']);
    expect(await told3([{ plan: 'world', metric: 2 }, { plan: 'mobile', metric: 1 }])).toEqual(['60 s 0.35', '60 s 0.6', '60 s 0.17']);
    expect(await told3([{ plan: 'mobile', metric: 2 }, { plan: 'world', metric: 1 }])).toEqual(['60 s 0.35', '60 s 0.6', '60 s 0.6']);
  });

  it.each(table(`
    start                 | answer
    2024-01-14T23:59:59Z  | 60 s 0.6
    2024-01-15T00:00:00Z  | 60 s 0.17
    2024-01-15T12:00:00Z  | 60 s 0.6
  `))('sells by a retail plan while it is linked: $start', async ({ start, answer }) => {
    const links = [{ plan: 'mobile', validFrom: '2024-01-15', validUntil: '2024-01-15T12:00:00' }, { plan: 'world' }];
    const [priced] = await answersOf(document(links, [{ number: '+49301234567', start }]));
    expect(priced && told(priced)).toBe(answer);
    expect(priced?.ratePlan).toBe(answer === '60 s 0.17' ? 'mobile' : 'world');
  });

  it('sells by the carrier where links name some, and asks by the dearest as long as nobody knows it', async () => {
    const carriers = ['NORTH', 'SOUTH', 'WEST'].map((code) => ({ code, currency: 'EUR', rates: [] }));
    const number = '+49301234567';
    const calls = [...['NORTH', 'SOUTH', 'WEST'].map((carrier) => ({ number, carrier })), { number }, { number, durationSec: undefined, credit: '0.60' }];
    const links = [{ plan: 'world' }, { plan: 'mobile', carriers: ['NORTH'] }, { plan: 'dear', carriers: ['SOUTH'] }];
    const { retailPlans, ...written } = document(links, calls);
    const dear = { name: 'dear', currency: 'EUR', rates: [rate('49', '1.20')] };
    const priced = await answersOf({ ...written, retailPlans: [...(retailPlans as Written[]), dear], carriers });
    expect(priced.map(told)).toEqual(['60 s 0.17', '60 s 1.2', '60 s 0.6', '60 s 0.6', '30 s 0.3']);
    expect(priced.map(({ ratePlan }) => ratePlan)).toEqual(['mobile', 'dear', 'world', 'world', 'world']);
  });

  it('has its own rates before those of equal length', async () => {
    const [own] = await answersOf(document([{ plan: 'mobile' }], to('+49301234567'), [rate('49', '0.06')]));
    expect(own && told(own)).toBe('60 s 0.06');
    expect(own?.ratePlan).toBe('voip');
  });

  it('refuses a rate in another currency, and whom it does not know', async () => {
    const number = '+34900000000';
    const calls = [...to('+12125550123'), { number, account: 'NOBODY' }, { number, account: undefined, card: '1' }, { number, account: undefined, plan: 'none' }];
    expect((await answersOf(document([{ plan: 'dollars' }], calls))).map(({ refusal }) => [refusal?.code, refusal?.field])).toEqual([
      ['no_exchange_rate', '$.calls[0].plan'], ['unknown_account', '$.calls[1].account'], ['unknown_card', '$.calls[2].card'], ['unknown_plan', '$.calls[3].plan'],
    ]);
  });
});
