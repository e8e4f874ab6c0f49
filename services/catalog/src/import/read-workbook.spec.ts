import { describe, expect, it } from '@jest/globals';
import { formatNanos } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import { type CellOf, workbookOf, type WorkbookOf, zipOf } from '../fixture/workbook.fixture.ts';
import { unseen } from './deck-file.ts';
import { defaultOptions, type FileOptions } from './file-options.ts';
import { readWorkbook } from './read-workbook.ts';
import { decimalText } from './sheet-rows.ts';
import { workbookKind } from './workbook.ts';

const tooLarge = { code: 'deck_too_large' as const };

/** The rates and errors of a workbook, or what it is refused for. */
async function read(file: Buffer, options: Partial<FileOptions> = {}, ratesMax = 1_000): Promise<string> {
  const how = { format: unseen({ ...defaultOptions, ...options }, 'EUR'), isKnownPrefix: (prefix: string) => !prefix.startsWith('9'), ratesMax, tooLarge };
  const sheet = await readWorkbook(file, how);
  if (!sheet.ok) return `${sheet.refusal.code}: ${sheet.refusal.detail ?? ''}`;
  return sheet.value.batches.flatMap(({ rates, errors }) => [
    ...Array.from({ length: rates.size }, (_, at) => rates.rateAt(at)).map(({ prefix, ratePerMinNanos, validFromUs }) => {
      return `${prefix}=${formatNanos(ratePerMinNanos)}${validFromUs === 0 ? '' : `@${new Date(validFromUs / 1000).toISOString().slice(0, 10)}`}`;
    }),
    ...errors.map(({ line, code, value }) => `${line}:${code}:${value}`),
  ]).join(' ');
}

const header = ['Destination', 'Code', 'Rate', 'Effective Date'];
const deck: CellOf[][] = [header, ['Hungary & more', 36, 0.092, 46022], ['Romania', '40, 401', 0.08, ''], ['Nowhere', '99', 1, '']];
const whole = '36=0.092@2025-12-31 40=0.08 401=0.08 4:unknown_prefix:99';

