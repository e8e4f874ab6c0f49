import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { carrierOf, oneRoute, ratesOf, routesIn, told, type Written } from './document.fixture.ts';

/** The reference cases of routing, each as a row that goes through a document and the router. */
const routing = (policy: Written = {}): Written => ({ routing: policy });
const three = [carrierOf('A', '34 0.020'), carrierOf('B', '34650 0.150'), carrierOf('C', '34650 0.140')];
const sold = { rates: ratesOf('34 0.035, 34650 0.18') };

interface Case {
  readonly plan?: Written;
  readonly carriers?: readonly Written[];
  readonly call?: Written;
  readonly more?: Written;
}

const cases: Readonly<Record<string, Case>> = {
  'LCR-01': { plan: { ...sold, ...routing({ prefixMode: 'longest_overall' }) }, carriers: three },
  'LCR-02': { plan: { ...sold, ...routing({ prefixMode: 'longest_per_carrier' }) }, carriers: three },
  'LCR-04 LCR': { plan: { retailPlans: [{ plan: 'dear' }] }, ...twoSellPrices() },
  'LCR-04 LCD': { plan: { retailPlans: [{ plan: 'dear' }], ...routing({ order: 'sell_price' }) }, ...twoSellPrices() },
  'LCR-05': { carriers: [
    { ...carrierOf('A', ''), rates: [{ prefix: '34', rate: '0.01', validFrom: '2030-01-01' }] }, { ...carrierOf('B', ''), rates: [{ prefix: '34', rate: '0.02', validUntil: '2020-01-01' }] },
    carrierOf('C', '34 0.05'),
  ] },
  'LCR-06': { carriers: [carrierOf('A', '1 0.01')], call: { number: '12125550100' } },
  'LCR-08': { carriers: [carrierOf('A', '91 0.02')], call: { number: '0912345678' } },
  'LCR-10': { call: { number: '999123456' } },
  'LCR-11': { plan: { rates: [] }, carriers: three },
  'LCR-12': { plan: { rates: ratesOf('34 0.03, 34803 blocked') }, carriers: [carrierOf('A', '34 0.02')], call: { number: '34803123456' } },
  'LCR-13': { plan: { rates: ratesOf('34 0.10') }, carriers: [carrierOf('A', '34 0.11'), carrierOf('B', '34 0.10'), carrierOf('C', '34 0.08')] },
  'LCR-16': { carriers: [carrierOf('A', '34 0.02', { quality: { asr: 0.3, asrMin: 0.4 } }), carrierOf('B', '34 0.03')] },
  'LCR-20': { carriers: [carrierOf('A', '34 0.01', { concurrentCalls: { inUse: 10, max: 10 } }), carrierOf('B', '34 0.02')] },
  'LCR-21': { carriers: [carrierOf('A', '34 0.01', { balance: '0' }), carrierOf('B', '34 0.02')] },
  'LCR-24': { plan: { rates: ratesOf('34 0.11'), ...routing({ sellRateMax: '0.10' }) }, carriers: [carrierOf('A', '34 0.01')] },
  'BAN-01': { plan: { rates: ratesOf('34 0.03'), ...routing({ ban: ['3480'] }) }, carriers: [carrierOf('A', '34 0.02')], call: { number: '34803123456' } },
  'BAN-02 00': banned('0034803123456'),
  'BAN-02 +': banned('+34803123456'),
  'BAN-02 011': banned('01134803123456'),
  'BW-01': { plan: routing({ whitelist: ['346'], blacklist: ['34'] }), carriers: three },
  'BW-01, not on the whitelist': { plan: routing({ whitelist: ['347'], blacklist: ['ES'] }), carriers: three, more: { countries: [{ country: 'ES', prefixes: ['34'] }] } },
};

function twoSellPrices(): Case {
  const retail = (name: string, rate: string) => ({ name, currency: 'EUR', rates: ratesOf(`34 ${rate}`) });
  return { carriers: [carrierOf('A', '34 0.10', { sellBy: 'dear' }), carrierOf('B', '34 0.12', { sellBy: 'cheap' })], more: { retailPlans: [retail('dear', '0.30'), retail('cheap', '0.20')] } };
}

function banned(number: string): Case {
  return { plan: routing({ ban: ['3480'] }), carriers: [carrierOf('A', '34 0.02')], call: { number } };
}

