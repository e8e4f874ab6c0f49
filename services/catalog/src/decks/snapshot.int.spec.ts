import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeckKind, RoundingMode, type SnapshotReply, SnapshotReplySchema } from '@tollwire/contracts';
import { catalogRig, type CatalogRig, granted, smallPlan } from '../fixture/catalog-rig.fixture.ts';
import { snapshot, type SnapshotLimits } from './snapshot.ts';

const terms = { currency: 'EUR', roundingDecimals: 4, roundingMode: RoundingMode.UP };
const tight: SnapshotLimits = { activations: 2, voipPlans: 2, banPrefixes: 3, tariffs: 2, exchangeRates: 1, fullBytes: 0 };

describe('the snapshot of a catalog', () => {
  let rig: CatalogRig;

  beforeAll(async () => {
    rig = await catalogRig('catalog_snapshot');
    granted(await rig.ask.loadNumberPlan(smallPlan));
  }, 60_000);
  afterAll(() => rig.close());

  async function pages(limits?: SnapshotLimits): Promise<SnapshotReply[]> {
    const taken: SnapshotReply[] = [];
    for (let token = ''; ; ) {
      const page = create(SnapshotReplySchema, granted(await snapshot(rig.database, rig.clock.nowUs(), token, limits)));
      taken.push(page);
      token = page.nextPageToken;
      if (token === '') return taken;
    }
  }
  const told = (taken: readonly SnapshotReply[]) => ({
    decks: taken.flatMap(({ activeDecks }) => activeDecks.map(({ deck, activation }) => `${deck?.kind}/${deck?.ownerId}/${activation}`)),
    withdrawn: taken.flatMap(({ withdrawnDecks }) => withdrawnDecks.map(({ deck, activation }) => `${deck?.kind}/${deck?.ownerId}/${activation}`)),
    plans: taken.flatMap(({ voipPlans }) => voipPlans.map(({ name, banPrefixes }) => `${name}:${banPrefixes.length}`)),
    terms: taken.flatMap(({ sellTerms }) => sellTerms.map(({ plan }) => `${plan?.plan.case}/${plan?.plan.value}`)),
  });

  it('of an empty catalog is one empty page', async () => {
    expect((await pages()).map((page) => toBinary(SnapshotReplySchema, page).length)).toEqual([0]);
    expect(told(await pages(tight))).toEqual({ decks: [], withdrawn: [], plans: [], terms: [] });
  });

  it('has everything once, in however many pages it comes', async () => {
    for (const name of ['one', 'two', 'three']) granted(await rig.ask.createTariff({ name, ...terms }));
    for (const [at, bans] of [1, 4, 0, 2, 1].entries()) {
      const prefixes = Array.from({ length: bans }, (_, digit) => `87${at}${digit}`);
      const { id = 0 } = granted(await rig.ask.createBanPlan({ name: `bans ${at}`, prefixes }));
      granted(await rig.ask.composeVoipPlan({ name: `plan ${at}`, ...terms, banPlanIds: [id] }));
    }
    for (const ownerId of [1, 2]) {
      for (const rate of ['0.01', '0.02', '0.03']) {
        const { deck } = granted(await rig.importDeck({ kind: DeckKind.TARIFF, ownerId }, `36,${rate}`));
        rig.clock.advanceSec(60);
        granted(await rig.ask.activateDeck({ kind: DeckKind.TARIFF, ownerId, digest: deck?.digest ?? '' }));
        if (rate === '0.03') granted(await rig.ask.withdrawDeck({ kind: DeckKind.TARIFF, ownerId, digest: deck?.digest ?? '' }));
      }
    }
    const [whole, parts] = [await pages(), await pages(tight)];
    expect([whole.length, parts.length > 5]).toEqual([1, true]);
    const { terms: ofParts, ...rest } = told(parts);
    const { terms: ofWhole, ...restOfWhole } = told(whole);
    expect(rest).toEqual(restOfWhole);
    expect(ofParts.toSorted()).toEqual(ofWhole.toSorted());
    expect(ofWhole).toHaveLength(8);
    expect(rest).toEqual({
      decks: ['1/1/1', '1/1/2', '1/1/3', '1/2/1', '1/2/2', '1/2/3'],
      withdrawn: ['1/1/3', '1/2/3'],
      plans: ['plan 0:1', 'plan 1:4', 'plan 2:0', 'plan 3:2', 'plan 4:1'],
    });
  });

  it('fills a page up to its bounds, and a plan that is beyond them alone goes alone', async () => {
    const sizes = (await pages(tight)).map(({ activeDecks, voipPlans }) => [activeDecks.length, voipPlans.map(({ banPrefixes }) => banPrefixes.length)]);
    for (const [decks, plans] of sizes) {
      expect(decks).toBeLessThanOrEqual(2);
      const bans = [plans].flat(2).map(Number);
      expect(bans.length <= 1 || (bans.length <= 2 && bans.reduce((sum, each) => sum + each, 0) <= 3)).toBe(true);
    }
    expect(sizes.flatMap(([, plans]) => JSON.stringify(plans))).toContain('[4]');
  });

  it('goes on past what was added behind it meanwhile, and takes in what was added before it', async () => {
    const first = granted(await snapshot(rig.database, rig.clock.nowUs(), '', tight));
    granted(await rig.ask.createTariff({ name: 'meanwhile', ...terms }));
    const rest: SnapshotReply[] = [];
    for (let token = first.nextPageToken ?? ''; token !== ''; token = rest.at(-1)?.nextPageToken ?? '') {
      rest.push(create(SnapshotReplySchema, granted(await snapshot(rig.database, rig.clock.nowUs(), token, tight))));
    }
    expect(told(rest).terms).toContain('tariffId/4');
  });

  it('keeps every page of a large catalog below what one message holds', async () => {
    const prefixes = Array.from({ length: 24_000 }, (_, at) => String(870_000_000_000_000 + at));
    const { id = 0 } = granted(await rig.ask.createBanPlan({ name: 'long', prefixes }));
    for (const name of ['long 1', 'long 2', 'long 3']) granted(await rig.ask.composeVoipPlan({ name, ...terms, banPlanIds: [id] }));
    const bytes = (await pages()).map((page) => toBinary(SnapshotReplySchema, page).length);
    expect(bytes.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...bytes)).toBeLessThan(1_000_000);
  });

  it.each(['decks', 'decks/tariff/1', 'decks/other/1/1', 'plans/-1', "plans/1' or true", 'tariffs/12345678901', 'x'])('refuses %s, which is no token', async (pageToken) => {
    expect(await rig.ask.snapshot({ pageToken })).toMatchObject({ ok: false, refusal: { code: 'field_malformed', field: 'pageToken' } });
  });
});