describe('a workbook', () => {
  it.each<[what: string, workbook: WorkbookOf, options: Partial<FileOptions>, told: string]>([
    ['with its strings apart', { sheets: [{ name: 'Rates', rows: deck }] }, {}, whole],
    ['with its strings in its cells', { sheets: [{ name: 'Rates', rows: deck }], sharesStrings: false }, {}, whole],
    ['with title rows', { sheets: [{ name: 'Rates', rows: [['Acme'], [], ['Valid', 46000], ...deck] }] }, {}, whole.replace('4:', '7:')],
    ['with a cover sheet', { sheets: [{ name: 'Cover', rows: [['Acme'], ['Dear customer']] }, { name: 'Rates', rows: deck }] }, {}, whole],
    ['with a hidden sheet', { sheets: [{ name: 'Old', rows: [['Code', 'Rate'], [43, 1]], isHidden: true }, { name: 'Rates', rows: deck }] }, {}, whole],
    ['of which a sheet is named', { sheets: [{ name: 'A', rows: deck }, { name: 'B', rows: [['Code', 'Rate'], [43, 1]] }] }, { sheet: 'B' }, '43=1.00'],
    ['of which a sheet is numbered', { sheets: [{ name: 'A', rows: deck }, { name: 'B', rows: [['Code', 'Rate'], [43, 1]] }] }, { sheet: '2' }, '43=1.00'],
    ['that counts from 1904', { sheets: [{ name: 'A', rows: [header, ['', 36, 1, 44560]] }], countsFrom1904: true }, {}, '36=1.00@2025-12-31'],
    ['with dates as text', { sheets: [{ name: 'A', rows: [header, ['', 36, 1, '31.12.2025']] }] }, { dateOrder: 'dmy' }, '36=1.00@2025-12-31'],
    ['with decimal commas as text', { sheets: [{ name: 'A', rows: [header, ['', '36', '0,092', '']] }] }, {}, '36=0.092'],
    ['with a formula that failed', { sheets: [{ name: 'A', rows: [header, ['', 36, { written: '#N/A', type: 'e' }, '']] }] }, {}, '2:rate_malformed:#N/A'],
    ['with text that a formula made', { sheets: [{ name: 'A', rows: [header, ['', { written: '36', type: 'str' }, 1, '']] }] }, {}, '36=1.00'],
    ['with a row too wide', { sheets: [{ name: 'A', rows: [['Code', 'Rate'], [36, 1, ...Array.from({ length: 300 }, () => 7)], [40, 1]] }] }, {}, '40=1.00 2:row_malformed:36 1'],
    ['with numbers as doubles are', { sheets: [{ name: 'A', rows: [['Code', 'Rate'], [{ written: '4.47911E5' }, { written: '0.30000000000000004' }]] }] }, {}, '447911=0.30'],
  ])('%s is read', async (_, workbook, options, told) => {
    expect((await read(workbookOf(workbook), options)).replace(/(?<=:36 1) 7.*/, '')).toBe(told);
  });

  it.each<[what: string, file: Buffer, says: RegExp, options?: Partial<FileOptions>]>([
    ['no workbook', Buffer.from('PK\u0003\u0004 and nothing'), /no workbook, or not all of it/],
    ['cut short', workbookOf({ sheets: [{ name: 'A', rows: deck }] }).subarray(0, 900), /no workbook, or not all of it/],
    ['a ZIP of something else', zipOf({ 'a.txt': 'x' }), /no part xl\/workbook.xml/],
    ['without a sheet', workbookOf({ sheets: [] }), /no sheet/],
    ['without the sheet that is named', workbookOf({ sheets: [{ name: 'A', rows: deck }] }), /no sheet "B"; it has A/, { sheet: 'B' }],
    ['of empty sheets', workbookOf({ sheets: [{ name: 'A', rows: [] }] }), /sheet is empty/],
    ['without a rate', workbookOf({ sheets: [{ name: 'A', rows: [['Code', 'Name'], [36, 'HU']] }] }), /No column is named rate/],
    ['no XML', workbookOf({ sheets: [{ name: 'A', rows: deck }], parts: { 'xl/worksheets/sheet1.xml': '<worksheet><a></b>' } }), /is no XML/],
    ['with a document type', workbookOf({ sheets: [{ name: 'A', rows: deck }], parts: { 'xl/sharedStrings.xml': '<!DOCTYPE a [<!ENTITY b "c">]><sst/>' } }), /document type/],
    ['with entities of its own', workbookOf({ sheets: [{ name: 'A', rows: deck }], parts: { 'xl/sharedStrings.xml': '<sst><si><t>&bomb;</t></si></sst>' } }), /is no XML/],
    ['that unpacks to very much', workbookOf({ sheets: [{ name: 'A', rows: deck }], parts: { 'xl/workbook.xml': ' '.repeat(9 * 1024 * 1024) } }), /too large/],
    ['in another currency', workbookOf({ sheets: [{ name: 'A', rows: [['Code', 'Rate (USD)'], [36, 1]] }] }), /^currency_mismatch: .* names USD, and the plan is in EUR/],
    ['with a row of no number', workbookOf({ sheets: [{ name: 'A', rows: deck }], parts: { 'xl/worksheets/sheet1.xml': '<sheetData><row r="one"/></sheetData>' } }), /row has the number "one"/],
    ['with a row beyond all', workbookOf({ sheets: [{ name: 'A', rows: deck }], parts: { 'xl/worksheets/sheet1.xml': '<sheetData><row r="4294967297"/></sheetData>' } }), /row has the number/],
    ['with a value of too much text', workbookOf({ sheets: [{ name: 'A', rows: [['Code', { written: '1'.repeat(40_000) }]] }] }), /more text than a cell can/],
    ['with a cell of too much text', workbookOf({ sheets: [{ name: 'A', rows: [['Code', 'x'.repeat(40_000)]] }] }), /more text than a cell can/],
  ])('%s is refused', async (_, file, says, options = {}) => {
    const told = await read(file, options);
    expect(told).toMatch(/^(deck_malformed|currency_mismatch): /);
    expect(told).toMatch(says);
  });

  it('of more rates than a deck has is refused', async () => {
    const rows = [['Code', 'Rate'], ...Array.from({ length: 60 }, (_, at) => [3600 + at, 1])];
    expect(await read(workbookOf({ sheets: [{ name: 'A', rows }] }), {}, 59)).toBe('deck_too_large: ');
    expect((await read(workbookOf({ sheets: [{ name: 'A', rows }] }), {}, 60)).split(' ')).toHaveLength(60);
  });

  it('is known by its first bytes, and so is one that is not read', () => {
    expect(workbookKind(workbookOf({ sheets: [] }))).toBe('workbook');
    expect(workbookKind(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).toBe('old workbook');
    expect(workbookKind(Buffer.from('prefix,rate'))).toBeUndefined();
  });
});

describe('a number of a sheet', () => {
  it.each(table(`
    written               | is read as
    36                    | 36
    0.092                 | 0.092
    4.47911E5             | 447911
    1E-3                  | 0.001
    9.1999999999999998E-2 | 0.092
    0.30000000000000004   | 0.3
    1.0000000000000001E-9 | 0.000000001
    123456.78900000000    | 123456.789
    447911123456789       | 447911123456789
    -0.5                  | -0.5
    1E300                 | 1E300
    x                     | x
  `))('$written', ({ written = '', 'is read as': text }) => {
    expect(decimalText(written)).toBe(text);
  });
});
