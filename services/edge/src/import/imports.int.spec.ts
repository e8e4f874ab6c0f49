import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { batchContentType, CallEndedSchema, decodeMessage } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { until } from '@tollwire/testing';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { adminKey, type EdgeBed, edgeBed, Refusing } from '../spec-bed.ts';
import type { CdrRow } from '../cdr-import/rows.ts';
import { importCdrs } from './cdr-import.ts';
import { RowErrors } from './row-errors.ts';

describe('decks over HTTP', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
  });
  afterAll(() => edge.close());

  const pieces: Buffer[] = [];
  beforeEach(() => {
    pieces.length = 0;
    edge.backstage.answers = {
      beginDeckImport: () => ({ importId: 'i-1' }),
      appendDeckImport: (request) => {
        const { csv, sequence } = request as { csv: Uint8Array; sequence: number };
        if (sequence === pieces.length) pieces.push(Buffer.from(csv));
        return { rowsRead: 1n };
      },
      finishDeckImport: () => ({
        acceptedCount: 2n,
        errorCount: 1n,
        errors: [{ line: 3n, column: 'rate', code: 'amount_malformed', value: 'x' }],
        deck: { kind: 1, digest: 'ab'.repeat(32) },
      }),
    };
  });
  const csv = { headers: { 'content-type': 'text/csv' } };
  const path = '/v1/decks/import?kind=tariff&ownerId=7&delimiter=%3B';

  it('are handed on piece by piece, in order, and answered with what the catalog made of them', async () => {
    const deck = `prefix;rate\n${'43664;0.0125\n'.repeat(200_000)}`;
    const { status, body } = await edge.call('POST', path, deck, csv);
    expect(status).toBe(201);
    expect(body).toMatchObject({ importId: 'i-1', acceptedCount: 2, errorCount: 1, errors: [{ line: 3, column: 'rate', code: 'amount_malformed' }], deck: { kind: 'tariff' } });
    expect(Buffer.concat(pieces).toString()).toBe(deck);
    expect(pieces.length).toBeGreaterThan(2);
    expect(edge.backstage.asked.find(({ method }) => method === 'beginDeckImport')?.request).toMatchObject({
      kind: 1,
      ownerId: 7,
      delimiter: ';',
      by: 'admin:bootstrap',
    });
  });

  it('end at the first refusal', async () => {
    edge.backstage.answers['appendDeckImport'] = () => new Refusing({ code: 'deck_malformed', detail: 'There is no column for the rate.' });
    const { status, body } = await edge.call('POST', path, 'prefix;price\n'.repeat(300_000), csv);
    expect({ status, code: body['code'], facts: body['facts'] }).toEqual({ status: 422, code: 'deck_malformed', facts: { importId: 'i-1' } });
  });

  it('may be workbooks, and are told how they are written', async () => {
    const headers = { 'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' };
    const how = '/v1/decks/import?kind=carrier&ownerId=7&sheet=Rates&map=prefix%3DCode,rate%3DPrice&dateOrder=dmy&amends=true&dryRun=true';
    expect((await edge.call('POST', how, 'PK\u0003\u0004', { headers })).status).toBe(201);
    expect(edge.backstage.asked.findLast(({ method }) => method === 'beginDeckImport')?.request).toMatchObject({
      amends: true, dryRun: true, layout: { sheet: 'Rates', titles: { prefix: 'Code', rate: 'Price' }, dateOrder: 'dmy', rateUnitSec: 60 },
    });
  });

  it('have their bad rows as a CSV file, and none where there is no such import', async () => {
    const errors = [{ line: 3n, column: 'prefix', code: 'prefix_malformed', value: '+36', advice: 'Write digits.' }];
    edge.backstage.answers['listDeckImportErrors'] = (request) => {
      const { importId, afterLine } = request as { importId: string; afterLine: bigint };
      return importId === 'i-1' ? { errors: errors.filter(({ line }) => line > afterLine), errorCount: 1n } : new Refusing({ code: 'unknown_import' });
    };
    const { status, headers, text } = await edge.call('GET', '/v1/decks/imports/i-1/errors.csv');
    expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type: 'text/csv; charset=utf-8' });
    expect(text).toBe("line,column,code,value,what to do\n3,prefix,prefix_malformed,'+36,Write digits.\n");
    expect((await edge.call('GET', '/v1/decks/imports/other/errors.csv')).body).toMatchObject({ status: 404, code: 'unknown_import' });
  });

  it('are refused above the limit, and as what they are not', async () => {
    expect((await edge.call('POST', path, 'x'.repeat(9 * 1_048_576), csv)).body).toMatchObject({ status: 413, code: 'request_too_large' });
    expect((await edge.call('POST', path, {})).body).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });
});

