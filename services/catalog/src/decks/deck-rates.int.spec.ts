import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DeckKind, RateChange } from '@tollwire/contracts';
import { catalogRig, type CatalogRig, type DeckOf, granted, type ImportOptions, smallPlan } from '../fixture/catalog-rig.fixture.ts';

describe('what a version holds beyond an amount per minute', () => {
  let rig: CatalogRig;
  let deck: DeckOf;
  let plans = 0;

  beforeAll(async () => {
    rig = await catalogRig('catalog_rates');
    granted(await rig.ask.loadNumberPlan(smallPlan));
  }, 60_000);
  afterAll(() => rig.close());
  beforeEach(async () => {
    plans += 1;
    deck = await carrierPlan(`plan ${plans}`, 'Europe/Vienna');
  });

  const carrierPlan = async (name: string, timeZone = ''): Promise<DeckOf> => {
    const { id = 0 } = granted(await rig.ask.createCarrierPlan({ name, currency: 'EUR', carrierCode: 'ACME', timeZone }));
    return { kind: DeckKind.CARRIER, ownerId: id };
  };
  const windows = { peak: 'mon-fri 08:00-20:00', 'off-peak': 'any' };
  const imported = async (csv: string, options: ImportOptions = {}, of = deck) => granted(await rig.importDeck(of, csv, options)).deck?.digest ?? '';
  const activate = async (digest: string, of = deck) => {
    rig.clock.advanceSec(60);
    granted(await rig.ask.activateDeck({ ...of, digest, by: 'ann' }));
  };
  const list = async (digest: string, more: { prefix?: string; pageToken?: string } = {}, of = deck) => granted(await rig.ask.listDeckRates({ ...of, digest, ...more }));
  const told = async (digest: string, of = deck) => ((await list(digest, {}, of)).rates ?? []).map(({ prefix, terms }) => {
    return [prefix, Number(terms?.ratePerMinNanos) / 1e9, terms?.timing].filter((part) => part !== '').join(' ');
  });

  it('is listed with windows, steps, charges, and names beside those of the number plan', async () => {
    const rowsOfVienna = 'Wien;Österreich;431;Peak;0,10;;;\nWien;Österreich;431;off-peak;0,04;;;\n';
    const csv = `Destination;Country;Code;Timing;Rate;Steps;Attempt fee;Minimum charge\n${rowsOfVienna}Budapest;;36;;0,10;0,04@30/1;0,002;0,5\n`;
    const digest = await imported(csv, { layout: { windows } });
    const { rates = [], timeZone } = await list(digest);
    expect(timeZone).toBe('Europe/Vienna');
    expect(rates).toMatchObject([
      {
        prefix: '36', countryCode: 'HU', countryName: 'Country HU',
        terms: {
          destination: 'Budapest', country: '', referencePriceNanos: 500_000_000n, timing: '',
          profile: { furtherSteps: [{ fromSec: 30, rateNanos: 40_000_000n, incrementSec: 1 }], terms: { attemptFeeNanos: 2_000_000n, minChargeNanos: 500_000_000n } },
        },
      },
      { prefix: '431', countryCode: 'AT', terms: { destination: 'Wien', country: 'Österreich', timing: 'off-peak: any', ratePerMinNanos: 40_000_000n } },
      { prefix: '431', countryCode: 'AT', terms: { timing: 'peak: mon-fri 08:00-20:00', ratePerMinNanos: 100_000_000n, profile: { window: { name: 'peak', weekdays: [1, 2, 3, 4, 5], weight: 1 } } } },
    ]);
    await rig.copied();
    const rows = await rig.database.query<{ prefix: string; window: string | null }>(
      `select prefix, profile #>> '{window,name}' as window from voip_carrier_rate where voip_carrier_plan_id = $1 order by prefix, 2`, [deck.ownerId],
    );
    expect(rows).toEqual([{ prefix: '36', window: null }, { prefix: '431', window: 'off-peak' }, { prefix: '431', window: 'peak' }]);
  });

  it('is one version however its rows are sorted and cut, and another where a window is', async () => {
    const rows = ['431,peak,0.10', '431,off-peak,0.04', '36,,0.1', '40,sat,0.2'];
    const csv = (of: readonly string[]) => ['prefix,timing,rate', ...of].join('\n');
    const digest = await imported(csv(rows), { layout: { windows } });
    expect(await imported(csv(rows.toReversed()), { layout: { windows }, pieceBytes: 9 })).toBe(digest);
    expect(await imported(csv(rows), { layout: { windows: { ...windows, peak: 'mon-fri 08:00-19:00' } } })).not.toBe(digest);
    expect(await imported(csv(rows), { layout: { windows, windowZone: 'Europe/Madrid' } })).not.toBe(digest);
  });

  it('is listed in pages, from a prefix on', async () => {
    const csv = `prefix,rate\n${Array.from({ length: 60_000 }, (_, at) => `36${100_000 + at},0.01`).join('\n')}\n40,0.02\n`;
    const digest = await imported(csv);
    const some = await list(digest, { prefix: '36159' });
    expect(some.rates).toHaveLength(1_000);
    expect(some.nextPageToken).toBe('');
    expect((await list(digest, { prefix: '4' })).rates).toMatchObject([{ prefix: '40' }]);
    expect((await list(digest, { prefix: '37' })).rates).toEqual([]);
    const prefixes: string[] = [];
    for (let pageToken: string | undefined; pageToken !== ''; ) {
      const page = await list(digest, { prefix: '3614', ...(pageToken === undefined ? {} : { pageToken }) });
      prefixes.push(...(page.rates ?? []).map(({ prefix = '' }) => prefix));
      pageToken = page.nextPageToken ?? '';
    }
    expect(prefixes).toEqual(Array.from({ length: 10_000 }, (_, at) => `36${140_000 + at}`));
  }, 60_000);

  it.each([
    ['an unknown digest', { digest: 'ab' }, 'digest', 'unknown_deck'],
    ['a prefix that is none', { prefix: '+43' }, 'prefix', 'field_malformed'],
    ['a token that is none', { pageToken: 'x' }, 'pageToken', 'field_malformed'],
    ['no kind', { kind: DeckKind.UNSPECIFIED }, 'kind', 'field_missing'],
  ])('is not listed for %s', async (_, more, field, code) => {
    const digest = await imported('36,0.09');
    expect(await rig.ask.listDeckRates({ ...deck, digest, ...more })).toMatchObject({ ok: false, refusal: { field, code } });
  });

  it('is amended window by window, and compared window by window', async () => {
    const first = await imported('prefix,timing,rate\n431,peak,0.10\n431,off-peak,0.04\n36,,0.1', { layout: { windows } });
    await activate(first);
    const second = await imported('prefix,timing,rate\n431,peak,0.12', { layout: { windows }, amends: true });
    expect(await told(second)).toEqual(['36 0.1', '431 0.04 off-peak: any', '431 0.12 peak: mon-fri 08:00-20:00']);
    const diff = granted(await rig.ask.diffDecks({ ...deck, digest: second }));
    expect(diff.sums).toMatchObject([{ change: RateChange.INCREASED, rowCount: 1n }, { change: RateChange.UNCHANGED, rowCount: 2n }]);
    const rows = async (change: RateChange) => granted(await rig.ask.listDeckDiffRows({ ...deck, digest: second, change })).rows ?? [];
    expect(await rows(RateChange.INCREASED)).toMatchObject([{ prefix: '431', percent: '20.00', after: { timing: 'peak: mon-fri 08:00-20:00' } }]);
    expect(await rows(RateChange.UNCHANGED)).toMatchObject([{ prefix: '36' }, { prefix: '431', before: { timing: 'off-peak: any' } }]);
  });

  it('has the zone of what it goes on from, and refuses another', async () => {
    await activate(await imported('prefix,timing,rate\n431,peak,0.10', { layout: { windows, windowZone: 'Europe/Madrid' } }));
    const amended = await imported('prefix,timing,rate\n36,peak,0.12', { layout: { windows }, amends: true });
    expect((await list(amended)).timeZone).toBe('Europe/Madrid');
    const other = await rig.importDeck(deck, 'prefix,timing,rate\n36,peak,0.12', { layout: { windows, windowZone: 'Europe/Vienna' }, amends: true });
    expect(other).toMatchObject({ ok: false, refusal: { code: 'deck_malformed', field: 'windowZone', facts: { windowZone: 'Europe/Madrid' } } });
    expect((await list(await imported('36,0.12'))).timeZone).toBe('');
  });

  it.each([
    ['a window that is none', { windows: { peak: 'lunch' } }, 'windows'],
    ['a name that is none', { windows: { ';': 'mon' } }, 'windows'],
    ['a zone that is none', { windowZone: 'Mars/Base' }, 'windowZone'],
  ])('is not imported with %s', async (_, layout, field) => {
    expect(await rig.ask.beginDeckImport({ ...deck, by: 'ann', layout })).toMatchObject({ ok: false, refusal: { code: 'field_malformed', field } });
  });

  it('is kept by a deck that is made of it, with the margin on each amount', async () => {
    await activate(await imported('prefix,timing,rate,steps,attempt_fee,destination\n431,peak,0.10,0.05@60/6+0.02,0.002,Wien\n431,off-peak,0.04,,,Wien\n36,,0.1,,,', { layout: { windows } }));
    const { id: ownerId = 0 } = granted(await rig.ask.createRetailPlan({ name: `retail ${plans}`, currency: 'EUR' }));
    const retail = { kind: DeckKind.RETAIL, ownerId };
    const made = granted(await rig.ask.makeDeck({ ...retail, carrierPlanIds: [deck.ownerId], marginPpm: 500_000, by: 'ann' }));
    const { rates, timeZone } = await list(made.deck?.digest ?? '', {}, retail);
    expect(timeZone).toBe('Europe/Vienna');
    expect(rates).toMatchObject([
      { prefix: '36', terms: { ratePerMinNanos: 150_000_000n } },
      { prefix: '431', terms: { ratePerMinNanos: 60_000_000n, timing: 'off-peak: any', destination: 'Wien' } },
      {
        prefix: '431',
        terms: {
          ratePerMinNanos: 150_000_000n, timing: 'peak: mon-fri 08:00-20:00', destination: 'Wien',
          profile: { furtherSteps: [{ fromSec: 60, rateNanos: 75_000_000n, entryFeeNanos: 30_000_000n }], terms: { attemptFeeNanos: 3_000_000n } },
        },
      },
    ]);
  });

  it('is not made of windows by the clocks of two zones', async () => {
    const other = await carrierPlan(`other ${plans}`, 'Europe/Madrid');
    const csv = 'prefix,timing,rate\n431,sat,0.10';
    await activate(await imported(csv));
    await activate(await imported(csv, {}, other), other);
    const { id: ownerId = 0 } = granted(await rig.ask.createRetailPlan({ name: `retail ${plans}`, currency: 'EUR' }));
    const made = await rig.ask.makeDeck({ kind: DeckKind.RETAIL, ownerId, carrierPlanIds: [deck.ownerId, other.ownerId], by: 'ann' });
    expect(made).toMatchObject({ ok: false, refusal: { code: 'field_malformed', field: 'carrierPlanIds', facts: { zones: 'Europe/Vienna, Europe/Madrid' } } });
  });
});
