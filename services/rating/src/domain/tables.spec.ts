import { create } from '@bufbuild/protobuf';
import { DeckKind, SellTermsSetSchema, VoipPlanComposedSchema } from '@tollwire/contracts';
import { instantUs, present } from '@tollwire/core';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ExchangeRates, normalizeE164 } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { deckOf, instant, plainChunk, specDeck, stateOf, termsOf as terms } from '../spec/decks.ts';
import { compile } from '../spread/compile.ts';
import { buyRateOf, type FoundRate, noTables, type PlanRef, type RatingTables, sellRateOf, termsOf } from './tables.ts';

const tariff: PlanRef = { kind: 'tariff', id: 1 };
const voip: PlanRef = { kind: 'voip_plan', id: 7 };
const firstHalf = deckOf({ kind: DeckKind.TARIFF, ownerId: 1 }, `
  prefix           rate     from                 until
  1                0        0                    0
  34               0.10     0                    2026-03-01T00:00:00
  34               0.11     2026-03-01T00:00:00  0
  346              0.50     2026-03-01T00:00:00  2026-04-01T00:00:00
  34650            blocked  0                    0
  346501234567890  0.99     0                    0
`);
const secondHalf = deckOf({ kind: DeckKind.TARIFF, ownerId: 1, version: 2 }, `
  prefix  rate
  34      0.20
`);
const retail = deckOf({ kind: DeckKind.RETAIL, ownerId: 5 }, `
  prefix  rate
  49      0.04
  491     0.05
`);
const dearer = deckOf({ kind: DeckKind.RETAIL, ownerId: 6 }, `
  prefix  rate
  49      0.99
  491     0.01
  4917    0.18
`);
const inDollars = deckOf({ kind: DeckKind.RETAIL, ownerId: 9, currency: 'USD' }, `
  prefix  rate
  7       0.01
`);
const carrier = (ownerId: number, text: string) => deckOf({ kind: DeckKind.CARRIER, ownerId, carrierCode: 'alpha' }, text);
const alpha = carrier(8, `
  prefix  rate
  34      0.03
  39      blocked
`);
const alphaToo = carrier(9, `
  prefix  rate
  34      0.02
  346     0.90
  39      0.07
`);

let tables: RatingTables;

beforeAll(async () => {
  const decks = [
    { deck: firstHalf, until: '2026-07-01T00:00:00' }, { deck: secondHalf, from: '2026-07-01T00:00:00' },
    ...[retail, dearer, inDollars, alpha, alphaToo].map((deck) => ({ deck })),
  ];
  const voipPlans = [
    create(VoipPlanComposedSchema, { voipPlanId: 7, retailPlanIds: [5, 6, 9], carrierPlanIds: [8] }),
    create(VoipPlanComposedSchema, { voipPlanId: 8, retailPlanIds: [], carrierPlanIds: [] }),
  ];
  tables = await compile(stateOf(decks, { sellTerms: [terms({ tariffId: 1 }), terms({ voipPlanId: 7 }), terms({ voipPlanId: 8 })], voipPlans }), noTables, (error) => { throw error; });
});

const e164 = (digits: string) => {
  const number = normalizeE164(digits);
  if (!number.ok) throw new Error(number.refusal.code);
  return number.value;
};
const told = ({ deck, row }: FoundRate) => `${deck.kind} ${deck.ownerId} v${deck.version} ${deck.rates.prefixAt(row)} ${deck.rates.ratePerMinAt(row) / 1e9}`;
const at = (iso: string) => instantUs(Number(instant(iso)));
const sell = (plan: PlanRef, digits: string, when = at('2026-06-01T00:00:00')) => {
  const charging = termsOf(tables, plan, when);
  if (!charging.ok) return charging.refusal.code;
  const found = sellRateOf(tables, plan, charging.value, e164(digits), when);
  return found.ok ? told(found.value) : found.refusal.code;
};
const buy = (plan: PlanRef | undefined, digits: string, code = 'alpha') => {
  const found = buyRateOf(tables, plan, code, e164(digits), at('2026-06-01T00:00:00'));
  return typeof found === 'string' ? found : told(found);
};

