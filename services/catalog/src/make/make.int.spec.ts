import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DeckKind, FixedPolicy, MadeFrom, type MakeDeckRequest, RateChange, RoundingMode } from '@tollwire/contracts';
import { readContent } from '../diff/read-content.ts';
import { readDeck } from '../decks/deck-reads.ts';
import { catalogRig, type CatalogRig, granted, smallPlan } from '../fixture/catalog-rig.fixture.ts';

type Asked = Partial<Omit<MakeDeckRequest, '$typeName' | '$unknown'>>;

describe('a plan made from carriers', () => {
  let rig: CatalogRig;
  let plans = 0;
  let ownerId = 0;

  beforeAll(async () => {
    rig = await catalogRig('catalog_make');
    granted(await rig.ask.loadNumberPlan(smallPlan));
  }, 60_000);
  afterAll(() => rig.close());
  beforeEach(async () => {
    plans += 1;
    rig.clock.set('2026-06-01T00:00:00Z');
    ownerId = granted(await rig.ask.createRetailPlan({ name: `retail ${plans}`, currency: 'EUR' })).id ?? 0;
  });

  const inForce = async (deck: { kind: 1 | 2 | 3; ownerId: number }, csv: string) => {
    const digest = granted(await rig.importDeck(deck, csv)).deck?.digest ?? '';
    granted(await rig.ask.activateDeck({ ...deck, digest, by: 'ann' }));
  };
  const carrier = async (name: string, csv: string, currency = 'EUR') => {
    const { id = 0 } = granted(await rig.ask.createCarrierPlan({ name: `${name} ${plans}`, currency, carrierCode: name }));
    if (csv !== '') await inForce({ kind: DeckKind.CARRIER, ownerId: id }, csv);
    return id;
  };
  const ask = (request: Asked) => rig.ask.makeDeck({ kind: DeckKind.RETAIL, ownerId, by: 'ann', ...request });
  const ratesOf = async (digest = '') => {
    const deck = await readDeck(rig.database, 'retail', ownerId, digest);
    const rates = await readContent(rig.database, deck ?? { digest, rateCount: 0, chunkCount: 0 });
    return Array.from({ length: rates.size }, (_, at) => rates.rateAt(at)).map((rate) => `${rate.prefix}:${rate.blocked ? 'blocked' : rate.ratePerMinNanos}/${rate.incrementSec}`);
  };

  it('is an imported version that shows its origin, to be compared and approved', async () => {
    const acme = await carrier('ACME', 'prefix,rate,increments\n43,0.10,60/60\n43664,0.2,30/6');
    const bell = await carrier('BELL', '43,0.09\n36,0.05');
    const made = granted(await ask({ carrierPlanIds: [acme, bell], marginPpm: 200_000, stepNanos: 100_000n, roundingMode: RoundingMode.UP }));
    expect(await ratesOf(made.deck?.digest)).toEqual(['36:60000000/1', '43:108000000/1', '43664:108000000/1']);
    expect(made.origin).toBe(`made from carrier plan ${acme} version 1, carrier plan ${bell} version 1: the cheapest, + 20 %, rounded up to 0.0001`);
    const deck = { kind: DeckKind.RETAIL, ownerId };
    expect((granted(await rig.ask.listDecks(deck)).decks ?? [])[0]).toMatchObject({ status: 'imported', origin: made.origin });
    expect((granted(await rig.ask.listDeckHistory(deck)).entries ?? []).map(({ what, by }) => `${what} by ${by}`)).toEqual(['imported by ann', 'made by ann']);
    expect(granted(await rig.ask.diffDecks({ ...deck, digest: made.deck?.digest ?? '' }))).toMatchObject({ sums: [{ change: RateChange.CREATED, rowCount: 3n }] });
  });

  it('RATE-30: fixed 0.11, carrier 0.10 + 20 %, and the policy says which', async () => {
    const acme = await carrier('ACME', '43,0.10');
    await inForce({ kind: DeckKind.RETAIL, ownerId }, '43,0.11');
    const by = async (policy: FixedPolicy) => ratesOf(granted(await ask({ carrierPlanIds: [acme], marginPpm: 200_000, policy })).deck?.digest);
    expect(await by(FixedPolicy.MAX)).toEqual(['43:120000000/1']);
    expect(await by(FixedPolicy.CARRIER_PLUS_MARGIN)).toEqual(['43:120000000/1']);
    expect(await by(FixedPolicy.MIN)).toEqual(['43:110000000/1']);
    expect(await by(FixedPolicy.FIXED)).toEqual(['43:110000000/1']);
  });

  it('is made from carriers in several currencies at the exchange rates of the instant, and says which', async () => {
    const rate = { base: 'EUR', quote: 'USD', source: 'ECB', by: 'ann' };
    granted(await rig.ask.setExchangeRate({ ...rate, rate: '1.25', validFromUs: 1n }));
    granted(await rig.ask.setExchangeRate({ ...rate, rate: '2', validFromUs: BigInt(Date.parse('2026-07-01')) * 1000n }));
    const [acme, bell] = [await carrier('ACME', '43,0.10\n44,0.30'), await carrier('BELL', '43,0.11\n44,0.50', 'USD')];
    const made = granted(await ask({ carrierPlanIds: [acme, bell] }));
    expect(await ratesOf(made.deck?.digest)).toEqual(['43:88000000/1', '44:300000000/1']);
    expect(made.origin).toContain(`carrier plan ${bell} version 1 at 1 EUR = 1.25 USD (ECB, from 1970-01-01T00:00:00.000Z): the cheapest`);
    const later = granted(await ask({ carrierPlanIds: [acme, bell], atUs: BigInt(Date.parse('2026-07-02')) * 1000n }));
    expect(await ratesOf(later.deck?.digest)).toEqual(['43:55000000/1', '44:250000000/1']);
  });

  it('is one version when it is made twice, with the origin of the last time', async () => {
    const acme = await carrier('ACME', '43,0.10');
    const make = () => ask({ carrierPlanIds: [acme], marginPerMinNanos: 20_000_000n });
    expect(granted(await make()).deck).toEqual(granted(await make()).deck);
    granted(await ask({ carrierPlanIds: [acme], marginPpm: 200_000, madeFrom: MadeFrom.AVERAGE, averageCount: 3 }));
    expect(granted(await rig.ask.listDecks({ kind: DeckKind.RETAIL, ownerId })).decks).toHaveLength(1);
  });

  it('may be for cards, from the rates of another day', async () => {
    const acme = await carrier('ACME', '43,0.10\n43,0.30,2026-07-01');
    const { id = 0 } = granted(await rig.ask.createTariff({ name: `cards ${plans}`, currency: 'EUR', roundingDecimals: 4, roundingMode: RoundingMode.UP }));
    const tariff = { kind: DeckKind.TARIFF, ownerId: id, carrierPlanIds: [acme] };
    expect(granted(await ask(tariff)).deck).toMatchObject({ kind: DeckKind.TARIFF, version: 1 });
    expect(granted(await ask({ ...tariff, atUs: BigInt(Date.parse('2026-07-02')) * 1000n })).deck).toMatchObject({ version: 2 });
  });

  it.each<[what: string, request: () => Promise<Asked>, field: string, code: string]>([
    ['no carrier', async () => ({}), 'carrierPlanIds', 'field_missing'],
    ['too many carriers', async () => ({ carrierPlanIds: Array.from({ length: 101 }, (_, at) => at + 1) }), 'carrierPlanIds', 'too_many_items'],
    ['an unknown carrier plan', async () => ({ carrierPlanIds: [9_999] }), 'carrierPlanIds', 'unknown_plan'],
    ['a carrier plan without a deck', async () => ({ carrierPlanIds: [await carrier('BARE', '')] }), 'carrierPlanIds', 'not_in_force'],
    ['a currency that nothing leads from', async () => ({ carrierPlanIds: [await carrier('USED', '43,1', 'CHF')] }), 'carrierPlanIds', 'no_exchange_rate'],
    ['an unknown plan', async () => ({ carrierPlanIds: [1], ownerId: 9_999 }), 'ownerId', 'unknown_plan'],
    ['a carrier\'s own deck', async () => ({ carrierPlanIds: [1], kind: DeckKind.CARRIER }), 'kind', 'field_malformed'],
    ['an average of none', async () => ({ carrierPlanIds: [1], madeFrom: MadeFrom.AVERAGE }), 'averageCount', 'field_missing'],
    ['a negative floor', async () => ({ carrierPlanIds: [1], floorPerMinNanos: -1n }), 'floorPerMinNanos', 'field_out_of_range'],
    ['one increment', async () => ({ carrierPlanIds: [1], incrementSec: 6 }), 'incrementSec', 'field_out_of_range'],
    ['a time before 1970', async () => ({ carrierPlanIds: [1], atUs: -1n }), 'atUs', 'field_out_of_range'],
  ])('refuses %s', async (_, request, field, code) => {
    expect(await ask(await request())).toMatchObject({ ok: false, refusal: { field, code } });
  });
});
