import { describe, expect, it } from '@jest/globals';
import { faultsIn, oneCall, planOf, short, type Written } from './document.fixture.ts';
import type { PricedConversion } from './priced-call.ts';

const plan = { rates: [{ prefix: '34', rate: '0.60' }], taxPercent: '20' };
const carriers = [
  { code: 'north', currency: 'EUR', attemptFee: '0.001', rates: [{ prefix: '34', rate: '0.30', increments: '60/60' }, { prefix: '346', blocked: true }] },
  { code: 'south', currency: 'EUR', attemptFee: '0.02', taxPercent: '50', rates: [{ prefix: '349', rate: '0.12', connectFee: '0.01', attemptFee: '0.03' }] },
  { code: 'west', currency: 'USD', attemptFee: '0.06', rates: [{ prefix: '34', rate: '0.12' }] },
];
const convertedText = ({ amount, currency, exchange }: PricedConversion) =>
  `${short(amount)} ${currency} by ${exchange.map(({ base, quote, rate }) => `${base}/${quote} ${rate}`).join()}`;
const buys = async (call: Written, by: Written = plan, more: Written = {}) => {
  const { buy, margin, marginRefusal, amount, net } = await oneCall(by, call, { carriers, ...more });
  return {
    converted: buy?.converted === undefined ? undefined : convertedText(buy.converted),
    marginRefusal, fees: buy?.attempts.map((each) => (each.converted === undefined ? '' : `${short(each.converted.amount)} ${each.converted.currency}`)),
    price: short(buy?.price?.amount), refusal: buy?.refusal, attempts: buy?.attempts.map((each) => each.refusal ?? short(each.amount)),
    total: short(buy?.total?.amount), margin: margin === undefined ? undefined : short(margin), amount: short(amount), net: short(net),
  };
};

describe('the buy side of a call', () => {
  it('is the price of the carrier that connected it, and margin is before tax', async () => {
    expect(await buys({ durationSec: 61, carrier: 'north' })).toMatchObject({ price: '0.6', total: '0.6', amount: '0.732', net: '0.61', margin: '0.01' });
  });

  it('has the fee of each attempt that failed, by the rate of its carrier', async () => {
    const attempts = [{ carrier: 'south' }, { carrier: 'north' }, { carrier: 'south' }, { carrier: 'north', answered: true }];
    expect(await buys({ durationSec: 60, carrier: 'north', attempts })).toMatchObject({ price: '0.3', attempts: ['0.045', '0.001', '0.045'], total: '0.391', margin: '0.209' });
  });

  it('is that of the attempt that was answered, where no carrier is stated', async () => {
    const attempts = [{ carrier: 'south' }, { carrier: 'north', answered: true }];
    expect(await buys({ durationSec: 60, attempts })).toMatchObject({ price: '0.3', attempts: ['0.045'], total: '0.345', margin: '0.255' });
  });

  it.each([
    [{ durationSec: 60, attempts: [{ carrier: 'north', answered: true }, { carrier: 'south', answered: true }] }],
    [{ durationSec: 60, carrier: 'south', attempts: [{ carrier: 'north', answered: true }] }],
    [{ answered: false, attempts: [{ carrier: 'north', answered: true }] }],
  ])('is refused where attempts contradict the call: %j', async (call) => {
    const document = { plans: [planOf(plan)], carriers, calls: [{ id: '1', plan: 'plan', number: '+34911234567', start: '2024-01-15T12:00:00Z', ...call }] };
    expect(await faultsIn(document)).toEqual([expect.stringMatching(/^\$\.calls\[0\]\.attempts /)]);
  });

  it('says why a price is missing, and then has no total and no margin', async () => {
    expect(await buys({ durationSec: 60, carrier: 'east' })).toMatchObject({ refusal: 'unknown_carrier', total: '', margin: undefined, amount: '0.72' });
    expect(await buys({ durationSec: 60, carrier: 'north', number: '+34600000000' })).toMatchObject({ refusal: 'destination_blocked' });
    expect(await buys({ durationSec: 60, carrier: 'south', number: '+34800000000' })).toMatchObject({ refusal: 'no_buy_rate' });
    expect(await buys({ durationSec: 60, carrier: 'north', attempts: [{ carrier: 'east' }] })).toMatchObject({ price: '0.3', attempts: ['unknown_carrier'], total: '' });
  });

  it('has no margin in another currency that nothing converts', async () => {
    const none = { margin: undefined, marginRefusal: 'no_exchange_rate' };
    expect(await buys({ durationSec: 60, carrier: 'west' })).toMatchObject({ price: '0.12', total: '0.12', ...none });
    expect(await buys({ durationSec: 60, carrier: 'north', attempts: [{ carrier: 'west' }] })).toMatchObject({ total: '', ...none });
    expect(await buys({ durationSec: 60, carrier: 'east' })).toMatchObject({ refusal: 'unknown_carrier', marginRefusal: undefined });
  });

  it('is converted by the exchange rate of the start of the call', async () => {
    const exchangeRates = [
      { base: 'EUR', quote: 'USD', rate: '1.20', source: 'ECB' }, { base: 'EUR', quote: 'USD', rate: '1.50', from: '2024-01-15T12:00:30', source: 'ECB' },
    ];
    const of = (call: Written) => buys({ durationSec: 60, ...call }, plan, { exchangeRates });
    expect(await of({ carrier: 'west' })).toMatchObject({ total: '0.12', converted: '0.1 EUR by EUR/USD 1.2', margin: '0.5', marginRefusal: undefined });
    expect(await of({ carrier: 'west', start: '2024-01-15T12:00:30Z' })).toMatchObject({ total: '0.12', converted: '0.08 EUR by EUR/USD 1.5', margin: '0.52' });
    expect(await of({ carrier: 'north', attempts: [{ carrier: 'west' }] })).toMatchObject({ attempts: ['0.06'], fees: ['0.05 EUR'], total: '0.35', converted: undefined, margin: '0.25' });
    expect(await of({ carrier: 'west', attempts: [{ carrier: 'north' }] })).toMatchObject({ fees: ['0.0012 USD'], total: '0.1212', converted: '0.101 EUR by EUR/USD 1.2', margin: '0.499' });
  });

  it('is bought from the carriers of the plan only, where it names them', async () => {
    expect(await buys({ durationSec: 60, carrier: 'north' }, { ...plan, carriers: ['south'] })).toMatchObject({ refusal: 'no_buy_rate' });
    expect(await buys({ durationSec: 60, carrier: 'south' }, { ...plan, carriers: ['south'] })).toMatchObject({ price: '0.195', margin: '0.405' });
  });

  it('costs nothing but attempts where nobody answered', async () => {
    expect(await buys({ answered: false, attempts: [{ carrier: 'north' }] })).toMatchObject({ price: '', total: '0.001', amount: '0', margin: '-0.001' });
  });
});
