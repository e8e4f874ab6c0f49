import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvRecords, delimiterOf, type Delimiter } from './csv-records.ts';

function cells(text: string, delimiter: Delimiter = ',') {
  return csvRecords(text, delimiter, 1, true).records.map(({ line, cells: found }) => [line, ...(found ?? ['unreadable'])]);
}

describe('CSV text', () => {
  it.each<[what: string, text: string, delimiter: Delimiter, ...records: (string | number)[][]]>([
    ['plain lines', '36,0.09\n40,0.08\n', ',', [1, '36', '0.09'], [2, '40', '0.08']],
    ['no line break at the end', '36,0.09', ',', [1, '36', '0.09']],
    ['CRLF', '36,0.09\r\n40,0.08\r\n', ',', [1, '36', '0.09'], [2, '40', '0.08']],
    ['blank lines, which count', '36,0.09\n\n  \n40,0.08', ',', [1, '36', '0.09'], [4, '40', '0.08']],
    ['semicolons', '36;0,09', ';', [1, '36', '0,09']],
    ['tabs', '36\t0.09', '\t', [1, '36', '0.09']],
    ['quotes', '"36","Hungary, all",0.09', ',', [1, '36', 'Hungary, all', '0.09']],
    ['quotes after spaces', '36, "0.09" ,x', ',', [1, '36', '0.09', 'x']],
    ['doubled quotes', '36,"the ""best""",0.09', ',', [1, '36', 'the "best"', '0.09']],
    ['line breaks in quotes', '36,"Hun\ngary",0.09\n40,x', ',', [1, '36', 'Hun\ngary', '0.09'], [3, '40', 'x']],
    ['quotes that mean inches', '36,5" pipe\n37,ok\n\n38,6" pipe\n40,fine', ',', [1, 'unreadable'], [2, '37', 'ok'], [4, 'unreadable'], [5, '40', 'fine']],
    ['a quote amid a cell', '36,0"09\n40,0.08', ',', [1, 'unreadable'], [2, '40', '0.08']],
  ])('with %s', (_, text, delimiter, ...records) => {
    expect(cells(text, delimiter)).toEqual(records);
  });

  it('loses one line, not the file, to a quote that is never closed', () => {
    const good = Array.from({ length: 50 }, (_, index) => `${40 + index},0.08`);
    const found = cells(['36,"0.09', ...good].join('\n'));
    expect(found).toHaveLength(51);
    expect(found[0]).toEqual([1, 'unreadable']);
    expect(found[50]).toEqual([51, '89', '0.08']);
  });

  it('reads the same whatever the pieces that it arrives in', () => {
    const text = 'prefix,name,rate\n36,"Hun\r\ngary",0.09\r\n40,Rumänien,0.08\n\n41,"a ""b""",1\n42,"x';
    const whole = csvRecords(text, ',', 1, true).records;
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length }), { maxLength: 6 }), (cuts) => {
        const bounds = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        let [rest, line] = ['', 1];
        const records = bounds.slice(1).flatMap((end, index) => {
          const piece = csvRecords(rest + text.slice(bounds[index], end), ',', line, index === bounds.length - 2);
          rest = piece.rest;
          line += piece.lineCount;
          return piece.records;
        });
        expect(records).toEqual(whole);
      }),
    );
  });

  it.each<[line: string, delimiter: Delimiter]>([
    ['prefix,rate', ','],
    ['prefix;rate;0,5', ';'],
    ['prefix\trate', '\t'],
    ['"a,b,c";rate', ';'],
    ['prefix', ','],
  ])('of which the first line is %j is parted by %j', (line, delimiter) => {
    expect(delimiterOf(line)).toBe(delimiter);
  });
});
