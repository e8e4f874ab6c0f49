import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvFields } from './csv-line.ts';
import { lineBatchesOf } from './lines.ts';
import { quotedRowsOf } from './quoted-lines.ts';

async function* pieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function rowsOf(text: string, { size = 1 << 16, delimiter = ',' } = {}): Promise<[number, string][]> {
  const rows: [number, string][] = [];
  for await (const together of quotedRowsOf(lineBatchesOf(pieces(text, size)), delimiter)) rows.push(...together.map(({ line, text: row }): [number, string] => [line, row]));
  return rows;
}

const lines = (count: number, text = 'x,y') => Array.from({ length: count }, () => text);

describe('rows of a CSV file', () => {
  it.each([
    ['a quoted line break', 'a,"b\nc",d\ne\n', [[1, 'a,"b\nc",d'], [3, 'e']]],
    ['several, and the line ends of Windows', 'a,"b\r\n\r\n""c""\r\n"\r\ne', [[1, 'a,"b\n\n""c""\n"'], [5, 'e']]],
    ['a quote that is no quoting', 'a"b\nc', [[1, 'a"b'], [2, 'c']]],
    ['a quote that never closes', 'a,"b\nc,d\ne', [[1, 'a,"b'], [2, 'c,d'], [3, 'e']]],
    ['one that the next quoted field closes', '"broken\n"c","d"\n"e\nf"', [[1, '"broken'], [2, '"c","d"'], [3, '"e\nf"']]],
    ['something behind a closing quote', '"a"b,"c\nd', [[1, '"a"b,"c'], [2, 'd']]],
    ['a row that opens as another is given up', '"a\n"b","c\nd"\ne', [[1, '"a'], [2, '"b","c\nd"'], [4, 'e']]],
    ['only a quote', '"\n', [[1, '"']]],
  ])('are found by their quotes: %s', async (_, text, rows) => {
    for (const size of [1, 3, 1 << 16]) expect(await rowsOf(text, { size })).toEqual(rows);
  });

  it('goes by the delimiter of the file', async () => {
    expect(await rowsOf('a;"b\nc";d', { delimiter: ';' })).toEqual([[1, 'a;"b\nc";d']]);
    expect(await rowsOf('a,"b;"c\nd', { delimiter: ';' })).toEqual([[1, 'a,"b;"c'], [2, 'd']]);
  });

  it('have at most 100 lines and a mebibyte: a quote that is forgotten swallows no file', async () => {
    const held = (count: number) => ['1,"b', ...lines(count - 2), 'c",2', 'e'].join('\n');
    expect((await rowsOf(held(100))).map(([line]) => line)).toEqual([1, 101]);
    expect(await rowsOf(held(102))).toHaveLength(103);
    const long = 'x'.repeat(600_000);
    expect((await rowsOf(`"${long}\n${long}\n"\nb\n`)).map(([line, text]) => [line, text.length])).toEqual([[1, 600_001], [2, 600_000], [3, 1], [4, 1]]);
    const many = `${lines(50_000, '"a,b').join('\n')}\n`;
    expect(await rowsOf(many)).toHaveLength(50_000);
  });

  it('hold every field as it was written, wherever the file was cut', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', 'é', ' '), maxLength: 8 });
    await fc.assert(fc.asyncProperty(fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), fc.integer({ min: 1, max: 20 }), async (table, size) => {
      const text = table.map((row) => `${row.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')}\r\n`).join('');
      expect((await rowsOf(text, { size })).map(([, row]) => csvFields(row))).toEqual(table);
    }));
  });
});