describe('sellRateOf', () => {
  it('takes the version, and in it the rate, that is in force at the very microsecond', () => {
    const rows = table<'at' | 'found'>(`
      at                          | found
      2026-02-28T23:59:59.999     | tariff 1 v1 34 0.1
      2026-03-01T00:00:00         | tariff 1 v1 346 0.5
      2026-03-31T23:59:59.999     | tariff 1 v1 346 0.5
      2026-04-01T00:00:00         | tariff 1 v1 34 0.11
      2026-06-30T23:59:59.999     | tariff 1 v1 34 0.11
      2026-07-01T00:00:00         | tariff 1 v2 34 0.2
    `);
    for (const { at: when, found } of rows) expect({ when, found: sell(tariff, '34611111111', at(when)) }).toEqual({ when, found });
    expect(sell(tariff, '34611111111', instantUs(at('2026-03-01T00:00:00') - 1))).toBe('tariff 1 v1 34 0.1');
  });

  it('takes the longest prefix, up to all 15 digits of a number, and no longer one', () => {
    const rows = table<'number' | 'found'>(`
      number          | found
      346501234567890 | tariff 1 v1 346501234567890 0.99
      346501234567891 | destination_blocked
      34650           | destination_blocked
      3465112345678   | tariff 1 v1 34 0.11
      15550100        | tariff 1 v1 1 0
      4420111111111   | no_sell_rate
    `);
    for (const { number, found } of rows) expect({ number, found: sell(tariff, number) }).toEqual({ number, found });
  });

  it('takes the longest prefix over all retail plans, and of equally long ones that of the plan named first', () => {
    expect([sell(voip, '493011111111'), sell(voip, '491511111111'), sell(voip, '491711111111')]).toEqual(['retail 5 v1 49 0.04', 'retail 5 v1 491 0.05', 'retail 6 v1 4917 0.18']);
  });

  it('refuses with the reason', () => {
    expect(sell(voip, '74951111111')).toBe('no_exchange_rate');
    expect(sell({ kind: 'voip_plan', id: 8 }, '493011111111')).toBe('no_sell_rate');
    expect(sell({ kind: 'voip_plan', id: 99 }, '493011111111')).toBe('unknown_plan');
    // A tariff and a voip_plan of one number are two plans.
    expect(sell({ kind: 'tariff', id: 7 }, '493011111111')).toBe('unknown_plan');
  });
});

describe('a plan that changes', () => {
  const revised = (decimals: number, revision: number, since: string) => create(SellTermsSetSchema, { ...terms({ voipPlanId: 7 }, { decimals }), revision, setAtUs: instant(since) });
  const link = (retailPlanId: number, from = '0', until = '0') => ({ retailPlanId, metric: retailPlanId, validFromUs: instant(from), validUntilUs: instant(until) });
  const composed = (revision: number, since: string, retailLinks: ReturnType<typeof link>[], more: object = {}) => create(VoipPlanComposedSchema, {
    voipPlanId: 7, revision, retailLinks, retailPlanIds: retailLinks.map(({ retailPlanId }) => retailPlanId), carrierPlanIds: [], composedAtUs: instant(since), ...more,
  });
  const decks = [5, 6].map((ownerId) => ({ deck: specDeck({ kind: DeckKind.RETAIL, ownerId }, [plainChunk(['49'], BigInt(ownerId) * 10_000_000n)]) }));
  const soldAt = async (when: string, voipPlans: ReturnType<typeof composed>[]) => {
    const sellTerms = [revised(4, 1, '2026-01-01T00:00:00'), revised(2, 2, '2026-05-01T00:00:00')];
    const made = await compile(stateOf(decks, { sellTerms, voipPlans }), noTables, (error) => { throw error; });
    const charging = termsOf(made, voip, at(when));
    if (!charging.ok) return charging.refusal.code;
    const found = sellRateOf(made, voip, charging.value, e164('493011111111'), at(when));
    return found.ok ? `${found.value.deck.ownerId} to ${charging.value.rounding.decimals}` : found.refusal.code;
  };

  it('sells by what it was when the call was made, and before all of it by the first', async () => {
    const plans = [composed(1, '2026-01-01T00:00:00', [link(5)]), composed(2, '2026-06-01T00:00:00', [link(6)])];
    expect(await soldAt('2025-12-31T23:59:59', plans)).toBe('5 to 4');
    expect(await soldAt('2026-05-31T23:59:59', plans)).toBe('5 to 2');
    expect(await soldAt('2026-06-01T00:00:00', plans)).toBe('6 to 2');
  });

  it('SEED-11: sells nothing that the tariff has no rate for, whatever a carrier has', () => {
    expect([sell(tariff, '39061111111'), buy(tariff, '39061111111')]).toEqual(['no_sell_rate', 'carrier 9 v1 39 0.07']);
  });

  it('sells by the links that are in force, the lower metric first', async () => {
    const plans = [composed(1, '2026-01-01T00:00:00', [link(5, '2026-02-01T00:00:00', '2026-03-01T00:00:00'), link(6)])];
    expect(await soldAt('2026-01-31T23:59:59', plans)).toBe('6 to 4');
    expect(await soldAt('2026-02-01T00:00:00', plans)).toBe('5 to 4');
    expect(await soldAt('2026-03-01T00:00:00', plans)).toBe('6 to 4');
  });

  it('sells nothing while it is not in force', async () => {
    const plans = [composed(1, '2026-01-01T00:00:00', [link(5)], { validFromUs: instant('2026-02-01T00:00:00'), validUntilUs: instant('2026-03-01T00:00:00') })];
    expect(await soldAt('2026-01-31T23:59:59', plans)).toBe('plan_not_in_force');
    expect(await soldAt('2026-02-01T00:00:00', plans)).toBe('5 to 4');
    expect(await soldAt('2026-03-01T00:00:00', plans)).toBe('plan_not_in_force');
  });
});

