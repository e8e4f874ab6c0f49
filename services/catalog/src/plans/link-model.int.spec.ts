import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { instant } from '@tollwire/testing';
import type { BanPlanEvent } from '../domain/ban-plan.ts';
import { catalogRig, type CatalogRig } from '../fixture/catalog-rig.fixture.ts';
import { banPrefixes } from './plan-projections.ts';

const said = { by: 'ann', at: instant('2026-06-01') } as const;
const created = (banPlanId: number, ...prefixes: string[]) => {
  const event: BanPlanEvent = { type: 'BanPlanCreated', banPlanId, name: `bans ${banPlanId}`, prefixes, ...said };
  return { event, stream: `banplan-${banPlanId}`, version: 1, meta: {} };
};

describe('the parts of an owner as rows', () => {
  let rig: CatalogRig;

  beforeAll(async () => {
    rig = await catalogRig('catalog_links');
    await rig.database.query(`insert into ban_plan (id, name) select id, 'bans ' || id from generate_series(1, 9) as id`);
  }, 60_000);
  afterAll(() => rig.close());

  const parts = async (banPlanId: number) => {
    const rows = await rig.database.query<{ prefix: string }>('select prefix from ban_prefix where ban_plan_id = $1 order by place', [banPlanId]);
    return rows.map(({ prefix }) => prefix);
  };
  const apply = (...events: ReturnType<typeof created>[]) => rig.database.transaction((tx) => banPrefixes.apply(tx, events));

  it('are kept in the order that they were given in', async () => {
    await apply(created(1, '9', '1', '5'));
    expect(await parts(1)).toEqual(['9', '1', '5']);
  });

  it('are those of the last event, alone or in one batch with those before it', async () => {
    await apply(created(2, '1', '2'));
    await apply(created(2, '2', '3'));
    await apply(created(3, '1'), created(4, '7'), created(3, '8', '9'));
    expect([await parts(2), await parts(3), await parts(4)]).toEqual([['2', '3'], ['8', '9'], ['7']]);
  });

  it('are gone where the last event names none, and others stay', async () => {
    await apply(created(5, '1'), created(6, '2'));
    await apply(created(5));
    expect([await parts(5), await parts(6)]).toEqual([[], ['2']]);
  });

  it('are untouched by events of another kind of owner with the same id', async () => {
    await apply(created(7, '1'));
    await apply({ ...created(7, '2'), stream: 'voipplan-7' });
    expect(await parts(7)).toEqual(['1']);
  });

  it('are cleared for a rebuild', async () => {
    await apply(created(8, '1'));
    await rig.database.transaction((tx) => banPrefixes.clear(tx));
    expect(await parts(8)).toEqual([]);
  });
});
