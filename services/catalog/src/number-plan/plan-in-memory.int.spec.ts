import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Sql } from '@tollwire/event-store';
import { catalogRig, type CatalogRig, granted, smallPlan } from '../fixture/catalog-rig.fixture.ts';
import { PlanInMemory } from './plan-in-memory.ts';

describe('the number plan in memory', () => {
  let rig: CatalogRig;
  let readings = 0;
  let fails = false;
  /** The database, counting how often the prefixes are read, and failing when it is told to. */
  const counted: Sql = {
    query: async (text, params) => {
      if (text.includes('from countryprefix')) {
        readings += 1;
        if (fails) throw new Error('the connection is gone');
      }
      return await rig.database.query(text, params);
    },
  };

  beforeAll(async () => {
    rig = await catalogRig('catalog_plan_in_memory');
    granted(await rig.ask.loadNumberPlan(smallPlan));
  }, 60_000);
  afterAll(() => rig.close());

  it('is read once for all who ask at the same time, and not again while it stands', async () => {
    readings = 0;
    const plan = new PlanInMemory(counted);
    const [first, second] = await Promise.all([plan.known(), plan.known()]);
    expect(await plan.known()).toBe(first);
    expect([second.isKnown('43'), second.isKnown('45'), readings]).toEqual([true, false, 1]);
  });

  it('is read again when another is loaded, at whichever instance', async () => {
    const plan = new PlanInMemory(counted);
    expect((await plan.known()).isKnown('45')).toBe(false);
    granted(await rig.another().loadNumberPlan({ countries: [{ countryCode: 'DK', countryName: 'Denmark' }], prefixes: [{ prefix: '45', countryCode: 'DK' }] }));
    expect((await plan.known()).isKnown('45')).toBe(true);
  });

  it('fails for whoever asked while the database was gone, and is read when it is back', async () => {
    const plan = new PlanInMemory(counted);
    fails = true;
    await expect(plan.known()).rejects.toThrow('the connection is gone');
    fails = false;
    expect((await plan.known()).isKnown('43')).toBe(true);
  });
});
