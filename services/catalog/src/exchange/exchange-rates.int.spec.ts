import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { SnapshotReplySchema } from '@tollwire/contracts';
import { readModel, rebuild } from '@tollwire/event-store';
import { snapshot } from '../decks/snapshot.ts';
import { catalogRig, type CatalogRig, granted } from '../fixture/catalog-rig.fixture.ts';
import { exchangeRateList } from './exchange-rate-list.ts';

const us = (iso: string) => BigInt(Date.parse(iso)) * 1000n;
const euro = { base: 'EUR', quote: 'USD', rate: '1.0842', validFromUs: us('2026-06-01T00:00:00Z'), source: 'ECB', by: 'ann' };

describe('exchange rates', () => {
  let rig: CatalogRig;

  beforeAll(async () => {
    rig = await catalogRig('catalog_exchange');
  }, 60_000);
  afterAll(() => rig.close());

  const list = async (pair: { base?: string; quote?: string } = {}) =>
    (granted(await rig.ask.listExchangeRates(pair)).exchangeRates ?? []).map(({ base, quote, rate, revision, isCorrected, validUntilUs }) =>
      `${base}/${quote} ${rate} r${revision}${isCorrected === true ? ' corrected' : ''}${validUntilUs === 0n ? '' : ` until ${new Date(Number(validUntilUs ?? 0n) / 1000).toISOString()}`}`);

  it('are recorded with who says so, and said again stand as they are', async () => {
    const set = granted(await rig.ask.setExchangeRate(euro));
    expect(set).toMatchObject({ base: 'EUR', quote: 'USD', rate: '1.0842', revision: 1, source: 'ECB', by: 'ann', recordedAtUs: us('2026-06-01T00:00:00Z'), isCorrected: false });
    expect(granted(await rig.ask.setExchangeRate({ ...euro, by: 'ben' }))).toMatchObject({ revision: 1, by: 'ann' });
  });

  it('count until the next one begins; a correction stands beside what it corrects', async () => {
    granted(await rig.ask.setExchangeRate({ ...euro, rate: '1.1', validFromUs: us('2026-06-02T00:00:00Z') }));
    rig.clock.set('2026-06-03T00:00:00Z');
    expect(granted(await rig.ask.setExchangeRate({ ...euro, rate: '1.0843' }))).toMatchObject({ rate: '1.0843', revision: 3 });
    granted(await rig.ask.setExchangeRate({ base: 'GBP', quote: 'EUR', rate: '1.17', source: 'bank' }));
    expect(await list()).toEqual([
      'EUR/USD 1.0842 r1 corrected until 2026-06-02T00:00:00.000Z',
      'EUR/USD 1.0843 r3 until 2026-06-02T00:00:00.000Z',
      'EUR/USD 1.1 r2',
      'GBP/EUR 1.17 r1',
    ]);
    expect(await list({ base: 'USD' })).toHaveLength(3);
    expect(await list({ base: 'GBP', quote: 'EUR' })).toEqual(['GBP/EUR 1.17 r1']);
    expect(await list({ base: 'EUR', quote: 'GBP' })).toEqual([]);
  });

  it('are listed in pages', async () => {
    const [first] = granted(await rig.ask.listExchangeRates({ pageToken: `EUR/USD/${us('2026-06-01T00:00:00Z')}/3` })).exchangeRates ?? [];
    expect(first).toMatchObject({ rate: '1.1' });
    expect(await rig.ask.listExchangeRates({ pageToken: 'x' })).toMatchObject({ refusal: { code: 'field_malformed', field: 'pageToken' } });
  });

  it.each([
    [{ base: 'eu' }, 'currency_malformed', 'base'],
    [{ quote: '' }, 'currency_malformed', 'quote'],
    [{ quote: 'EUR' }, 'field_malformed', 'quote'],
    [{ rate: '' }, 'field_missing', 'rate'],
    [{ rate: '1,1' }, 'amount_malformed', 'rate'],
    [{ rate: '0.0' }, 'amount_malformed', 'rate'],
    [{ rate: '1.0000000000000000001' }, 'amount_malformed', 'rate'],
    [{ source: ' ' }, 'field_missing', 'source'],
    [{ validFromUs: -1n }, 'field_out_of_range', 'validFromUs'],
  ])('refuse %j', async (more, code, field) => {
    expect(await rig.ask.setExchangeRate({ ...euro, ...more })).toMatchObject({ ok: false, refusal: { code, field } });
  });

  it('are all in the snapshot, corrected ones too, also in pages of one', async () => {
    const limits = { activations: 1, voipPlans: 1, banPrefixes: 1, tariffs: 1, exchangeRates: 1, fullBytes: 0 };
    const told: string[] = [];
    for (let pageToken = '', more = true; more; ) {
      const page = create(SnapshotReplySchema, granted(await snapshot(rig.database, rig.clock.nowUs(), pageToken, limits)));
      told.push(...page.exchangeRates.map(({ base, quote, revision, numerator, decimals }) => `${base}/${quote} ${revision} ${numerator}e-${decimals}`));
      pageToken = page.nextPageToken;
      more = pageToken !== '';
    }
    expect(told).toEqual(['EUR/USD 1 10842e-4', 'EUR/USD 2 11e-1', 'EUR/USD 3 10843e-4', 'GBP/EUR 1 117e-2']);
  });

  it('are told to everybody, and have a read model that a rebuild gives again', async () => {
    const rows = () => rig.database.query('select * from exchange_rate order by base, quote, revision');
    const [before, outbox] = [await rows(), await rig.database.query<{ n: number }>('select count(*)::int as n from outbox')];
    expect(outbox[0]?.n).toBeGreaterThan(0);
    await rebuild(rig.database, readModel(exchangeRateList));
    expect(await rows()).toEqual(before);
  });

  it('cannot be two of one pair and revision, of one currency alone, or nothing', async () => {
    const insert = (values: string) => rig.database.query(`insert into exchange_rate values (${values}, now(), 'ECB', 'ann', now())`);
    await expect(insert(`'EUR', 'USD', 1, 1, 0`)).rejects.toThrow(/violates/);
    await expect(insert(`'EUR', 'EUR', 1, 1, 0`)).rejects.toThrow(/violates/);
    await expect(insert(`'EUR', 'CHF', 1, 0, 0`)).rejects.toThrow(/violates/);
  });
});