describe('CDRs of a file', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
  });
  afterAll(() => edge.close());

  const us = 1_773_486_000_000_000n;
  const good = (line: number): CdrRow => ({
    line,
    rowText: `row ${line}`,
    call: ok(
      create(CallEndedSchema, {
        call: { switchId: 'fs', callId: `c-${line}`, leg: 0 },
        charged: { party: { case: 'cardId', value: '1' } },
        calledNumber: '4366',
        startedAtUs: us,
        endedAtUs: us + 1n,
      }),
    ),
  });
  const bad = (line: number): CdrRow => ({
    line,
    rowText: `row\0${line}`,
    call: refuse({ code: 'cdr_malformed', field: 'billsec', detail: 'billsec is no number.' }),
  });
  const impossible = (line: number): CdrRow => ({ line, rowText: 'x', call: ok(create(CallEndedSchema, { startedAtUs: us, endedAtUs: us - 1n })) });
  const file = { importId: 'f-1', format: 'asterisk_csv', by: 'operator:ann' };

  async function* together<T>(items: readonly T[]) {
    yield items;
  }
  const imported = async (...rows: CdrRow[]) => {
    const deps = {
      importQueue: edge.importQueue,
      switches: { clocks: new Map<string, never>(), refusesOthers: false, removedPrefixes: [] },
      rowErrors: new RowErrors(edge.database, edge.clock),
      clock: edge.clock,
      numbers: { read: () => undefined },
      countTold: () => undefined,
    };
    const lines: Record<string, unknown>[] = [];
    for await (const told of importCdrs(deps, file, together(rows))) lines.push(...told.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>));
    return lines;
  };

  it('are told of row by row and counted; bad ones are kept with their reason, once', async () => {
    const rows = [good(1), bad(2), impossible(3), good(4)];
    const told = [
      { line: 1, accepted: true, call: 'fs/c-1/0' },
      { line: 2, accepted: false, code: 'cdr_malformed', field: 'billsec' },
      { line: 3, accepted: false, code: 'times_out_of_order', field: 'endedAt' },
      { line: 4, accepted: true },
      { done: true, importId: 'f-1', accepted: 2, refused: 2 },
    ];
    expect(await imported(...rows)).toMatchObject(told);
    expect(await imported(...rows)).toMatchObject(told);
    const kept = await edge.database.query('SELECT line, code, field, row_text, imported_by FROM import_row_error ORDER BY line', []);
    expect(kept).toEqual([
      { line: 2n, code: 'cdr_malformed', field: 'billsec', row_text: 'row\u{fffd}2', imported_by: 'operator:ann' },
      { line: 3n, code: 'times_out_of_order', field: 'endedAt', row_text: 'x', imported_by: 'operator:ann' },
    ]);
  });

  it('come over HTTP and go back row by row', async () => {
    const row = (n: number, duration: string) =>
      `"0012345678901234","4312345678","436641234567","out","""A"" <43>","PJSIP/desk-0000000${n}","PJSIP/north-0000001${n}","Dial","x",` +
      `"2026-03-14 11:00:0${n}","2026-03-14 11:00:05","2026-03-14 11:01:05","${duration}","60","ANSWERED","DOCUMENTATION","1773486000.${n}",""`;
    const path = '/v1/cdrs/import?format=asterisk_csv&switchId=pbx-1&importId=Master.csv';
    const { status, headers, text } = await edge.call('POST', path, [row(1, '64'), 'not,a,cdr', row(2, '-3'), row(3, '64'), ''].join('\n'), {
      headers: { 'content-type': 'text/csv' },
    });
    expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type: 'application/x-ndjson' });
    expect(
      text
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toMatchObject([
      { line: 1, accepted: true, call: 'pbx-1/1773486000.1/0' },
      { line: 2, accepted: false, code: 'cdr_malformed' },
      { line: 3, accepted: false, code: 'duration_malformed', field: 'duration' },
      { line: 4, accepted: true },
      { done: true, importId: 'Master.csv', accepted: 2, refused: 2 },
    ]);
    expect(await edge.database.query('SELECT line FROM import_row_error WHERE import_id = $1 ORDER BY line', ['Master.csv'])).toEqual([
      { line: 2n },
      { line: 3n },
    ]);
  });

  it('are read by the clock of the switch', async () => {
    const row =
      '"0012345678901234","1","436641234567","out","","PJSIP/desk-01","PJSIP/north-02","Dial","x",' +
      '"2026-03-14 12:00:00","2026-03-14 12:00:05","2026-03-14 12:01:05","65","60","ANSWERED","DOCUMENTATION","zoned.1",""';
    const post = (zone: string) => edge.call('POST', `/v1/cdrs/import?format=asterisk_csv&switchId=pbx-9&zone=${zone}`, row, { headers: { 'content-type': 'text/csv' } });
    for (const zone of ['Europe/Vienna', '%2B01:00', '+01:00']) expect((await post(zone)).text).toContain('"accepted":1,"refused":0');
    // The same row by the same clock is the same event, however the clock is named.
    const rows = await edge.database.query<{ payload: Buffer }>('SELECT payload FROM import_queue ORDER BY position DESC LIMIT 3', []);
    const events = rows.flatMap(({ payload }) => {
      const read = decodeMessage(batchContentType, () => undefined, payload);
      return read.ok ? read.value : [];
    });
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
    expect(events[0]?.timeUs).toBe(Date.parse('2026-03-14T11:01:05Z') * 1000);
    expect((await post('Europe/Atlantis')).body).toMatchObject({ status: 400, code: 'field_malformed', field: 'zone' });
  });

  it('are shown to operators where they were refused, a page at a time', async () => {
    const importId = 'var/log/März.csv';
    const path = `/v1/cdrs/import?format=asterisk_csv&switchId=pbx-1&importId=${encodeURIComponent(importId)}`;
    await edge.call('POST', path, ['a', 'b,c', '', '"d'].join('\n'), { headers: { 'content-type': 'text/csv' } });
    const errors = async (query: string) => (await edge.call('GET', `/v1/cdrs/imports/${encodeURIComponent(importId)}/errors${query}`)).body;
    const [first, second, third] = [{ line: 1, rowText: 'a' }, { line: 2, rowText: 'b,c' }, { line: 4, rowText: '"d' }];
    expect(await errors('?pageSize=2')).toMatchObject({ errors: [first, second], errorCount: 3 });
    const last = await errors('?pageSize=2&afterLine=2');
    expect(last).toMatchObject({ errors: [third], errorCount: 3 });
    expect(last['errors']).toEqual([
      {
        line: 4, code: 'cdr_malformed', field: '$', detail: 'A quote in the row is not closed.', rowText: '"d',
        format: 'asterisk_csv', importedBy: 'admin:bootstrap', refusedAt: '2026-03-14T12:00:00.000000Z',
      },
    ]);
    expect(await errors('?afterLine=4')).toEqual({ errors: [], errorCount: 3 });
    expect((await edge.call('GET', '/v1/cdrs/imports/never/errors')).body).toEqual({ errors: [], errorCount: 0 });
  });

  it('show whole numbers to whose key sent the file, and prefixes to everybody else', async () => {
    const operator = async (name: string) => String((await edge.call('POST', '/v1/api-keys', { name, role: 'operator' })).body['token']);
    const [ann, bob] = [await operator('ann'), await operator('bob')];
    const path = '/v1/cdrs/import?format=asterisk_csv&switchId=pbx-1&importId=whole-numbers';
    await edge.call('POST', path, '"acme","4315550100","442071838750"', { key: ann, headers: { 'content-type': 'text/csv' } });
    const shownTo = async (key: string | undefined) => (await edge.call('GET', '/v1/cdrs/imports/whole-numbers/errors', undefined, key === undefined ? {} : { key })).body;
    const row = { line: 1, code: 'cdr_malformed', importedBy: 'operator:ann' };
    expect(await shownTo(ann)).toMatchObject({ errors: [{ ...row, rowText: '"acme","4315550100","442071838750"' }] });
    for (const other of [bob, undefined]) expect(await shownTo(other)).toMatchObject({ errors: [{ ...row, rowText: '"acme","431555****","442071******"' }] });
  });

  it('have a number starred out that is erased, and nothing else', async () => {
    await edge.call('POST', '/v1/cdrs/import?format=asterisk_csv&switchId=p&importId=erased', 'a,00436641234567,+436641234567\nb,436641234568\n', { headers: { 'content-type': 'text/csv' } });
    const rowErrors = new RowErrors(edge.database, edge.clock);
    expect(await rowErrors.forget('436641234567')).toBeGreaterThan(0);
    expect([await rowErrors.forget('436641234567'), await rowErrors.forget('6641')]).toEqual([0, 0]);
    const { body } = await edge.call('GET', '/v1/cdrs/imports/erased/errors');
    expect(body['errors']).toMatchObject([{ rowText: 'a,00436641******,+436641******' }, { rowText: 'b,436641234568' }]);
    expect((await edge.call('POST', '/v1/number-erasures/number', { number: 'x', reason: 'she asked to' })).body).toMatchObject({ code: 'field_malformed', field: 'number' });
  });

  it('keep their bad rows apart from those of another file', async () => {
    const send = (importId: string) => edge.call('POST', `/v1/cdrs/import?format=freeswitch_json&importId=${importId}`, '{}\n[]\n', { headers: { 'content-type': 'application/x-ndjson' } });
    await send('monday');
    await send('tuesday');
    await send('tuesday');
    for (const day of ['monday', 'tuesday']) expect((await edge.call('GET', `/v1/cdrs/imports/${day}/errors`)).body['errorCount']).toBe(2);
  });

  it('are counted, the good and the bad by their codes', async () => {
    const { told } = edge;
    told.accepted = 0;
    told.refused.length = 0;
    await edge.call('POST', '/v1/cdrs/import?format=freeswitch_json', '{}\nx\n', { headers: { 'content-type': 'application/x-ndjson' } });
    expect(told).toEqual({ accepted: 0, refused: ['field_missing', 'cdr_malformed'] });
  });

  it('stay taken as far as they came when the sender goes away, and may be sent again', async () => {
    await edge.database.query('DELETE FROM import_queue', []);
    const row = (n: number) => `acme,1,4420,c,,SIP/1-0a,SIP/t-0b,Dial,,2026-03-14 11:00:00,2026-03-14 11:00:04,2026-03-14 11:01:04,64,60,ANSWERED,DOC,abort.${n},\n`;
    const rows = Array.from({ length: 700 }, (_, n) => row(n));
    const path = '/v1/cdrs/import?format=asterisk_csv&switchId=pbx-1&importId=aborted';
    const upload = request(`${edge.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'text/csv' } });
    const gone = new Promise((resolve) => upload.once('error', resolve));
    upload.write(rows.join(''));
    const journalled = async () => Number((await edge.database.query<{ n: bigint }>('SELECT coalesce(sum(event_count), 0) AS n FROM import_queue', []))[0]?.n);
    await until(async () => (await journalled()) >= 500);
    upload.destroy(new Error('cable pulled'));
    await gone;
    expect((await edge.call('GET', '/v1/switches')).status).toBe(500);
    const again = await edge.call('POST', path, rows.join(''), { headers: { 'content-type': 'text/csv' } });
    expect(again.text).toContain('{"done":true,"importId":"aborted","accepted":700,"refused":0}');
    const keys = await edge.database.query<{ payload: Buffer }>('SELECT payload FROM import_queue', []);
    const ids = keys.flatMap(({ payload }) => {
      const read = decodeMessage(batchContentType, () => undefined, payload);
      return read.ok ? read.value.map(({ id }) => id) : [];
    });
    expect(new Set(ids).size).toBe(700);
  });

  it('are refused where they are compressed, and nothing of them is kept', async () => {
    const path = '/v1/cdrs/import?format=asterisk_csv&switchId=pbx-1&importId=zipped';
    const headers = { 'content-type': 'text/csv', 'content-encoding': 'gzip' };
    const { status, body } = await edge.call('POST', path, gzipSync('a,b\n'), { headers });
    expect({ status, body }).toMatchObject({ status: 415, body: { code: 'unsupported_media_type', facts: { contentEncoding: 'gzip' } } });
    expect((await edge.call('GET', '/v1/cdrs/imports/zipped/errors')).body['errorCount']).toBe(0);
  });

  it('go on after a row without end and bytes that are no text', async () => {
    const file = Buffer.concat([Buffer.alloc(2 * 1_048_576, 'x'), Buffer.from('\n'), Buffer.from([0x1f, 0x8b, 0x00, 0xff, 0x0a]), Buffer.from('{}')]);
    const { text } = await edge.call('POST', '/v1/cdrs/import?format=freeswitch_json&importId=odd', file, { headers: { 'content-type': 'application/octet-stream' } });
    const lines = text.trim().split('\n').map((line): unknown => JSON.parse(line));
    expect(lines).toMatchObject([
      { line: 1, accepted: false, code: 'request_too_large' },
      { line: 2, accepted: false, code: 'cdr_malformed' },
      { line: 3, accepted: false, code: 'field_missing' },
      { done: true, accepted: 0, refused: 3 },
    ]);
    const { body } = await edge.call('GET', '/v1/cdrs/imports/odd/errors');
    expect((body['errors'] as { rowText: string }[]).map(({ rowText }) => rowText.length)).toEqual([8192, 4, 2]);
  });

  it('end without a last line where the file grows above the limit', async () => {
    const file = `${'x'.repeat(100_000)}\n`.repeat(100);
    const sending = edge.call('POST', '/v1/cdrs/import?format=asterisk_csv&switchId=p&importId=huge', file, { headers: { 'content-type': 'text/csv' } });
    const told = await sending.then(({ text }) => text, String);
    expect(told).not.toContain('"done"');
  });

  it('are journalled in commits of many', async () => {
    const lines = await imported(...Array.from({ length: 1201 }, (_, n) => good(n + 10)));
    expect(lines.at(-1)).toMatchObject({ accepted: 1201, refused: 0 });
  });
});
