import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fromBinary } from '@bufbuild/protobuf';
import { DeckChunkSchema, DeckKind } from '@tollwire/contracts';
import { table } from '@tollwire/testing';
import { appendAll, catalogRig, type CatalogRig, type DeckOf, granted, smallPlan } from '../fixture/catalog-rig.fixture.ts';
import { drained } from '../fixture/drained.fixture.ts';
import { workbookOf } from '../fixture/workbook.fixture.ts';
import { decodeDeck } from './deck-chunks.ts';
import { sweepImports } from './sweep-imports.ts';

describe('importing a rate deck', () => {
  let rig: CatalogRig;
  let deck: DeckOf;
  let plans = 0;

  beforeAll(async () => {
    rig = await catalogRig('catalog_import');
    granted(await rig.ask.loadNumberPlan(smallPlan));
  }, 60_000);
  afterAll(() => rig.close());

  beforeEach(async () => {
    plans += 1;
    const { id = 0 } = granted(await rig.ask.createCarrierPlan({ name: `plan ${plans}`, currency: 'EUR', carrierCode: 'ACME', by: 'ann' }));
    deck = { kind: DeckKind.CARRIER, ownerId: id };
  });

  /** The rates in force, `36=0.092[2026-06-01,)`. */
  async function live(ownerId = deck.ownerId): Promise<string> {
    await rig.copied();
    const rows = await rig.database.query<{ text: string }>(
      `select format('%s=%s[%s,%s)', prefix, carrier_rate, valid_from::date, valid_until::date) as text
       from voip_carrier_rate_in_force where voip_carrier_plan_id = $1 order by prefix, valid_from`,
      [ownerId],
    );
    return rows.map(({ text }) => text).join(' ');
  }

  async function content(digest = ''): Promise<string> {
    const { content: bytes = new Uint8Array() } = granted(await rig.ask.fetchDeckChunk({ digest, chunk: 0 }));
    const rates = drained(decodeDeck([bytes])).result;
    return Array.from({ length: rates.size }, (_, at) => rates.rateAt(at)).map(({ prefix, ratePerMinNanos, validFromUs, validUntilUs }) => {
      const day = (us: number) => (us === 0 ? '' : new Date(us / 1000).toISOString().slice(0, 10));
      return `${prefix}=${Number(ratePerMinNanos) / 1e9}[${day(validFromUs)},${day(validUntilUs)})`;
    }).join(' ');
  }

  /** Rows in the rate table, of versions or not. */
  async function copied(): Promise<number> {
    await rig.copied();
    const [row] = await rig.database.query<{ count: number }>(
      'select count(*)::int as count from voip_carrier_rate where voip_carrier_plan_id = $1', [deck.ownerId],
    );
    return row?.count ?? 0;
  }

  /** What each rate of a version is in the number plan: `431=43`, or `4=` where it is none. */
  async function placed(digest = ''): Promise<string> {
    const { content: bytes = new Uint8Array() } = granted(await rig.ask.fetchDeckChunk({ digest, chunk: 0 }));
    const { prefix, countryPrefixId } = fromBinary(DeckChunkSchema, bytes);
    const rows = await rig.database.query<{ id: number; prefix: string }>('select countryprefixid as id, prefix from countryprefix where countryprefixid = any($1::int[])', [countryPrefixId]);
    const known = new Map(rows.map((row) => [row.id, row.prefix]));
    return prefix.map((digits, at) => `${digits}=${known.get(countryPrefixId[at] ?? 0) ?? ''}`).join(' ');
  }

  const activate = (digest = '') => rig.ask.activateDeck({ ...deck, digest, by: 'ann' });

  it.each(table(`
    case   | csv                                        | accepted | errors
    IMP-01 | 36, 0.092/40, 0.091                        | 2        | -
    IMP-02 | 36,0.09/99999999,0.1/40,0.09               | 2        | 2:prefix:unknown_prefix:99999999
    header | Code;Price;Name/36;0,09;Hungary/x;1;y      | 1        | 3:prefix:prefix_malformed:x
    start  | 4,0.1/99,0.2/447911,0.3                    | 3        | -
    twice  | 36,0.09/40,0.08/36,0.07                    | 2        | 3:prefix:duplicate_prefix:36
    quotes | prefix,rate/"36","0.09"/"40,0.08/44,0.1    | 2        | 3::row_malformed:"40,0.08
  `))('$case', async ({ csv = '', accepted, errors }) => {
    const reply = granted(await rig.importDeck(deck, csv.replaceAll('/', '\n')));
    expect(String(reply.acceptedCount)).toBe(accepted);
    expect((reply.errors ?? []).map(({ line, column, code, value }) => `${line}:${column}:${code}:${value}`).join(', ')).toBe(errors);
    expect(reply.errorCount).toBe(BigInt(reply.errors?.length ?? 0));
    expect(reply.deck).toMatchObject({ version: 1, currency: 'EUR', carrierCode: 'ACME', rateCount: BigInt(accepted ?? 0), chunkCount: 1 });
  });

  it('tells of each rate the longest country prefix that it begins with, also of those that it carries over', async () => {
    const first = granted(await rig.importDeck(deck, '4,0.3\n43,0.1\n431,0.2'));
    granted(await activate(first.deck?.digest));
    const second = granted(await rig.importDeck(deck, '43,0.095,2026-07-01'));
    expect(await placed(first.deck?.digest)).toBe('4= 43=43 431=43');
    expect(await placed(second.deck?.digest)).toBe('43=43 43=43');
  });

  it('tells the titles that it passed over, of a workbook too, and again when it is asked again', async () => {
    const csv = granted(await rig.importDeck(deck, 'Code,Rate,Starts\u0000on,Note\n36,0.1,2027-01-01,new'));
    expect(csv.passedOver).toEqual(['Starts on', 'Note']);
    const sheet = granted(await rig.importDeck(deck, workbookOf({ sheets: [{ name: 'Rates', rows: [['Code', 'Rate', 'Comment'], [36, 1, 'x']] }] })));
    expect(sheet.passedOver).toEqual(['Comment']);
    expect(granted(await rig.importDeck(deck, '36,0.1')).passedOver).toEqual([]);
  });

  it('IMP-03: a date closes the rate in force and opens the new one', async () => {
    const first = granted(await rig.importDeck(deck, '36,0.092'));
    granted(await activate(first.deck?.digest));
    const second = granted(await rig.importDeck(deck, '36,0.095,2026-07-01'));
    expect(second).toMatchObject({ acceptedCount: 1n, carriedCount: 1n, errorCount: 0n });
    expect(await content(second.deck?.digest)).toBe('36=0.092[,2026-07-01) 36=0.095[2026-07-01,)');
    rig.clock.advanceSec(86_400);
    granted(await activate(second.deck?.digest));
    expect(await live()).toBe('36=0.092[2026-06-01,2026-06-02) 36=0.092[2026-06-02,2026-07-01) 36=0.095[2026-07-01,)');
  });

  it('takes a file of changes, which leaves all else as it is', async () => {
    const first = granted(await rig.importDeck(deck, '36,0.09\n40,0.08'));
    granted(await activate(first.deck?.digest));
    const changes = granted(await rig.importDeck(deck, '40,0.07\n43,0.01', { amends: true }));
    expect(await content(changes.deck?.digest)).toBe('36=0.09[,) 40=0.07[,) 43=0.01[,)');
    const whole = granted(await rig.importDeck(deck, '40,0.07\n43,0.01'));
    expect(await content(whole.deck?.digest)).toBe('40=0.07[,) 43=0.01[,)');
  });

  it('reads a file as its sender says that it is written, in whatever pieces it comes', async () => {
    const csv = 'Acme;Rates of 01.12.2026\n\nLand;Vorwahl;Preis/s;Takt;Ab\nUngarn;36, 360-364;0,001;30/30/6;01.07.2026\nRumänien;40;n/a;;\n';
    const layout = { titles: { prefix: 'Vorwahl', rate: 'Preis/s', increments: 'Takt', valid_from: 'Ab' }, dateOrder: 'dmy', rateUnitSec: 1, blockedWords: ['n/a'] };
    const reply = granted(await rig.importDeck(deck, csv, { layout, pieceBytes: 7 }));
    expect(reply).toMatchObject({ acceptedCount: 7n, rowCount: 2n, errorCount: 0n });
    expect(await content(reply.deck?.digest)).toMatch(/^36=0\.06\[2026-07-01,\) 360=0\.06\S+ 361=\S+ 362=\S+ 363=\S+ 364=\S+ 40=0\[,\)$/);
  });

  it('tells of each bad prefix of a row, and of rates in another currency than the plan', async () => {
    const csv = 'code;rate;currency\n36, 98, x, 40;1;EUR\n43;1;USD\n';
    const reply = granted(await rig.importDeck(deck, csv));
    expect(reply).toMatchObject({ acceptedCount: 2n, errorCount: 3n });
    const told = (reply.errors ?? []).map(({ line, column, code, value }) => `${line}:${column}:${code}:${value}`).toSorted();
    expect(told).toEqual(['2:prefix:prefix_malformed:x', '2:prefix:unknown_prefix:98', '3:currency:currency_mismatch:USD']);
    expect((reply.errors ?? []).every(({ advice = '' }) => advice.endsWith('.'))).toBe(true);
  });

  it('lists errors in pages that never cut a row in two', async () => {
    const bad = Array.from({ length: 600 }, (_, at) => 98_000 + at).join(', ');
    const importId = await appendAll(rig.ask, deck, `code;rate\n36;1\n${bad};1\n${bad};1\n98;1\n`, {});
    granted(await rig.ask.finishDeckImport({ importId }));
    const first = granted(await rig.ask.listDeckImportErrors({ importId, afterLine: 0n }));
    const second = granted(await rig.ask.listDeckImportErrors({ importId, afterLine: first.errors?.at(-1)?.line ?? 0n }));
    expect([first.errors?.length, first.errors?.at(-1)?.line, first.errorCount]).toEqual([1_200, 4n, 1_201n]);
    expect(second.errors?.map(({ line, value }) => `${line}:${value}`)).toEqual(['5:98']);
  });

  it('reads a workbook, in whatever pieces it comes, as the text of the same rows', async () => {
    const rows = [['Acme'], [], ['Code', 'Rate'], ['36, 360-364', 0.06], [98, 1], [40, 0.05]];
    const file = workbookOf({ sheets: [{ name: 'Cover', rows: [['Hello']] }, { name: 'Rates', rows }] });
    const reply = granted(await rig.importDeck(deck, file, { pieceBytes: 600 }));
    expect(reply).toMatchObject({ acceptedCount: 7n, rowCount: 3n, errorCount: 1n, errors: [{ line: 5n, column: 'prefix', code: 'unknown_prefix', value: '98' }] });
    const text = granted(await rig.importDeck(deck, 'code;rate\n36, 360-364;0,06\n40;0,05\n'));
    expect(text.deck?.digest).toBe(reply.deck?.digest);
    const { importId = '' } = granted(await rig.ask.beginDeckImport({ ...deck, by: 'ann', layout: { sheet: 'Rates' } }));
    for (const [sequence, csv] of [file.subarray(0, 2), file.subarray(2, 3), file.subarray(3)].entries()) granted(await rig.ask.appendDeckImport({ importId, sequence, csv }));
    expect(granted(await rig.ask.finishDeckImport({ importId })).deck?.digest).toBe(reply.deck?.digest);
  });

  it('refuses a workbook that is none, or an old one, and leaves nothing', async () => {
    const importId = await appendAll(rig.ask, deck, Buffer.from('PK\u0003\u0004 cut short'), {});
    expect(await rig.ask.finishDeckImport({ importId })).toMatchObject({ ok: false, refusal: { code: 'deck_malformed', field: 'csv' } });
    const { importId: old = '' } = granted(await rig.ask.beginDeckImport({ ...deck, by: 'ann' }));
    expect(await rig.ask.appendDeckImport({ importId: old, sequence: 0, csv: Buffer.from('d0cf11e0a1b11ae1', 'hex') }))
      .toMatchObject({ ok: false, refusal: { code: 'deck_malformed', detail: expect.stringContaining('XLSX') } });
    expect(granted(await rig.ask.listDecks(deck)).decks).toEqual([]);
  });

  it('of a dry run makes no version, and tells the same again', async () => {
    const importId = await appendAll(rig.ask, deck, '36,0.09\n98,1\n36,0.08', { dryRun: true });
    const reply = granted(await rig.ask.finishDeckImport({ importId }));
    expect(reply).toMatchObject({ acceptedCount: 1n, errorCount: 2n, rowCount: 3n, deck: { version: 0, rateCount: 1n, currency: 'EUR' } });
    expect(granted(await rig.ask.finishDeckImport({ importId }))).toEqual(reply);
    expect(granted(await rig.ask.listDecks(deck)).decks).toEqual([]);
    expect(await copied()).toBe(0);
    const real = granted(await rig.importDeck(deck, '36,0.09'));
    expect(real.deck).toMatchObject({ version: 1, digest: reply.deck?.digest });
  });

  it('refuses to activate changes to a version that another has replaced', async () => {
    const [one, two] = [granted(await rig.importDeck(deck, '36,0.09')), granted(await rig.importDeck(deck, '36,0.08'))];
    granted(await activate(one.deck?.digest));
    const changes = granted(await rig.importDeck(deck, '40,0.07', { amends: true }));
    rig.clock.advanceSec(60);
    granted(await activate(two.deck?.digest));
    rig.clock.advanceSec(60);
    expect(await activate(changes.deck?.digest)).toMatchObject({ ok: false, refusal: { code: 'deck_base_superseded' } });
  });

  it('makes one version of the same file, however it is cut and sorted', async () => {
    const first = granted(await rig.importDeck(deck, 'prefix,rate\n36,0.09\n40,0.080\n'));
    const again = granted(await rig.importDeck(deck, '40, 0.08\r\n36, 0.09', { pieceBytes: 3 }));
    expect(again.deck).toEqual(first.deck);
    expect(await copied()).toBe(2);
  });

  it('answers a piece that it has had, and refuses one too early, changed, or after the end', async () => {
    const { importId = '' } = granted(await rig.ask.beginDeckImport({ ...deck, by: 'ann' }));
    const append = (sequence: number, csv: string) => rig.ask.appendDeckImport({ importId, sequence, csv: Buffer.from(csv) });
    expect(granted(await append(0, '36,0.09\n40,0'))).toMatchObject({ rowsRead: 1n });
    expect(granted(await append(0, '36,0.09\n40,0'))).toMatchObject({ rowsRead: 1n });
    expect(await append(0, '36,0.10\n40,0')).toMatchObject({ ok: false, refusal: { code: 'idempotency_mismatch' } });
    expect(await append(2, 'x')).toMatchObject({ ok: false, refusal: { code: 'import_out_of_sequence', facts: { nextSequence: '1' } } });
    expect(granted(await append(1, '.08'))).toMatchObject({ rowsRead: 1n });
    const finished = granted(await rig.ask.finishDeckImport({ importId }));
    expect(finished).toMatchObject({ acceptedCount: 2n, errorCount: 0n });
    expect(granted(await rig.ask.finishDeckImport({ importId }))).toEqual(finished);
    expect(await append(3, 'x')).toMatchObject({ ok: false, refusal: { code: 'import_finished' } });
    expect(granted(await append(0, '36,0.09\n40,0'))).toMatchObject({ rowsRead: 2n });
  });

  it('makes one version when two instances finish at once', async () => {
    const importId = await appendAll(rig.ask, deck, '36,0.09\n40,0.08', {});
    const answers = await Promise.all([rig.ask, rig.another(), rig.ask].map((ask) => ask.finishDeckImport({ importId })));
    const done = answers.filter(({ ok }) => ok);
    expect(done.length).toBeGreaterThan(0);
    for (const answer of answers) if (!answer.ok) expect(answer.refusal.code).toBe('concurrent_change');
    granted(await activate(granted(await rig.ask.finishDeckImport({ importId })).deck?.digest));
    expect(await live()).toMatch(/^36=0.09\S+ 40=0.08\S+$/);
  });

  it('refuses a file without a rate, and keeps what was wrong with it', async () => {
    const importId = await appendAll(rig.ask, deck, '99999,1\n99998,1\n36,free', {});
    expect(await rig.ask.finishDeckImport({ importId })).toMatchObject({ ok: false, refusal: { code: 'deck_empty' } });
    const page = granted(await rig.ask.listDeckImportErrors({ importId, afterLine: 1n }));
    expect(page.errorCount).toBe(3n);
    expect(page.errors).toMatchObject([{ line: 2n, code: 'unknown_prefix' }, { line: 3n, code: 'rate_malformed', value: 'free' }]);
  });

  it.each<[what: string, request: object, code: string]>([
    ['no kind', { kind: 0, ownerId: 1 }, 'field_missing'],
    ['an unknown plan', { kind: DeckKind.TARIFF, ownerId: 4_000_000_000 }, 'unknown_plan'],
    ['columns without a rate', { kind: DeckKind.CARRIER, ownerId: 1, columns: ['prefix'] }, 'deck_malformed'],
    ['another delimiter', { kind: DeckKind.CARRIER, ownerId: 1, delimiter: ':' }, 'field_malformed'],
  ])('refuses to begin with %s', async (_, request, code) => {
    expect(await rig.ask.beginDeckImport({ by: 'ann', ...request })).toMatchObject({ ok: false, refusal: { code } });
  });

  it('refuses a file whose header names no rate, and an import that there is none of', async () => {
    const { importId = '' } = granted(await rig.ask.beginDeckImport({ ...deck, by: 'ann' }));
    granted(await rig.ask.appendDeckImport({ importId, sequence: 0, csv: Buffer.from('destination,code\nHU,36\n') }));
    expect(await rig.ask.finishDeckImport({ importId })).toMatchObject({ ok: false, refusal: { code: 'deck_malformed', field: 'columns' } });
    for (const unknown of ['', 'x', '00000000-0000-4000-8000-000000000000']) {
      expect(await rig.ask.finishDeckImport({ importId: unknown })).toMatchObject({ ok: false, refusal: { code: 'unknown_import' } });
    }
  });

  it('takes a hundred thousand rows, with every thousandth of them bad', async () => {
    const csv = Array.from({ length: 100_000 }, (_, index) => `${index % 1000 === 999 ? '999' : '44'}${100_000 + index},0.01,30/6`).join('\n');
    const reply = granted(await rig.importDeck(deck, csv, { columns: ['prefix', 'rate', 'increments'] }));
    expect(reply).toMatchObject({ acceptedCount: 99_900n, errorCount: 100n });
    expect(await copied()).toBe(99_900);
  }, 60_000);

  describe('that fails half-way (IMP-06)', () => {
    const rows = 3_000;
    const csv = Array.from({ length: rows }, (_, index) => `36${1000 + index},0.0${index % 90 + 10}`).join('\n');
    const chunksOf = async (importId: string) => {
      const digest = (await rig.database.query<{ digest: string }>('select digest from deck_import where import_id = $1', [importId]))[0]?.digest ?? '';
      return { count: async () => (await rig.database.query('select 1 from deck_chunk where digest = $1', [digest])).length };
    };

    it('leaves the live rates as they are, goes on where it stopped, and is one version', async () => {
      const first = granted(await rig.importDeck(deck, '36,0.09'));
      granted(await activate(first.deck?.digest));
      const before = await live();
      const importId = await appendAll(rig.ask, deck, csv, {});
      await expect(rig.failToRecord(importId)).rejects.toThrow('the power is gone');
      expect(await copied()).toBe(1);
      expect(await live()).toBe(before);
      expect(granted(await rig.ask.listDecks(deck)).decks).toHaveLength(1);
      const finished = granted(await rig.another().finishDeckImport({ importId }));
      expect(finished.deck).toMatchObject({ version: 2, rateCount: BigInt(rows) });
      expect(await copied()).toBe(rows + 1);
      expect(await live()).toBe(before);
    });

    it('is rolled back, once it is in force, by activating the version before', async () => {
      const first = granted(await rig.importDeck(deck, '36,0.09\n361000,0.5'));
      granted(await activate(first.deck?.digest));
      const prices = async () => (await live()).match(/\S+,\)/g)?.map((rate) => rate.replace(/\[.*/, ''));
      const before = await prices();
      const importId = await appendAll(rig.ask, deck, csv, {});
      await expect(rig.failToRecord(importId)).rejects.toThrow('the power is gone');
      expect(await prices()).toEqual(before);
      const finished = granted(await rig.ask.finishDeckImport({ importId }));
      rig.clock.advanceSec(60);
      granted(await activate(finished.deck?.digest));
      expect((await prices())?.length).toBe(rows);
      rig.clock.advanceSec(60);
      granted(await activate(first.deck?.digest));
      expect(await prices()).toEqual(before);
    });

    it('is swept away when nobody goes on with it, and may be begun again', async () => {
      // Content that no other version has.
      const own = `${csv}\n3699999,0.5`;
      const importId = await appendAll(rig.ask, deck, own, {});
      await expect(rig.failToRecord(importId)).rejects.toThrow('the power is gone');
      const chunks = await chunksOf(importId);
      await sweepImports(rig.deps);
      expect(await chunks.count()).toBeGreaterThan(0);
      rig.clock.advanceSec(86_401);
      await sweepImports(rig.deps);
      expect([await chunks.count(), await copied()]).toEqual([0, 0]);
      expect(await rig.ask.finishDeckImport({ importId })).toMatchObject({ ok: false, refusal: { code: 'unknown_import' } });
      expect(granted(await rig.importDeck(deck, own)).deck).toMatchObject({ version: 1, rateCount: BigInt(rows + 1) });
    });

    it('is made anew when another version came in force meanwhile', async () => {
      const [one, two] = [granted(await rig.importDeck(deck, '40,0.01')), granted(await rig.importDeck(deck, '40,0.02'))];
      granted(await activate(one.deck?.digest));
      const importId = await appendAll(rig.ask, deck, csv, { amends: true });
      await expect(rig.failToRecord(importId)).rejects.toThrow('the power is gone');
      rig.clock.advanceSec(60);
      granted(await activate(two.deck?.digest));
      const finished = granted(await rig.ask.finishDeckImport({ importId }));
      expect(finished).toMatchObject({ carriedCount: 1n, deck: { version: 3, rateCount: BigInt(rows + 1) } });
      expect(await copied()).toBe(rows + 3);
      rig.clock.advanceSec(60);
      granted(await activate(finished.deck?.digest));
      expect(await live()).toMatch(/40=0.02\S+$/);
    });

    it('never lets the rates of a version be discarded', async () => {
      const { deck: version } = granted(await rig.importDeck(deck, '36,0.09'));
      const [row] = await rig.database.query<{ id: bigint }>('select deck_id as id from rate_deck where digest = $1', [version?.digest]);
      await expect(rig.database.query('select discard_unfinished_rates($1, 10)', [row?.id])).rejects.toThrow('its rates stay');
    });

    it.each(['tariffrate', 'voip_retail_rate', 'voip_carrier_rate', 'deck_chunk', 'event'])('never changes or deletes a row of %s', async (name) => {
      await expect(rig.database.query(`delete from ${name}`)).rejects.toThrow('permission denied');
      await expect(rig.database.query(`truncate ${name}`)).rejects.toThrow('permission denied');
      const column = { deck_chunk: 'chunk', event: 'version' }[name] ?? 'prefix';
      await expect(rig.database.query(`update ${name} set ${column} = ${column}`)).rejects.toThrow('permission denied');
    });
  });
});
