import { describe, expect, it } from '@jest/globals';
import { formatNanos } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { drained } from '../fixture/drained.fixture.ts';
import { type FileProgress, readPiece as reading, unseen } from './deck-file.ts';
import { defaultOptions, type FileOptions } from './file-options.ts';

type ReadPiece = (...of: Parameters<typeof reading>) => ReturnType<typeof drained<ReturnType<typeof reading> extends Generator<void, infer T> ? T : never>>['result'];
const readPiece: ReadPiece = (...of) => drained(reading(...of)).result;
const start = (options: Partial<FileOptions> = {}): FileProgress => ({ format: unseen({ ...defaultOptions, ...options }, 'EUR'), rest: Buffer.alloc(0), nextLine: 1 });
const isKnown = (prefix: string) => !prefix.startsWith('9');

/** The rates and errors of a file that comes in pieces: `36=0.09 2:unknown_prefix`, or the refusal of the whole. */
function read(pieces: readonly (string | Buffer)[], options: Partial<FileOptions> = {}): string {
  const told: string[] = [];
  let progress = start(options);
  for (const [index, piece] of pieces.entries()) {
    const answer = readPiece(progress, Buffer.from(piece), index === pieces.length - 1, isKnown);
    if (!answer.ok) return answer.refusal.code;
    const { rates, errors } = answer.value;
    for (let at = 0; at < rates.size; at += 1) told.push(`${rates.rateAt(at).prefix}=${formatNanos(rates.rateAt(at).ratePerMinNanos)}`);
    told.push(...errors.map(({ line, code }) => `${line}:${code}`));
    progress = answer.value.progress;
  }
  return told.join(' ');
}

