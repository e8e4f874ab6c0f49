import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  batchContentType, ChangeListRequestSchema, CoverCountryReplySchema, dataOf, decodeMessage, encodeEvent, type ListSubjectSchema, NumberDelistedSchema, NumberListedSchema, publicEventOf,
  publicEvents, type ReceivedEvent, ShowListRequestSchema, SnapshotListsRequestSchema,
} from '@tollwire/contracts';
import { instantUs, ok } from '@tollwire/core';
import { readModel, rebuild, runReaction } from '@tollwire/event-store';
import type { CdrDeps } from '../cdr.deps.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { countListHits } from './count-hits.ts';
import { listAnswers } from './list-answers.ts';
import { documentedLists, listEntries } from './list-projections.ts';
import { renewCountries } from './renew-countries.ts';

let bed: CdrBed;
let deps: CdrDeps;

beforeAll(async () => {
  bed = await cdrBed();
});
beforeEach(async () => {
  await bed.empty();
  deps = bed.instance();
});
afterAll(() => bed.close());

type Subject = MessageInitShape<typeof ListSubjectSchema>;
const context = { method: 'spec', correlationId: 'spec' };
const prefix = (value: string, reason = ''): Subject => ({ subject: { case: 'prefix', value }, reason });
const country = (value: string): Subject => ({ subject: { case: 'country', value } });
const list = (name: string, entries: Subject[], by = 'operator:ann') => listAnswers(deps).listNumbers(create(ChangeListRequestSchema, { list: name, entries, by }), context);
const delist = (name: string, entries: Subject[], by = 'operator:bob') => listAnswers(deps).delistNumbers(create(ChangeListRequestSchema, { list: name, entries, by }), context);
const show = async (request: MessageInitShape<typeof ShowListRequestSchema>) => {
  const shown = await listAnswers(deps).showList(create(ShowListRequestSchema, request), context);
  return shown.ok ? shown.value : { entries: [], nextAfterSubject: shown.refusal.code };
};
const documented = (table: string) => bed.database.query(`SELECT phonenumber_prefix, country FROM ${table} ORDER BY 1, 2 NULLS FIRST`);

/** What was told of lists, in its order. */
async function told(): Promise<string[]> {
  const rows = await bed.database.query<{ payload: Buffer }>('SELECT payload FROM outbox ORDER BY position');
  return rows.flatMap(({ payload }) => {
    const decoded = decodeMessage(batchContentType, () => undefined, payload);
    return (decoded.ok ? decoded.value : []).map((event) => {
      if (event.type === publicEvents.NumberDelisted.type) {
        const { subject, revision, by } = dataOf(NumberDelistedSchema, event);
        return `off ${subject.value} ${revision} ${by}`;
      }
      const { subject, prefixes, revision, by } = dataOf(NumberListedSchema, event);
      return `on ${subject.value}=${prefixes.join('/')} ${revision} ${by}`;
    });
  });
}

