import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntitySchema, MikroORM } from '@mikro-orm/core';
import { DeckKind, RoundingMode } from '@tollwire/contracts';
import { migrate, openOrm } from '@tollwire/platform';
import { table } from '@tollwire/testing';
import { catalogFlow } from '../catalog.flow.ts';
import { entities } from '../entities/index.ts';
import { BanPrefix, Tariff, VoipPlan, VoipPlanVoipRetailPlan, VoipRetailPlanVoipCarrierPlan } from '../entities/plan.entity.ts';
import { Country, CountryPrefix } from '../entities/number-plan.entity.ts';
import { TariffRate, VoipCarrierRate, VoipRetailRate } from '../entities/rate.entity.ts';
import { catalogRig, type CatalogRig, granted, smallPlan } from '../fixture/catalog-rig.fixture.ts';

const terms = { currency: 'EUR', roundingDecimals: 4, roundingMode: RoundingMode.HALF_UP };

describe('the schema of the catalog', () => {
  let rig: CatalogRig;
  let orm: MikroORM;
  const rowsOf = () => orm.em.fork();

  beforeAll(async () => {
    rig = await catalogRig('catalog_schema');
    orm = await openOrm(rig.databaseUrl, catalogFlow.schema);
    granted(await rig.ask.loadNumberPlan(smallPlan));
    const { id: tariff = 0 } = granted(await rig.ask.createTariff({ name: 'Cards', ...terms }));
    const { id: carrier = 0 } = granted(await rig.ask.createCarrierPlan({ name: 'Acme', currency: 'USD', carrierCode: 'ACME' }));
    const { id: retail = 0 } = granted(await rig.ask.createRetailPlan({ name: 'World', currency: 'EUR', carrierPlanIds: [carrier] }));
    const { id: ban = 0 } = granted(await rig.ask.createBanPlan({ name: 'Premium', prefixes: ['4490', '43900'] }));
    granted(await rig.ask.composeVoipPlan({ name: 'Business', ...terms, retailPlanIds: [retail], carrierPlanIds: [carrier], banPlanIds: [ban] }));
    for (const [kind, ownerId] of [[DeckKind.TARIFF, tariff], [DeckKind.RETAIL, retail], [DeckKind.CARRIER, carrier]] as const) {
      granted(await rig.importDeck({ kind, ownerId }, 'prefix,rate,connect_fee,increments,valid_from\n43664,0.123456789,0.01,30/6,2026-07-01'));
    }
    await rig.copied();
  }, 60_000);
  afterAll(async () => {
    await orm.close();
    await rig.close();
  });

  it('has every documented table and column', async () => {
    const documented = table<'table' | 'columns'>(`
      table             | columns
      country           | countrycode,countryname
      countryprefix     | countryprefixid,prefix,countrycode,subcode
      tariff            | tariffid,tariffname
      tariffrate        | tariffrateid,tariffid,countryprefixid,rate,prefix
      voip_plan         | id,name
      voip_retail_plan  | id,name
      voip_retail_rate  | id,voip_retail_plan_id,retail_rate,prefix
      voip_carrier_plan | id,name
      voip_carrier_rate | id,voip_carrier_plan_id,carrier_rate,prefix
      ban_plan          | id,name
      ban_prefix        | ban_plan_id,prefix
    `);
    for (const { table: name, columns } of documented) {
      const rows = await rig.database.query<{ column_name: string }>('SELECT column_name FROM information_schema.columns WHERE table_name = $1', [name]);
      expect({ name, has: rows.map((row) => row.column_name) }).toEqual({ name, has: expect.arrayContaining(columns.split(',')) });
    }
  });

  it('is brought up twice without harm', async () => {
    await migrate(rig.ownerUrl, rig.appRole, catalogFlow.schema);
    expect(await rowsOf().count(Country)).toBe(smallPlan.countries.length);
  });

  it('can be read whole through its entities, by the role of the service', async () => {
    const all: readonly EntitySchema[] = entities;
    for (const entity of all) expect({ entity: entity.meta.className, rows: await rowsOf().count(entity) }).not.toMatchObject({ rows: 0 });
    for (const entity of all) await rowsOf().find(entity, {}, { limit: 1 });
  });

  it('has plans and their parts as they were put together', async () => {
    expect(await rowsOf().findOneOrFail(Tariff, { tariffname: 'Cards' })).toMatchObject({ currency: 'EUR', roundingDecimals: 4, roundingMode: 'half_up' });
    const plan = await rowsOf().findOneOrFail(VoipPlan, { name: 'Business' });
    expect(plan).toMatchObject({ currency: 'EUR', revision: 1 });
    expect(await rowsOf().find(VoipPlanVoipRetailPlan, { voipPlanId: plan.id })).toHaveLength(1);
    expect(await rowsOf().find(VoipRetailPlanVoipCarrierPlan, {})).toMatchObject([{ place: 0 }]);
    const bans = await rowsOf().find(BanPrefix, {}, { orderBy: { place: 'asc' } });
    expect(bans.map(({ prefix }) => prefix)).toEqual(['43900', '4490']);
  });

  it('has rates exact to the last decimal: a tariff\'s in cents, the others in units', async () => {
    const common = { prefix: '43664', initialIncrementSec: 30, incrementSec: 6, validFrom: new Date('2026-07-01'), validUntil: null, blocked: false };
    const mobile = await rowsOf().findOneOrFail(CountryPrefix, { prefix: '43664' });
    const amounts = ({ rate, connectFee }: { rate: string; connectFee: string }) => [rate, connectFee].map((amount) => amount.replace(/0+$/, ''));
    const ofTariff = await rowsOf().findOneOrFail(TariffRate, { prefix: '43664' });
    expect(ofTariff).toMatchObject({ ...common, countryprefixid: mobile.countryprefixid });
    expect(amounts(ofTariff)).toEqual(['12.3456789', '1.']);
    const ofRetail = await rowsOf().findOneOrFail(VoipRetailRate, { prefix: '43664' });
    expect(ofRetail).toMatchObject(common);
    expect(amounts({ ...ofRetail, rate: ofRetail.retailRate })).toEqual(['0.123456789', '0.01']);
    const ofCarrier = await rowsOf().findOneOrFail(VoipCarrierRate, { prefix: '43664' });
    expect(amounts({ ...ofCarrier, rate: ofCarrier.carrierRate })).toEqual(['0.123456789', '0.01']);
  });

  it.each([
    ['a country prefix that is none', `insert into countryprefix (prefix, countrycode, subcode) values ('x1', 'AT', '')`],
    ['a prefix of no country', `insert into countryprefix (prefix, countrycode, subcode) values ('431', 'ZZ', '')`],
    ['two plans of a name', `insert into ban_plan (id, name) values (99, 'Premium')`],
    ['a version in force before it begins', `insert into deck_activation (kind, owner_id, activation, version, valid_from, valid_until, activated_at, activated_by)
      values ('tariff', 1, 9, 1, now(), now() - interval '1 day', now(), 'ann')`],
  ])('refuses %s', async (_, statement) => {
    await expect(rig.database.query(statement)).rejects.toThrow(/violates/);
  });
});
