import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DeckKind, RateChange } from '@tollwire/contracts';
import { PlanInMemory } from '../number-plan/plan-in-memory.ts';
import { readDeck } from '../decks/deck-reads.ts';
import { catalogRig, type CatalogRig, type DeckOf, granted, smallPlan } from '../fixture/catalog-rig.fixture.ts';
import { diffOf } from './compute-diff.ts';
import { sweepDiffs } from './sweep-diffs.ts';

const named = (change: number | undefined) => Object.entries(RateChange).find(([, value]) => value === change)?.[0];

describe('what a version would change', () => {
  let rig: CatalogRig;
  let deck: DeckOf;
  let plans = 0;

  beforeAll(async () => {
    rig = await catalogRig('catalog_diff');
    granted(await rig.ask.loadNumberPlan(smallPlan));
  }, 60_000);
  afterAll(() => rig.close());
  beforeEach(async () => {
    plans += 1;
    rig.clock.set('2026-06-01T00:00:00Z');
    const { id = 0 } = granted(await rig.ask.createCarrierPlan({ name: `plan ${plans}`, currency: 'EUR', carrierCode: 'ACME' }));
    deck = { kind: DeckKind.CARRIER, ownerId: id };
  });

  const imported = async (csv: string) => granted(await rig.importDeck(deck, csv)).deck?.digest ?? '';
  const activate = async (digest: string) => granted(await rig.ask.activateDeck({ ...deck, digest, by: 'ann' }));
  const diff = async (digest: string, againstDigest = '') => granted(await rig.ask.diffDecks({ ...deck, digest, againstDigest }));
  const rows = async (digest: string, { pageToken = '', ...more }: { change?: RateChange; pageToken?: string | undefined } = {}) => {
    return granted(await rig.ask.listDeckDiffRows({ ...deck, digest, ...more, pageToken }));
  };
  const old = '36,0.092\n40,0.08\n4366,0.1\n43664,0.2\n992,0.3';
  const next = '36,0.095\n40,0.07\n43664,0.2\n992,0.3\n447,0.01\nx,1';

  it('is told against the version in force, in all and by destination, with the bad rows of the file', async () => {
    const one = await imported(old);
    await activate(one);
    const two = await imported(next);
    const told = await diff(two);
    expect(told).toMatchObject({ deck: { version: 2 }, against: { version: 1 }, errorCount: 1n });
    const counts = (sums = told.sums ?? []) => sums.map(({ change, rowCount }) => `${named(change)} ${rowCount}`).join(', ');
    expect(counts()).toBe('CREATED 1, INCREASED 1, DECREASED 1, CLOSED 1, UNCHANGED 2');
    expect(told.sums?.find(({ change }) => change === RateChange.INCREASED)).toMatchObject({ oldRateSum: '0.092', newRateSum: '0.095' });
    expect(told.destinations?.map(({ countryCode, subcode, sums }) => `${countryCode} ${subcode}: ${counts(sums)}`)).toEqual([
      'AT : CLOSED 1', 'AT MOB: UNCHANGED 1', 'GB MOB: CREATED 1', 'HU : INCREASED 1', 'RO : DECREASED 1', 'TJ : UNCHANGED 1',
    ]);
  });

  it('is listed row by row, with the name of the destination and the percent', async () => {
    await activate(await imported(old));
    const two = await imported(next);
    const told = await rows(two);
    expect(told.nextPageToken).toBe('');
    expect(told.rows).toMatchObject([
      { prefix: '447', countryName: 'Country GB', subcode: 'MOB', after: { ratePerMinNanos: 10_000_000n } },
      { prefix: '36', before: { ratePerMinNanos: 92_000_000n }, after: { ratePerMinNanos: 95_000_000n }, percent: '3.26' },
      { prefix: '40', percent: '-12.50' },
      { prefix: '4366', countryCode: 'AT', before: { ratePerMinNanos: 100_000_000n } },
    ]);
    expect(told.rows?.[0]?.before).toBeUndefined();
    expect((await rows(two, { change: RateChange.DECREASED })).rows).toMatchObject([{ prefix: '40' }]);
    expect((await rows(two, { change: RateChange.UNCHANGED })).rows).toMatchObject([{ prefix: '43664', percent: '0.00' }, { prefix: '992' }]);
    expect((await rows(two)).rows?.some(({ change }) => change === RateChange.UNCHANGED)).toBe(false);
  });

  it('has the date of a dated rate, which closes what is in force', async () => {
    await activate(await imported('36,0.092'));
    const [row] = (await rows(await imported('36,0.095,2026-07-01'))).rows ?? [];
    expect(row).toMatchObject({ change: RateChange.INCREASED, prefix: '36', effectiveFromUs: BigInt(Date.parse('2026-07-01')) * 1000n, effectiveUntilUs: 0n });
  });

  it('is everything where nothing is in force, and for the version in force what it changed', async () => {
    const one = await imported(old);
    expect(await diff(one)).toMatchObject({ sums: [{ change: RateChange.CREATED, rowCount: 5n }] });
    await activate(one);
    const two = await imported(next);
    rig.clock.advanceSec(1);
    await activate(two);
    expect((await diff(two)).against).toMatchObject({ version: 1 });
    expect((await diff(one, two)).sums?.map(({ change }) => change)).toEqual([
      RateChange.CREATED, RateChange.INCREASED, RateChange.DECREASED, RateChange.CLOSED, RateChange.UNCHANGED,
    ]);
  });

  it('is worked out once, even for two who ask at once, and forgotten when nobody asks for a month', async () => {
    const two = await imported('36,0.123');
    const count = async () => (await rig.database.query('select diff_id from deck_diff where to_digest = $1', [two])).length;
    await Promise.all([diff(two), diff(two), rows(two)]);
    await Promise.all([rig.another().diffDecks({ ...deck, digest: two }), diff(two)]);
    expect(await count()).toBe(1);
    rig.clock.advanceSec(31 * 86_400);
    await sweepDiffs(rig.deps);
    expect(await count()).toBe(0);
  });

  it('is the same by the instance that made the version and by one that reads it', async () => {
    const windows = 'prefix,rate,timing,valid_from,increments\n36,0.1,08:00-20:00,,30/6\n36,0.05,,,60/60\n40,0.08,,2026-07-01,1/1\n44,blocked,,,';
    await activate(await imported('36,0.2\n40,0.08\n992,0.3'));
    const two = await imported(windows);
    const told = async (asker: CatalogRig['ask']) => {
      const answers = [granted(await asker.diffDecks({ ...deck, digest: two })), granted(await asker.listDeckDiffRows({ ...deck, digest: two }))];
      await rig.database.query('delete from deck_diff');
      return answers;
    };
    expect(await told(rig.another())).toEqual(await told(rig.ask));
  });

  it('is worked out to one answer by two instances at once', async () => {
    const to = await readDeck(rig.database, 'carrier', deck.ownerId, await imported(next));
    if (to === undefined) throw new Error('the version that was imported');
    const plan = new PlanInMemory(rig.database);
    const run = () => diffOf({ ...rig.deps, places: () => plan.places(), rowsPerBlock: 1_000 }, { from: undefined, to, sinceUs: 1 });
    const [one, other] = await Promise.all([run(), run()]);
    expect(one).toEqual(other);
  });

  it('comes in pages of a thousand, change after change, from blocks of more', async () => {
    const many = (rate: string) => Array.from({ length: 20_001 }, (_, index) => `36${10_000 + index},${rate}`).join('\n');
    await activate(await imported(`${many('0.1')}\n40,0.1`));
    const digest = await imported(`${many('0.2')}\n40,0.05`);
    const sizes: number[] = [];
    let pageToken: string | undefined = '';
    do {
      const page: Awaited<ReturnType<typeof rows>> = await rows(digest, { pageToken });
      sizes.push(page.rows?.length ?? 0);
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(sizes).toEqual([...Array.from({ length: 20 }, () => 1_000), 2]);
  });

  it.each<[what: string, ask: () => Promise<unknown>, field: string, code: string]>([
    ['of no kind', () => rig.ask.diffDecks({ ownerId: 1, digest: 'x' }), 'kind', 'field_missing'],
    ['of no version', () => rig.ask.diffDecks({ ...deck, digest: 'x' }), 'digest', 'unknown_deck'],
    ['against no version', async () => rig.ask.diffDecks({ ...deck, digest: await imported('36,1'), againstDigest: 'x' }), 'againstDigest', 'unknown_deck'],
    ['with a token that is none', async () => rig.ask.listDeckDiffRows({ ...deck, digest: await imported('36,1'), pageToken: '7' }), 'pageToken', 'field_malformed'],
  ])('is refused %s', async (_, ask, field, code) => {
    expect(await ask()).toMatchObject({ ok: false, refusal: { field, code } });
  });
});