describe('the lists', () => {
  it('take prefixes and countries, and tell of each once, with who', async () => {
    expect(await list('blacklist', [prefix('43664', 'Wangiri'), country('AT')])).toMatchObject({ ok: true, value: { changedCount: 2, unchangedCount: 0, refused: [] } });
    expect(await list('blacklist', [prefix('43664'), country('AT')], 'operator:bob')).toMatchObject({ ok: true, value: { changedCount: 0, unchangedCount: 2 } });
    expect((await told()).toSorted()).toEqual(['on 43664=43664 1 operator:ann', 'on AT=43 1 operator:ann']);
    expect(await documented('blacklist')).toEqual([{ phonenumber_prefix: '43', country: 'AT' }, { phonenumber_prefix: '43664', country: null }]);
    expect(await documented('whitelist')).toEqual([]);
  });

  it('let each entry of a request stand for itself', async () => {
    const done = await list('whitelist', [prefix('0043'), country('XX'), prefix('43'), {}, prefix('44', '\u0007'), country('a'), country('882')]);
    expect(done.ok && done.value.refused?.map(({ index, refusal }) => `${index} ${refusal?.code} ${refusal?.field}`)).toEqual([
      '0 field_malformed prefix', '1 unknown_country country', '3 field_missing prefix', '4 field_malformed reason', '5 field_malformed country', '6 field_malformed country',
    ]);
    expect(done.ok && done.value.changedCount).toBe(1);
    expect(await list('greylist', [])).toMatchObject({ ok: false, refusal: { code: 'field_malformed', field: 'list' } });
    const many = Array.from({ length: 1_001 }, () => prefix('43'));
    expect(await list('whitelist', many)).toMatchObject({ ok: false, refusal: { code: 'too_many_items' } });
  });

  it('show who put an entry on and who took it off, and give it back', async () => {
    await list('blacklist', [country('AT')]);
    await delist('blacklist', [country('AT')]);
    expect(await delist('blacklist', [country('AT'), country('GB')])).toMatchObject({
      ok: true, value: { changedCount: 0, unchangedCount: 1, refused: [{ index: 1, refusal: { code: 'unknown_list_entry' } }] },
    });
    expect((await show({ list: 'blacklist' })).entries).toEqual([]);
    expect((await show({ list: 'blacklist', withDelisted: true })).entries).toMatchObject([{ country: 'AT', listed: false, listedBy: 'operator:ann', delistedBy: 'operator:bob', prefixCount: 0 }]);
    expect(await documented('blacklist')).toEqual([]);
    await list('blacklist', [country('AT')], 'operator:cid');
    expect((await show({ list: 'blacklist', subject: 'AT' })).entries).toMatchObject([{ listed: true, listedBy: 'operator:cid', delistedAtUs: 0n }]);
    expect(await told()).toEqual(['on AT=43 1 operator:ann', 'off AT 2 operator:bob', 'on AT=43 3 operator:cid']);
  });

  it('are shown and handed on a page at a time', async () => {
    await list('blacklist', ['44', '43', '43664', '881'].map((each) => prefix(each)));
    const first = await show({ list: 'blacklist', pageSize: 3 });
    expect([first.entries?.map((entry) => entry.prefix), first.nextAfterSubject]).toEqual([['43', '43664', '44'], '44']);
    const next = await show({ list: 'blacklist', pageSize: 3, afterSubject: '44' });
    expect([next.entries?.map((entry) => entry.prefix), next.nextAfterSubject]).toEqual([['881'], '']);
    await delist('blacklist', [prefix('881')]);
    const snapshot = async (afterSubject: string) => {
      const page = await listAnswers(deps).snapshotLists(create(SnapshotListsRequestSchema, { afterList: 'blacklist', afterSubject }), context);
      return page.ok ? [page.value.entries?.map(({ subject, prefixes, revision }) => `${subject}=${prefixes?.join('/')} ${revision}`), page.value.more] : [];
    };
    expect(await snapshot('43664')).toEqual([['44=44 1', '881= 2'], false]);
    expect(await snapshot('881')).toEqual([[], false]);
  });

  it('follow the number plan, for as long as a country is on one', async () => {
    await list('blacklist', [country('AT')]);
    await list('whitelist', [country('AT')]);
    await delist('whitelist', [country('AT')]);
    const catalog = { ...deps.catalog, coverCountry: () => Promise.resolve(ok(create(CoverCountryReplySchema, { countryCode: 'AT', prefixes: ['43', '4399'] }))) };
    await renewCountries({ ...deps, catalog });
    await renewCountries({ ...deps, catalog });
    expect((await told()).filter((each) => each.includes('number plan'))).toEqual(['on AT=43/4399 2 number plan']);
    expect(await documented('blacklist')).toEqual([{ phonenumber_prefix: '43', country: 'AT' }, { phonenumber_prefix: '4399', country: 'AT' }]);
    expect((await show({ list: 'blacklist' })).entries).toMatchObject([{ listedBy: 'operator:ann', prefixCount: 2 }]);
  });

  it('rebuilt from their events are the same', async () => {
    await list('blacklist', [country('AT'), prefix('43'), prefix('881')]);
    await list('whitelist', [prefix('43664')]);
    await delist('blacklist', [prefix('881')]);
    const all = async () => [await documented('blacklist'), await documented('whitelist'), await bed.database.query('SELECT * FROM list_entry ORDER BY 1, 2')];
    const before = await all();
    for (const model of [readModel(listEntries), ...documentedLists]) await rebuild(bed.database, model);
    expect(await all()).toEqual(before);
  });
});

describe('hits', () => {
  const hourUs = 3_600_000_000n;
  const atUs = 492_000n * hourUs;
  const screened = (id: string, stopped: number, passed: number, us: bigint, name = 'blacklist'): ReceivedEvent => {
    const data = { hits: [{ list: name, subject: 'AT', stoppedCount: stopped, passedCount: passed, lastHitAtUs: us }] };
    const event = publicEventOf(publicEvents.NumbersScreened, { source: 'tollwire/routing', timeUs: instantUs(Number(us)), parts: [id], data });
    const decoded = decodeMessage(batchContentType, () => undefined, encodeEvent(event));
    const [received] = decoded.ok ? decoded.value : [];
    if (received === undefined) throw new Error('an event that was encoded is decoded');
    return received;
  };

  it('are summed by the hour, each once, and shown with their entry', async () => {
    await list('blacklist', [country('AT')]);
    const events = [screened('a', 2, 0, atUs + 5n), screened('b', 1, 4, atUs + hourUs)];
    expect(await runReaction(bed.database, countListHits(), events)).toMatchObject({ handled: 2 });
    expect(await runReaction(bed.database, countListHits(), [...events, screened('c', 1, 0, atUs + 1n)])).toMatchObject({ handled: 1, repeated: 2 });
    expect((await show({ list: 'blacklist' })).entries).toMatchObject([{ stoppedCount: 4n, passedCount: 4n, lastHitAtUs: atUs + hourUs }]);
    expect((await show({ list: 'blacklist', fromUs: atUs, untilUs: atUs + 1n })).entries).toMatchObject([{ stoppedCount: 3n, passedCount: 0n, lastHitAtUs: atUs + 5n }]);
    expect(await runReaction(bed.database, countListHits(), [screened('d', 1, 0, atUs, 'greylist')])).toMatchObject({ parked: 1 });
  });
});