describe('the reference cases of a route', () => {
  it.each(table<'id' | 'answer'>(`
    id                           | answer
    LCR-01                       | C B, not A:shorter_prefix
    LCR-02                       | A C B
    LCR-04 LCR                   | A B
    LCR-04 LCD                   | B A
    LCR-05                       | C, not A:no_rate B:no_rate
    LCR-06                       | A
    LCR-08                       | number_not_international
    LCR-10                       | no_route 113
    LCR-11                       | no_sell_rate 111
    LCR-12                       | destination_blocked 112
    LCR-13                       | C B, not A:loss
    LCR-16                       | B, not A:quality_locked
    LCR-20                       | B, not A:at_capacity
    LCR-21                       | B, not A:balance_used_up
    LCR-24                       | sell_rate_above_limit 8006
    BAN-01                       | destination_banned
    BAN-02 00                    | destination_banned
    BAN-02 +                     | destination_banned
    BAN-02 011                   | destination_banned
    BW-01                        | A C B
    BW-01, not on the whitelist  | number_blacklisted
  `))('$id: $answer', async ({ id, answer }) => {
    const { plan = {}, carriers = [], call = {}, more = {} } = cases[id] ?? {};
    expect(told(await oneRoute(plan, carriers, call, more))).toBe(answer);
  });

  it('LCR-01, LCR-02: what is bought and sold is told', async () => {
    const routed = await oneRoute({ ...sold, ...routing({ prefixMode: 'longest_per_carrier' }) }, three);
    expect([routed.sell?.ratePerMin, routed.carriers.map(({ ratePerMin }) => ratePerMin)]).toEqual(['0.18', ['0.02', '0.14', '0.15']]);
    expect(routed.carriers.map(({ why }) => why)).toEqual(['cheapest', 'dearer', 'dearer']);
  });

  it('LCR-09: every way to dial is the same number', async () => {
    const switches = [{ name: 'us', country: { callingCode: '1', trunkPrefix: '1', nationalLengths: [10] } }];
    const numbers = ['+34650123456', '0034650123456', '01134650123456'].map((number) => oneRoute({}, three, { number, switch: 'us' }, { switches }));
    expect((await Promise.all(numbers)).map(({ e164 }) => e164)).toEqual(['34650123456', '34650123456', '34650123456']);
  });

  it.each(table(`
    first       | second
    CONGESTION  | B
    CHANUNAVAIL | B
    BUSY        | none
    NOANSWER    | none
  `))('LCR-18: after $first comes $second', async ({ first, second }) => {
    const routed = await oneRoute({}, [carrierOf('A', '34 0.01'), carrierOf('B', '34 0.02')], { attempts: [{ carrier: 'A', disposition: first }] });
    expect(routed.next ?? 'none').toBe(second);
  });

  it('LCR-26: shares by weight, reproducible', async () => {
    const calls = Array.from({ length: 1000 }, (_, at) => ({ id: `${at}`, plan: 'plan', number: '34650123456', start: '2024-06-01T12:00:00Z' }));
    const document = {
      plans: [{ name: 'plan', currency: 'EUR', ...routing({ order: 'weights', seed: 1 }) }],
      carriers: [carrierOf('A', '34 0.02', { weight: 3 }), carrierOf('B', '34 0.02', { weight: 1 })], calls,
    };
    const firsts = async () => (await routesIn(document)).map(({ carriers }) => carriers[0]?.carrier);
    const drawn = await firsts();
    expect(Math.abs(drawn.filter((first) => first === 'A').length / 1000 - 0.75)).toBeLessThan(0.05);
    expect(await firsts()).toEqual(drawn);
  });

  it('LCR-27: the ported number finds the carrier, the called one is sent', async () => {
    const carriers = [carrierOf('A', '1212 0.01'), carrierOf('B', '1646 0.02')];
    const routed = await oneRoute({}, carriers, { number: '12125550100', routingNumber: '16465550000' });
    expect([routed.routedBy, told(routed), routed.carriers[0]?.number]).toEqual(['16465550000', 'B, not A:no_rate', '12125550100']);
  });

  it('BAN-01, BW-01: the prefix that decided is told', async () => {
    const ban = await oneRoute({ rates: ratesOf('34 0.03'), ...routing({ ban: ['3480'] }) }, [], { number: '34803123456' });
    expect([ban.refusal?.facts, ban.excluded]).toEqual([{ prefix: '3480' }, []]);
    expect((await oneRoute(routing({ whitelist: ['346'], blacklist: ['34'] }), three)).notice).toEqual({ list: 'whitelist', prefix: '346' });
    expect((await oneRoute(routing({ blacklist: ['34'], blacklisted: 'mark' }), three)).notice).toEqual({ list: 'blacklist', prefix: '34' });
  });
});
