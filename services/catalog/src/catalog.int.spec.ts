import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { batchContentType, CatalogService, dataOf, decodeMessage, DeckKind, type ReceivedEvent, RoundingMode, SellTermsSetSchema } from '@tollwire/contracts';
import { readModel, rebuild } from '@tollwire/event-store';
import { table } from '@tollwire/testing';
import { deckActivationList, rateDeckList } from './decks/deck-projections.ts';
import { catalogRig, type CatalogRig, granted, smallPlan } from './fixture/catalog-rig.fixture.ts';
import { banPlanList, banPrefixes, carrierPlanList, retailPlanList, tariffList, voipPlanLinks, voipPlanList } from './plans/plan-projections.ts';

const terms = { currency: 'EUR', roundingDecimals: 4, roundingMode: RoundingMode.UP };
const said = { by: 'ann' };
const us = (iso: string) => BigInt(Date.parse(iso)) * 1000n;

describe('the catalog', () => {
  let rig: CatalogRig;

  beforeAll(async () => {
    rig = await catalogRig('catalog');
    granted(await rig.ask.loadNumberPlan(smallPlan));
  }, 60_000);
  afterAll(() => rig.close());

  async function published(): Promise<ReceivedEvent[]> {
    const rows = await rig.database.query<{ payload: Buffer }>('select payload from outbox order by position');
    return rows.flatMap(({ payload }) => granted(decodeMessage(batchContentType, () => undefined, payload)));
  }
  const names = (events: readonly ReceivedEvent[]) => events.map(({ type, key }) => `${type.replace('tollwire.catalog.v1.', '')} ${key}`);

  describe('making plans', () => {
    it('gives the same plan the same id, and a name to one plan only', async () => {
      const tariff = { name: 'Cards', ...terms, ...said };
      const first = granted(await rig.ask.createTariff(tariff));
      expect(granted(await rig.ask.createTariff({ ...tariff, name: ' Cards ' }))).toEqual(first);
      expect(await rig.ask.createTariff({ ...tariff, currency: 'USD' })).toMatchObject({ ok: false, refusal: { code: 'name_taken', facts: { id: String(first.id) } } });
    });

    it('tells what a plan charges beside its rates, in events and to who asks for all', async () => {
      const charged = { terms: { taxPpm: 230_000, maxCost: { nanos: 7n, disconnects: true } }, windowsByStart: true, timeZone: 'Europe/Madrid' };
      const { id } = granted(await rig.ask.createTariff({ name: 'Taxed', ...terms, ...said, ...charged }));
      const expected = { plan: { plan: { value: id } }, terms: { taxPpm: 230_000, maxCost: { nanos: 7n, disconnects: true } }, windowsByStart: true };
      const told = (await published()).filter(({ type }) => type.endsWith('SellTermsSet')).map((event) => dataOf(SellTermsSetSchema, event));
      expect(told.find(({ plan }) => plan?.plan.value === id)).toMatchObject(expected);
      const { sellTerms } = granted(await rig.ask.snapshot({}));
      expect(sellTerms?.find(({ plan }) => plan?.plan?.case === 'tariffId' && plan.plan.value === id)).toMatchObject(expected);
    });

    it('makes one plan of many requests at once', async () => {
      const asks = Array.from({ length: 8 }, () => rig.ask.createBanPlan({ name: 'Raced', prefixes: ['870'], ...said }));
      const ids = new Set((await Promise.all(asks)).map((answer) => granted(answer).id));
      expect(ids.size).toBe(1);
    });

    it.each(table(`
      what                 | field                | code
      no name              | name                 | field_missing
      a long name          | name                 | field_malformed
      a bad currency       | currency             | currency_malformed
      too many decimals    | roundingDecimals     | field_out_of_range
      no rounding          | roundingMode         | field_missing
      a bad prefix         | prefixes[1]          | field_malformed
      an unknown part      | retailPlanIds        | unknown_plan
      a huge id            | carrierPlanIds       | unknown_plan
      an unknown plan      | voipPlanId           | unknown_plan
    `))('refuses $what', async ({ what = '', field, code }) => {
      const requests: Readonly<Record<string, () => ReturnType<typeof rig.ask.createTariff>>> = {
        'no name': () => rig.ask.createTariff({ name: ' ', ...terms }),
        'a long name': () => rig.ask.createTariff({ name: 'x'.repeat(101), ...terms }),
        'a bad currency': () => rig.ask.createRetailPlan({ name: 'x', currency: 'euro' }),
        'too many decimals': () => rig.ask.createTariff({ name: 'x', ...terms, roundingDecimals: 10 }),
        'no rounding': () => rig.ask.createTariff({ name: 'x', ...terms, roundingMode: 0 }),
        'a bad prefix': () => rig.ask.createBanPlan({ name: 'x', prefixes: ['1', '+1'] }),
        'an unknown part': () => rig.ask.composeVoipPlan({ name: 'x', ...terms, retailPlanIds: [99] }),
        'a huge id': () => rig.ask.composeVoipPlan({ name: 'x', ...terms, carrierPlanIds: [4_000_000_000] }),
        'an unknown plan': () => rig.ask.composeVoipPlan({ name: 'x', ...terms, voipPlanId: 77 }),
      };
      expect(await requests[what]?.()).toMatchObject({ ok: false, refusal: { code, field } });
    });
  });

  it('tells and keeps the whole of a voip_plan', async () => {
    const before = (await published()).length;
    const { id: carrier = 0 } = granted(await rig.ask.createCarrierPlan({ name: 'Acme', currency: 'USD', carrierCode: 'ACME', ...said }));
    const { id: second = 0 } = granted(await rig.ask.createCarrierPlan({ name: 'Bell', currency: 'USD', carrierCode: 'BELL', ...said }));
    const { id: retail = 0 } = granted(await rig.ask.createRetailPlan({ name: 'World', currency: 'EUR', carrierPlanIds: [second], ...said }));
    const { id: ban = 0 } = granted(await rig.ask.createBanPlan({ name: 'Premium', prefixes: ['4490', '43900'], ...said }));
    const composition = { name: 'Business', ...terms, retailPlanIds: [retail], carrierPlanIds: [carrier], banPlanIds: [ban], ...said };
    const { id = 0 } = granted(await rig.ask.composeVoipPlan(composition));
    granted(await rig.ask.composeVoipPlan(composition));
    granted(await rig.ask.composeVoipPlan({ ...composition, voipPlanId: id, carrierPlanIds: [] }));
    const key = `voipPlanId:${id}`;
    expect(names((await published()).slice(before))).toEqual([
      `VoipPlanComposed ${key}`, `SellTermsSet ${key}`, `VoipPlanComposed ${key}`,
    ]);
    const { voipPlans, sellTerms } = granted(await rig.ask.snapshot({}));
    expect(voipPlans).toMatchObject([{
      voipPlanId: id, revision: 2, name: 'Business', retailPlanIds: [retail], carrierPlanIds: [second],
      banPrefixes: [{ prefix: '43900', banPlanId: ban }, { prefix: '4490', banPlanId: ban }],
    }, { voipPlanId: id, revision: 1, carrierPlanIds: [carrier, second], banPrefixes: [] }]);
    expect(sellTerms).toContainEqual(expect.objectContaining({ plan: { plan: { case: 'voipPlanId', value: id } }, revision: 2, ...terms }));
  });

  it('spreads a deck: imported, activated, replaced, withdrawn, each told once', async () => {
    const { id: ownerId = 0 } = granted(await rig.ask.createTariff({ name: 'Spread', ...terms, ...said }));
    const deck = { kind: DeckKind.TARIFF, ownerId };
    const before = (await published()).length;
    const one = granted(await rig.importDeck(deck, '43,0.01\n43664,0.12\n4,1')).deck?.digest ?? '';
    const two = granted(await rig.importDeck(deck, '43,0.02')).deck?.digest ?? '';
    const ask = { ...deck, ...said };
    granted(await rig.ask.activateDeck({ ...ask, digest: one }));
    granted(await rig.ask.activateDeck({ ...ask, digest: one }));
    granted(await rig.ask.activateDeck({ ...ask, digest: two, validFromUs: us('2026-07-01') }));
    const statuses = async () => granted(await rig.ask.listDecks(deck)).decks?.map(({ status }) => status);
    expect(await statuses()).toEqual(['active', 'scheduled']);
    rig.clock.set('2026-07-02T00:00:00Z');
    expect(await statuses()).toEqual(['superseded', 'active']);
    granted(await rig.ask.withdrawDeck({ ...ask, digest: two }));
    expect(await statuses()).toEqual(['superseded', 'withdrawn']);
    expect(await rig.ask.withdrawDeck({ ...ask, digest: two })).toMatchObject({ ok: false, refusal: { code: 'not_in_force' } });
    expect(await rig.ask.activateDeck({ ...ask, digest: 'none' })).toMatchObject({ ok: false, refusal: { code: 'unknown_deck' } });
    const key = `deck:${DeckKind.TARIFF}:${ownerId}`;
    expect(names((await published()).slice(before))).toEqual([
      `DeckImported ${key}`, `DeckImported ${key}`, `DeckApproved ${key}`, `DeckActivated ${key}`, `DeckApproved ${key}`, `DeckActivated ${key}`,
      `DeckWithdrawn ${key}`,
    ]);
    const { activeDecks, withdrawnDecks } = granted(await rig.ask.snapshot({}));
    expect(activeDecks).toMatchObject([
      { deck: { digest: one, version: 1 }, activation: 1 }, { deck: { digest: two, version: 2 }, activation: 2, validFromUs: us('2026-07-01') },
    ]);
    expect(withdrawnDecks).toMatchObject([{ deck: { digest: two }, activation: 2, withdrawnAtUs: us('2026-07-02') }]);
    rig.clock.set('2026-09-01T00:00:00Z');
    expect(granted(await rig.ask.snapshot({})).activeDecks).toEqual([]);
  });

  it('keeps a tariff as documented: cents per minute, and the prefix of the number plan', async () => {
    await rig.copied();
    const rows = await rig.database.query<{ row: string }>(
      `select format('%s %s %s', r.prefix, r.rate, coalesce(c.prefix, '-')) as row from tariffrate r left join countryprefix c using (countryprefixid)
       where deck_id = (select min(deck_id) from rate_deck where kind = 'tariff') order by r.prefix`,
    );
    expect(rows.map(({ row }) => row)).toEqual(['4 100.00 -', '43 1.00 43', '43664 12.00 43664']);
  });

  it('rebuilds every read model as it is', async () => {
    const tables = ['rate_deck', 'deck_activation', 'tariff', 'voip_retail_plan', 'voip_carrier_plan', 'ban_plan', 'ban_prefix', 'voip_plan',
      'voip_plan_voip_retail_plan', 'voip_plan_voip_carrier_plan', 'voip_plan_ban_plan'];
    const content = () => Promise.all(tables.map((name) => rig.database.query(`select * from ${name} order by 1, 2`)));
    const live = await content();
    await rebuild(rig.database, readModel(rateDeckList));
    await rebuild(rig.database, readModel(deckActivationList));
    await rebuild(rig.database, readModel(tariffList));
    await rebuild(rig.database, readModel(retailPlanList));
    await rebuild(rig.database, readModel(carrierPlanList));
    await rebuild(rig.database, readModel(banPlanList));
    await rebuild(rig.database, banPrefixes);
    await rebuild(rig.database, readModel(voipPlanList));
    for (const model of voipPlanLinks) await rebuild(rig.database, model);
    expect(await content()).toEqual(live);
  });

  it('answers every request of its contract', () => {
    expect(Object.keys(rig.ask).sort()).toEqual(Object.keys(CatalogService.method).sort());
  });
});