describe('the file of a deck', () => {
  it.each(table(`
    file                                  | is read as             | what
    36,0.09/40,0.08                       | 36=0.09 40=0.08        | without a header
    prefix,rate/36,0.09                   | 36=0.09                | with one
    rate;prefix/0.09;36                   | 36=0.09                | in another order
    Dial Code;Price/36;0,09               | 36=0.09                | with a decimal comma
    prefix,rate,rate/36,1,2               | deck_malformed         | with two rates
    country,code/HU,36                    | deck_malformed         | without a rate
    code,rate USD/36,1                    | currency_mismatch      | in another currency than its plan
    code,rate/36,0,1/40,1/43,1, ,         | 40=1.00 43=1.00 2:row_malformed | with a decimal comma that parts the cells
    code;rate/36;0,1;NEW                  | 36=0.10                | with cells beside the header that commas do not part
    +36,0.09/40,1                         | 40=1.00 1:prefix_malformed | with a bad first row
    99,0.09/36,x/40,1                     | 40=1.00 1:unknown_prefix 2:rate_malformed | with bad rows
    code,rate,,/36,1,,/,,,/ , ,/40,1,,/x,, | 36=1.00 40=1.00 6:prefix_malformed | with rows of a spreadsheet that are empty
    code;rate/36;,09/40;.08               | 36=0.09 40=0.08        | with nothing before the decimal mark
    prefix,rate                           | -                      | with a header and nothing else
    -                                     | -                      | that is empty
  `))('$what', ({ file = '', 'is read as': expected }) => {
    expect(read([file.replaceAll('/', '\n')])).toBe(expected);
  });

  it('may begin with a byte order mark', () => {
    expect(read(['\ufeffprefix,rate\n36,0.09'])).toBe('36=0.09');
    expect(read(['\ufeff36,0.09'])).toBe('36=0.09');
  });

  it('may have lines that end in a carriage return alone, in whatever pieces', () => {
    const bytes = Buffer.from('prefix,rate\r36,0.09\r"40",0.08\r\r43,x\r');
    const whole = '36=0.09 40=0.08 5:rate_malformed';
    expect(read([bytes])).toBe(whole);
    for (let size = 1; size < bytes.length; size += 1) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
      expect(read(pieces).split(' ').sort().join(' ')).toBe(whole);
    }
  });

  it('is Windows-1252 where it is no UTF-8, piece by piece', () => {
    const titles = { prefix: 'Vorwahl', rate: 'Gebühr' };
    const pieces = ['Vorwahl;Gebühr\n36;0,09\n', '40;0,08\n'].map((piece) => Buffer.from(piece, 'latin1'));
    expect(read(pieces, { titles })).toBe('36=0.09 40=0.08');
    expect(read(pieces.map((piece) => piece.toString('latin1')), { titles })).toBe('36=0.09 40=0.08');
  });

  it('has the columns that were named, whether it has a header of its own or not', () => {
    const columns = ['', 'rate', 'prefix'];
    expect(read(['HU,0.09,36\nRO,0.08,40'], { columns })).toBe('36=0.09 40=0.08');
    expect(read(['name,price,code\nHU,0.09,36'], { columns })).toBe('36=0.09');
  });

  it('has the delimiter that was given', () => {
    expect(read(['36;0,09'], { delimiter: '|', header: 'none' })).toBe('1:rate_missing');
    expect(read(['36;0,09'], { delimiter: ';' })).toBe('36=0.09');
  });

  it('is read the same in whatever pieces it comes, characters torn apart or not', () => {
    const bytes = Buffer.from('name;code;price\nRumänien;40;0,08\n"Öster;reich";43;0,01\nx;99;1\nMagyarország;36;0,09');
    const whole = read([bytes]).split(' ').sort();
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 8 }), (cuts) => {
        const bounds = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const pieces = bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end));
        expect(read(pieces).split(' ').sort()).toEqual(whole);
      }),
    );
  });

  it('is refused when a line has no end', () => {
    expect(read(['36,'.padEnd(70_000, '1'), '\n'])).toBe('deck_malformed');
  });

  it('keeps of a bad cell what can be stored, and not more than a glance', () => {
    const answer = readPiece(start(), Buffer.from(`36,\u0000${'x'.repeat(500)}`), true, isKnown);
    expect(answer.ok && answer.value.errors[0]?.value).toBe('x'.repeat(99));
  });

  it('counts rows without the header, and goes on with lines where it stopped', () => {
    const first = readPiece(start(), Buffer.from('prefix,rate\n36,1\n40,'), false, isKnown);
    if (!first.ok) throw new Error(first.refusal.code);
    expect(first.value).toMatchObject({ rowCount: 1, progress: { nextLine: 3, format: { delimiter: ',', places: { prefix: 0, rate: 1 } } } });
    expect(first.value.progress.rest.toString()).toBe('40,');
    const second = readPiece(first.value.progress, Buffer.from('x'), true, isKnown);
    expect(second.ok && second.value.errors).toEqual([{ line: 3, column: 'rate', code: 'rate_malformed', value: 'x' }]);
  });

  it.each<[what: string, lines: readonly string[], options: Partial<FileOptions>, told: string]>([
    ['title rows above the header', ['Acme Telecom;;', 'Valid from;01.12.2026;', '', 'Code;Destination;Rate', '36;Hungary;0,09'], {}, '36=0.09'],
    ['title rows with numbers', ['Version;3', 'Code;Rate', '36;0,09'], {}, '36=0.09'],
    ['more title rows than are looked through', [...Array.from({ length: 60 }, () => 'a;b'), 'code;rate', '36;1'], {}, 'deck_malformed'],
    ['a header that is said', ['code;rate', '1;1', 'Rate;Code', '0,09;36'], { header: 3 }, '36=0.09'],
    ['a header that is no header', ['code;rate', '36;0,09'], { header: 2 }, 'deck_malformed'],
    ['a header beyond the end', ['code;rate', '36;0,09'], { header: 9 }, 'deck_malformed'],
    ['titles of its own', ['Ziel;Vorwahl;Preis', 'Ungarn;36;0,09'], { titles: { prefix: 'Vorwahl', rate: 'Preis' } }, '36=0.09'],
    ['one title of its own', ['Code;Price 2025;Price', '36;1;0,09'], { titles: { rate: 'Price 2025' } }, '36=1.00'],
    ['a title that is not there', ['Code;Price', '36;1'], { titles: { rate: 'Preis' } }, 'deck_malformed'],
    ['a title instead of one of two alike', ['Code;Rate;Price', '36;1;0,09'], { titles: { rate: 'Price' } }, '36=0.09'],
    ['columns by number', ['x;y;z', '0,09;Hungary;36'], { titles: { prefix: '#3', rate: '#1' } }, '36=0.09'],
    ['no header, as is said', ['36;0,09', 'code;rate'], { header: 'none' }, '36=0.09 2:prefix_malformed'],
    ['bars', ['code|rate', '36|0,09'], {}, '36=0.09'],
    ['a separator that the titles do not have most of', ['Rates, prices, terms; 2026', 'code;rate', '4479, 4478, 36;0,09'], {}, '4479=0.09 4478=0.09 36=0.09'],
    ['lists and ranges', ['code;rate', '447910-447919, 36;0,09'], {}, '44791=0.09 36=0.09'],
    ['country and area codes', ['Country Code;Area Code;Rate', '44;7911, 7912;1', '36;;2', ';1;3', 'x;1;4'], {}, '447911=1.00 447912=1.00 36=2.00 4:prefix_missing 5:prefix_malformed'],
    ['a decimal comma among commas, as is said', ['code,rate', '36,"0,09"'], { decimalComma: true }, '36=0.09'],
    ['a comma in a number where commas part cells', ['code,rate', '36,"1,000"'], {}, '2:rate_malformed'],
    ['a decimal point only, as is said', ['code;rate', '36;0,09', '40;0.08'], { decimalComma: false }, '40=0.08 2:rate_malformed'],
    ['too many cells in a row', ['code;rate', `36;1${';'.repeat(200)}`, '40;1'], {}, '40=1.00 2:row_malformed'],
  ])('may have %s', (_, lines, options, told) => {
    expect(read([lines.join('\n')], options)).toBe(told);
    const bytes = [...Buffer.from(lines.join('\n'))].map((byte) => Buffer.from([byte]));
    expect(read(bytes, options).split(' ').sort()).toEqual(told.split(' ').sort());
  });

  it.each(['utf16le', 'utf16be'] as const)('may be in %s, with a byte order mark, in whatever pieces', (encoding) => {
    const text = Buffer.from('\ufeffcode;name;rate\r\n36;Őrség;0,09\r\n"40";"Ro\nmânia";0,08\r\n43;Ā\u0a0a;1', 'utf16le');
    const bytes = encoding === 'utf16le' ? text : text.swap16();
    expect(read([bytes])).toBe('36=0.09 40=0.08 43=1.00');
    fc.assert(fc.property(fc.integer({ min: 1, max: bytes.length }), (size) => {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (__, at) => bytes.subarray(at * size, (at + 1) * size));
      expect(read(pieces)).toBe('36=0.09 40=0.08 43=1.00');
    }));
  });

  it('is refused when it begins with more than is above any header', () => {
    expect(read(['\n'.repeat(300_000), 'code;rate\n36;1'])).toBe('deck_malformed');
  });
});
