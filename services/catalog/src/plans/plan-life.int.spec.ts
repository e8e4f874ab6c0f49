import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeckKind, PlanKind, RoundingMode } from '@tollwire/contracts';
import { readModel, rebuild } from '@tollwire/event-store';
import { catalogRig, type CatalogRig, granted, smallPlan } from '../fixture/catalog-rig.fixture.ts';
import { banPlanList, banPrefixes, carrierPlanList, carrierPlansOfRetailPlans, retailPlanList, tariffList, voipPlanLinks, voipPlanList } from './plan-projections.ts';

const terms = { currency: 'EUR', roundingDecimals: 4, roundingMode: RoundingMode.UP };
const us = (iso: string) => BigInt(Date.parse(iso)) * 1000n;

describe('plans that are there', () => {
  let rig: CatalogRig;
  let ids: Record<'tariff' | 'carrier' | 'retail' | 'second' | 'ban' | 'voip', number>;

  beforeAll(async () => {
    rig = await catalogRig('catalog_lives');
    granted(await rig.ask.loadNumberPlan(smallPlan));
    const idOf = async (answer: ReturnType<typeof rig.ask.createTariff>) => granted(await answer).id ?? 0;
    const tariff = await idOf(rig.ask.createTariff({ name: 'Cards', ...terms }));
    const carrier = await idOf(rig.ask.createCarrierPlan({ name: 'Acme', currency: 'USD', carrierCode: 'ACME' }));
    const retail = await idOf(rig.ask.createRetailPlan({ name: 'World', currency: 'EUR', carrierPlanIds: [carrier] }));
    const second = await idOf(rig.ask.createRetailPlan({ name: 'Promo', currency: 'EUR' }));
    const ban = await idOf(rig.ask.createBanPlan({ name: 'Premium', prefixes: ['4490', '43900'] }));
    const voip = await idOf(rig.ask.composeVoipPlan({
      name: 'Business', ...terms, carrierPlanIds: [carrier], banPlanIds: [ban], validFromUs: us('2026-01-01'),
      retailLinks: [{ retailPlanId: retail, metric: 10 }, { retailPlanId: second, metric: 1, validFromUs: us('2026-06-01'), validUntilUs: us('2026-07-01'), carrierCodes: ['ACME', 'BETA'] }],
    }));
    ids = { tariff, carrier, retail, second, ban, voip };
  }, 60_000);
  afterAll(() => rig.close());

  const list = async (kind: PlanKind, id = 0) => granted(await rig.ask.listPlans({ kind, id })).plans ?? [];

  it('are listed by kind, with their parts', async () => {
    expect(await list(PlanKind.TARIFF)).toMatchObject([{ id: ids.tariff, name: 'Cards', ...terms }]);
    expect(await list(PlanKind.CARRIER)).toMatchObject([{ name: 'Acme', currency: 'USD', carrierCode: 'ACME' }]);
    expect(await list(PlanKind.RETAIL)).toMatchObject([{ name: 'World', carrierPlanIds: [ids.carrier] }, { name: 'Promo', carrierPlanIds: [] }]);
    expect(await list(PlanKind.BAN)).toMatchObject([{ name: 'Premium', banPrefixCount: 2, banPrefixes: [] }]);
    expect(await list(PlanKind.BAN, ids.ban)).toMatchObject([{ banPrefixes: ['43900', '4490'] }]);
    expect(await list(PlanKind.VOIP)).toMatchObject([{
      name: 'Business', carrierPlanIds: [ids.carrier], banPlanIds: [ids.ban], validFromUs: us('2026-01-01'), validUntilUs: 0n,
      retailLinks: [
        { retailPlanId: ids.second, metric: 1, validFromUs: us('2026-06-01'), validUntilUs: us('2026-07-01'), carrierCodes: ['ACME', 'BETA'] },
        { retailPlanId: ids.retail, metric: 10, validFromUs: 0n, validUntilUs: 0n, carrierCodes: [] },
      ],
    }]);
    expect(granted(await rig.ask.listPlans({ kind: PlanKind.RETAIL, afterId: ids.retail })).plans).toMatchObject([{ name: 'Promo' }]);
  });

  it('are told with metric and dates, the retail plans by metric, and the snapshot has what they were before', async () => {
    const { voipPlans } = granted(await rig.ask.snapshot({}));
    expect(voipPlans?.[0]?.retailLinks?.map(({ carrierCodes }) => carrierCodes)).toEqual([['ACME', 'BETA'], []]);
    expect(voipPlans).toMatchObject([{ revision: 1, retailPlanIds: [ids.second, ids.retail], composedAtUs: us('2026-06-01'), validFromUs: us('2026-01-01') }]);
    rig.clock.set('2026-06-02T00:00:00Z');
    const parts = { retailPlanIds: [ids.retail], banPlanIds: [ids.ban], carrierPlanIds: [ids.carrier] };
    granted(await rig.ask.composeVoipPlan({ name: 'Business', ...terms, roundingDecimals: 2, ...parts, voipPlanId: ids.voip }));
    const after = granted(await rig.ask.snapshot({}));
    expect(after.voipPlans?.map(({ revision, retailPlanIds, composedAtUs }) => [revision, retailPlanIds, composedAtUs])).toEqual([
      [2, [ids.retail], us('2026-06-02')], [1, [ids.second, ids.retail], us('2026-06-01')],
    ]);
    const ofPlan = after.sellTerms?.filter(({ plan }) => plan?.plan?.case === 'voipPlanId');
    expect(ofPlan?.map(({ revision, roundingDecimals, setAtUs }) => [revision, roundingDecimals, setAtUs])).toEqual([[2, 2, us('2026-06-02')], [1, 4, us('2026-06-01')]]);
    rig.clock.set('2026-08-01T00:00:00Z');
    expect(granted(await rig.ask.snapshot({})).voipPlans).toHaveLength(1);
  });

  it('are renamed, and leave their names to others', async () => {
    expect(granted(await rig.ask.renamePlan({ kind: PlanKind.RETAIL, id: ids.second, name: 'Summer', by: 'ann' }))).toMatchObject({ name: 'Summer' });
    expect((await list(PlanKind.RETAIL, ids.second))[0]?.name).toBe('Summer');
    expect(await rig.ask.renamePlan({ kind: PlanKind.RETAIL, id: ids.second, name: 'World' })).toMatchObject({ refusal: { code: 'name_taken', field: 'name' } });
    granted(await rig.ask.renamePlan({ kind: PlanKind.VOIP, id: ids.voip, name: 'Trade' }));
    expect((await list(PlanKind.VOIP))[0]).toMatchObject({ name: 'Trade', banPlanIds: [ids.ban] });
    expect(await rig.ask.renamePlan({ kind: PlanKind.TARIFF, id: 99, name: 'x' })).toMatchObject({ refusal: { code: 'unknown_plan', field: 'id' } });
  });

  it('are not deleted while something uses them, and are told what', async () => {
    const remove = async (kind: PlanKind, id: number) => rig.ask.deletePlan({ kind, id, by: 'ann' });
    const inUse = (users: string) => ({ ok: false, refusal: { code: 'plan_in_use', facts: { users } } });
    expect(await remove(PlanKind.CARRIER, ids.carrier)).toMatchObject(inUse(`voip_plan ${ids.voip}, retail_plan ${ids.retail}`));
    expect(await remove(PlanKind.RETAIL, ids.retail)).toMatchObject(inUse(`voip_plan ${ids.voip}`));
    expect(await remove(PlanKind.BAN, ids.ban)).toMatchObject(inUse(`voip_plan ${ids.voip}`));
    Object.assign(rig.planUsers, { cardTypeIds: [5] });
    expect(await remove(PlanKind.TARIFF, ids.tariff)).toMatchObject(inUse('card_type 5'));
    Object.assign(rig.planUsers, { cardTypeIds: [], customerIds: ['acme'] });
    expect(await remove(PlanKind.VOIP, ids.voip)).toMatchObject(inUse('account acme'));
    Object.assign(rig.planUsers, { away: true });
    expect(await remove(PlanKind.VOIP, ids.voip)).toMatchObject({ refusal: { code: 'service_unavailable' } });
  });

  it('are not deleted while they are being linked to, whoever is first', async () => {
    for (let nth = 0; nth < 20; nth += 1) {
      const ban = granted(await rig.ask.createBanPlan({ name: `Raced ${nth}`, prefixes: ['4490'] })).id ?? 0;
      const compose = () => rig.ask.composeVoipPlan({ name: `Raced ${nth}`, ...terms, retailPlanIds: [ids.retail], banPlanIds: [ban] });
      const remove = () => rig.ask.deletePlan({ kind: PlanKind.BAN, id: ban, by: 'ann' });
      const answers = await Promise.all(nth % 2 === 0 ? [compose(), remove()] : [remove(), compose()]);
      expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
    }
  });

  it('are deleted once nothing does; the name is free, the id and the rates stay', async () => {
    Object.assign(rig.planUsers, { customerIds: [], away: false });
    for (const { id = 0, name = '' } of await list(PlanKind.VOIP)) if (name.startsWith('Raced')) granted(await rig.ask.deletePlan({ kind: PlanKind.VOIP, id, by: 'ann' }));
    granted(await rig.importDeck({ kind: DeckKind.RETAIL, ownerId: ids.second }, '36,0.1'));
    const freed = [
      [PlanKind.VOIP, ids.voip], [PlanKind.RETAIL, ids.second], [PlanKind.RETAIL, ids.retail], [PlanKind.CARRIER, ids.carrier],
      [PlanKind.BAN, ids.ban], [PlanKind.TARIFF, ids.tariff],
    ] as const;
    for (const [kind, id] of freed) {
      granted(await rig.ask.deletePlan({ kind, id, by: 'ann' }));
      granted(await rig.ask.deletePlan({ kind, id, by: 'ann' }));
      expect(await list(kind, id)).toEqual([]);
    }
    expect(await rig.importDeck({ kind: DeckKind.RETAIL, ownerId: ids.second }, '36,0.2').catch(String)).toContain('unknown_plan');
    await rig.copied();
    expect(await rig.database.query('select 1 from voip_retail_rate where voip_retail_plan_id = $1', [ids.second])).toHaveLength(1);
    const { id = 0 } = granted(await rig.ask.createTariff({ name: 'Cards', ...terms }));
    expect(id).toBeGreaterThan(ids.tariff);
    expect(await rig.ask.composeVoipPlan({ name: 'New', ...terms, retailPlanIds: [ids.retail] })).toMatchObject({ refusal: { code: 'unknown_plan' } });
  });

  it('have read models that a rebuild gives again', async () => {
    const lists = [readModel(tariffList), readModel(retailPlanList), readModel(carrierPlanList), readModel(banPlanList), readModel(voipPlanList)];
    const links = [banPrefixes, carrierPlansOfRetailPlans, ...voipPlanLinks];
    const tables = () => Promise.all([...lists, ...links].map(({ table }) => rig.database.query(`select * from ${table} order by 1, 2`)));
    const live = await tables();
    await rebuild(rig.database, readModel(tariffList));
    await rebuild(rig.database, readModel(retailPlanList));
    await rebuild(rig.database, readModel(carrierPlanList));
    await rebuild(rig.database, readModel(banPlanList));
    await rebuild(rig.database, readModel(voipPlanList));
    await rebuild(rig.database, banPrefixes);
    await rebuild(rig.database, carrierPlansOfRetailPlans);
    for (const model of voipPlanLinks) await rebuild(rig.database, model);
    expect(await tables()).toEqual(live);
  });

  it.each<[what: string, ask: () => Promise<unknown>, field: string, code: string]>([
    ['a list of no kind', () => rig.ask.listPlans({}), 'kind', 'field_missing'],
    ['a name that is none', () => rig.ask.renamePlan({ kind: PlanKind.BAN, id: 1, name: ' ' }), 'name', 'field_missing'],
    ['a link twice', () => rig.ask.composeVoipPlan({ name: 'x', ...terms, retailLinks: [{ retailPlanId: 1 }, { retailPlanId: 1 }] }), 'retailLinks[1].retailPlanId', 'field_malformed'],
    ['links and ids', () => rig.ask.composeVoipPlan({ name: 'x', ...terms, retailLinks: [{ retailPlanId: 1 }], retailPlanIds: [1] }), 'retailPlanIds', 'field_malformed'],
    ['an end before the beginning', () => rig.ask.composeVoipPlan({ name: 'x', ...terms, validFromUs: 5n, validUntilUs: 5n }), 'validUntilUs', 'field_out_of_range'],
    ['a link beyond reason', () => rig.ask.composeVoipPlan({ name: 'x', ...terms, retailLinks: [{ retailPlanId: 1, validFromUs: -1n }] }), 'retailLinks[0].validFromUs', 'field_out_of_range'],
  ])('refuses %s', async (_, ask, field, code) => {
    expect(await ask()).toMatchObject({ ok: false, refusal: { field, code } });
  });
});
