import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DeckKind } from '@tollwire/contracts';
import { catalogRig, type CatalogRig, type DeckOf, granted, smallPlan } from '../fixture/catalog-rig.fixture.ts';
import { RateCopier } from './copy-rates.ts';

/** Three chunks: there is a middle. */
const RATES = 120_000;
const csv = Array.from({ length: RATES }, (_, at) => `36${100_000 + at},0.05`).join('\n');

describe('the rates of a version', () => {
  let rig: CatalogRig;
  let deck: DeckOf;
  let plans = 0;

  beforeAll(async () => {
    rig = await catalogRig('catalog_copy');
    granted(await rig.ask.loadNumberPlan(smallPlan));
  }, 60_000);
  afterAll(() => rig.close());
  beforeEach(async () => {
    plans += 1;
    const { id = 0 } = granted(await rig.ask.createCarrierPlan({ name: `plan ${plans}`, currency: 'EUR', carrierCode: 'ACME' }));
    deck = { kind: DeckKind.CARRIER, ownerId: id };
  });

  const count = async (name: string) => {
    const [row] = await rig.database.query<{ count: number }>(`select count(*)::int as count from ${name} where voip_carrier_plan_id = $1`, [deck.ownerId]);
    return row?.count;
  };
  const imported = async () => {
    const { deck: version } = granted(await rig.importDeck(deck, csv));
    granted(await rig.ask.activateDeck({ ...deck, digest: version?.digest ?? '', by: 'ann' }));
  };

  it('count at once, and are in their table once it has rested for twenty seconds, a chunk at a time; in the view when all of them are', async () => {
    const copier = new RateCopier({ database: rig.database, databaseUrl: rig.databaseUrl, clock: rig.clock });
    await imported();
    expect([await copier.copyNext(), copier.waitingCount, await count('voip_carrier_rate')]).toEqual([false, 1, 0]);
    rig.clock.advanceSec(20);
    expect([await copier.copyNext(), copier.waitingCount]).toEqual([true, 1]);
    const copied = await count('voip_carrier_rate');
    expect([(copied ?? 0) > 0 && (copied ?? 0) < RATES, await count('voip_carrier_rate_in_force')]).toEqual([true, 0]);
    while (await copier.copyNext());
    expect(copier.waitingCount).toBe(0);
    expect([await count('voip_carrier_rate'), await count('voip_carrier_rate_in_force')]).toEqual([RATES, RATES]);
  }, 60_000);

  it('are there once, however many instances copy them', async () => {
    await imported();
    await Promise.all([rig.copied(), rig.copied(), rig.copied()]);
    expect(await count('voip_carrier_rate')).toBe(RATES);
  }, 60_000);

  it('are there once, where a connection is cut at any moment of it', async () => {
    await imported();
    const ofCopies = `from pg_stat_activity where application_name = 'tollwire-catalog-copy' and datname = current_database()`;
    let cutCount = 0;
    for (let isLeft = true; isLeft;) {
      const run = { isOver: false };
      const copying = rig.deps.copier.copyNext().catch(() => true).finally(() => (run.isOver = true));
      // Each time a look later: while it connects, notes, copies, commits.
      for (let looks = 0; !run.isOver && cutCount < 40; looks += 1) {
        const seen = await rig.database.query(looks < cutCount ? `select 1 ${ofCopies}` : `select pg_terminate_backend(pid) ${ofCopies}`);
        if (looks >= cutCount) cutCount += seen.length;
      }
      isLeft = await copying;
    }
    expect(cutCount).toBeGreaterThan(0);
    expect(await count('voip_carrier_rate')).toBe(RATES);
  }, 60_000);
});