describe('buyRateOf', () => {
  it('takes the cheapest of equally long prefixes, a blocked one last, and only of the plans that are linked', () => {
    const rows = table<'plan' | 'number' | 'found'>(`
      plan   | number      | found
      tariff | 34911111111 | carrier 9 v1 34 0.02
      tariff | 34611111111 | carrier 9 v1 346 0.9
      tariff | 39061111111 | carrier 9 v1 39 0.07
      voip   | 34911111111 | carrier 8 v1 34 0.03
      voip   | 34611111111 | carrier 8 v1 34 0.03
      voip   | 39061111111 | destination_blocked
      voip   | 44201111111 | no_buy_rate
    `);
    for (const { plan, number, found } of rows) expect({ plan, number, found: buy(plan === 'voip' ? voip : tariff, number) }).toEqual({ plan, number, found });
  });

  it.each(table(`
    euros | dollars | usd_for_eur | found
    0.10  | 0.11    | 1.10        | carrier 8 v1 34 0.1
    0.10  | 0.109   | 1.10        | carrier 9 v1 34 0.109
    0.10  | 0.05    | 0.50        | carrier 8 v1 34 0.1
    0.10  | 0.05    | -           | carrier 8 v1 34 0.1
    0.10  | blocked | 1.10        | carrier 8 v1 34 0.1
  `))('of €$euros and $$dollars, a euro being worth $$usd_for_eur, takes $found', async ({ euros, dollars, usd_for_eur: worth = '', found }) => {
    const priced = (ownerId: number, currency: string, rate = '') => ({ deck: deckOf({ kind: DeckKind.CARRIER, ownerId, carrierCode: 'alpha', currency }, `
      prefix  rate
      34      ${rate}
    `) });
    const exchangeRates = new ExchangeRates(worth === '' ? [] : [{ base: 'EUR', quote: 'USD', numerator: BigInt(worth.replace('.', '')), decimals: 2, validFromUs: 0, source: 'ECB' }]);
    const made = await compile(stateOf([priced(8, 'EUR', euros), priced(9, 'USD', dollars)], { sellTerms: [] }), noTables, (error) => { throw error; });
    const cheapest = buyRateOf({ ...made, exchangeRates }, undefined, 'alpha', e164('34911111111'), at('2026-06-01T00:00:00'));
    expect(typeof cheapest === 'string' ? cheapest : told(cheapest)).toBe(found);
  });

  it('tells a carrier that nobody knows from one without a rate', () => {
    expect([buy(tariff, '34911111111', 'nobody'), buy({ kind: 'voip_plan', id: 8 }, '34911111111'), buy(undefined, '34911111111')]).toEqual([
      'unknown_carrier', 'no_buy_rate', 'carrier 9 v1 34 0.02',
    ]);
  });
});

describe('the longest prefix', () => {
  it('is what a search through all prefixes finds', async () => {
    const digits = fc.stringMatching(/^[1-9]\d{6,14}$/);
    const prefixes = fc.uniqueArray(fc.stringMatching(/^[1-9]\d{0,14}$/), { minLength: 1, maxLength: 30 });
    await fc.assert(fc.asyncProperty(prefixes, prefixes, digits, async (one, other, number) => {
      const decks = [one, other].map((list, n) => ({ deck: specDeck({ kind: DeckKind.RETAIL, ownerId: 5 + n }, [plainChunk(list.toSorted(), BigInt(n + 1))]) }));
      const voipPlans = [create(VoipPlanComposedSchema, { voipPlanId: 7, retailPlanIds: [5, 6] })];
      const made = await compile(stateOf(decks, { sellTerms: [terms({ voipPlanId: 7 })], voipPlans }), noTables, (error) => { throw error; });
      const wanted = [...one.map((prefix) => `5 ${prefix}`), ...other.map((prefix) => `6 ${prefix}`)]
        .filter((named) => number.startsWith(named.slice(2)))
        .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))[0];
      const charging = termsOf(made, voip, at('2026-06-01T00:00:00'));
      const found = charging.ok ? sellRateOf(made, voip, charging.value, e164(number), at('2026-06-01T00:00:00')) : charging;
      expect(found.ok ? `${found.value.deck.ownerId} ${found.value.deck.rates.prefixAt(found.value.row)}` : found.refusal.code).toBe(wanted ?? 'no_sell_rate');
      if (found.ok) expect(present(found.value.deck.rates.prefixLengthAt(found.value.row), 'a length')).toBe((wanted ?? '').length - 2);
    }), { numRuns: 60 });
  });
});
