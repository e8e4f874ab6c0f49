import fc from 'fast-check';
import type { Written } from './document.fixture.ts';

const codes = ['A', 'B', 'C', 'D', 'E'];
const prefixes = ['4', '43', '431', '4366', '43664', '44', '3'];
const groups = ['gold', 'silver'];

const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const cents = (max: number) => fc.integer({ min: 1, max }).map((amount) => (amount / 100).toFixed(2));

const rates = fc.uniqueArray(
  fc.oneof(
    { arbitrary: fc.record({ prefix: fc.constantFrom(...prefixes), rate: cents(9), connectFee: some(cents(3)), increments: some(fc.constantFrom('30/6', '60/60')) }), weight: 6 },
    { arbitrary: fc.record({ prefix: fc.constantFrom(...prefixes), rate: cents(9), validFrom: fc.constant('2026-06-03'), validUntil: some(fc.constant('2026-06-04')) }), weight: 1 },
    { arbitrary: fc.record({ prefix: fc.constantFrom(...prefixes), blocked: fc.constant(true) }), weight: 1 },
  ),
  { selector: ({ prefix }) => prefix, minLength: 1, maxLength: 5 },
);

const gateway = fc.record({
  address: fc.constantFrom('a.example', 'b.example'), stripDigits: fc.constantFrom(0, 2), addPrefix: fc.constantFrom('', '00'), timeoutSec: fc.constantFrom(10, 30),
  portability: some(fc.constantFrom('rn', 'prefix')),
  callerId: some(fc.constantFrom<Written>({ rule: 'withhold' }, { rule: 'replace', number: '4317000' }, { rule: 'digits', stripDigits: 2, addPrefix: '0' })),
});
const gateways = fc.uniqueArray(
  fc.tuple(gateway, fc.record({ name: fc.constantFrom('vienna', 'graz', 'linz'), groups: fc.subarray(groups), priority: fc.nat(1), weight: fc.nat(2), active: fc.boolean() }))
    .map(([where, named]) => ({ ...where, ...named })),
  { selector: ({ name }) => name, minLength: 1, maxLength: 3 },
);

/** What is agreed with a carrier and known of it, as far as an operator can say it: nothing that is measured. */
const carrier = fc.record({
  rates, currency: fc.constantFrom('EUR', 'EUR', 'USD', 'CHF'), priority: fc.nat(2), weight: fc.nat(3), active: fc.constantFrom(true, true, true, false), gateway, gateways: some(gateways),
  hours: some(fc.constant([{ from: '08:00', until: '20:00' }])), accountsOnly: some(fc.constant(['ACME'])), accountsNot: some(fc.constant(['ACME'])),
  codecs: some(fc.constantFrom(['PCMA'], ['opus', 'PCMU'])), attestationMin: some(fc.constantFrom('A', 'B')), balance: some(fc.constantFrom('0', '5')),
});

const amount = some(cents(3));
const routing = fc.record({
  order: fc.constantFrom('least_cost', 'priority', 'sell_price', 'weights'), prefixMode: fc.constantFrom('longest_per_carrier', 'longest_overall', 'tiered'), delta: amount,
  seed: fc.nat(9), expectedSec: fc.constantFrom(1, 45, 60, 300), lossAllowed: fc.boolean(), marginMin: amount, marginPercentMin: some(fc.constantFrom('5', '20.5')),
  metrics: fc.dictionary(fc.constantFrom(...codes.slice(0, 3)), fc.nat(2)), sellRateMax: some(fc.constantFrom('0.04', '0.06')),
  staticRoutes: fc.constantFrom<Written[]>([], [], [{ prefix: '43', carriers: ['C', 'A'] }], [{ prefix: '4366', carriers: ['B'], exclusive: true }]),
  ban: fc.subarray(['4312', '447']), whitelist: fc.subarray(['43664', 'AT']), blacklist: fc.subarray(['4366', '44', 'AT']), blacklisted: fc.constantFrom('stop', 'mark'),
}).map(({ delta, metrics, seed, ...policy }) => ({
  ...policy, ...(policy.order === 'least_cost' ? { delta } : {}), ...(policy.order === 'priority' ? { metrics } : {}), ...(policy.order === 'weights' ? { seed } : {}),
}));

const calls = fc.array(
  fc.record({
    number: fc.constantFrom('+4312345678', '+436641234567', '+43316123456', '+442079460000', '+447700900123', '+3912345678', '+18005550100'),
    account: fc.constantFrom('ACME', 'GOLD', 'ANY'), start: fc.constantFrom('2026-06-03T07:59:59.999Z', '2026-06-03T08:00:00Z', '2026-06-03T19:59:59Z', '2026-06-04T00:00:00Z'),
    routingNumber: some(fc.constantFrom('+4366099', '+436641234567')), codecs: some(fc.constantFrom(['pcma'], ['G722', 'OPUS'])), attestation: some(fc.constantFrom('A', 'B', 'C')),
    caller: some(fc.constantFrom('+43660123456', '', 'anonymous')),
  }),
  { minLength: 12, maxLength: 12 },
);

/** What live calls are asked about with, too: 0.05 a minute wherever they go. */
const sold = ['1', '3', '4'].map((prefix) => ({ prefix, rate: '0.05' }));

/** Any document of one plan whose carriers, policy and calls an operator could tell the live service as well. */
export const someDocument: fc.Arbitrary<Written> = fc
  .record({ carriers: fc.array(carrier, { minLength: 3, maxLength: 5 }), routing, calls, left: fc.nat(4), exchange: fc.boolean() })
  .map(({ carriers: stated, routing: policy, calls: asked, left, exchange }) => {
    const named = stated.map((each, at) => ({ code: codes[at] ?? '', ...each }));
    const own = named.map(({ code }) => code);
    const staticRoutes = policy.staticRoutes.map((route) => ({ ...route, carriers: [route['carriers']].flat().filter((code) => own.some((each) => each === code)) }));
    return {
      plans: [{ name: 'plan', currency: 'EUR', rates: sold, routing: { ...policy, staticRoutes }, carriers: own.filter((_, at) => at !== left) }],
      carriers: named, countries: [{ country: 'AT', prefixes: ['43'] }], exchangeRates: exchange ? [{ base: 'EUR', quote: 'USD', rate: '1.1' }] : [],
      accounts: [{ account: 'ACME', plan: 'plan' }, { account: 'GOLD', plan: 'plan', gatewayGroups: ['gold'] }, { account: 'ANY', plan: 'plan' }],
      calls: asked.map((call, at) => ({ id: `sw/${at}/1`, ...call })),
    };
  });
