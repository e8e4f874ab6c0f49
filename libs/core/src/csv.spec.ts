import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvCell, csvQuoted } from './csv.ts';

describe('a cell of CSV', () => {
  it.each([
    ['NORTH', 'NORTH'], ['', ''], ['a,b', '"a,b"'], ['say "hi"', '"say ""hi"""'], ['a\nb', '"a\nb"'], ['-0.25', '-0.25'], ['-2.5 EUR', "'-2.5 EUR"], ['=cmd()', "'=cmd()"],
    ['+431', "'+431"], ['-1+2', "'-1+2"], ['@x', "'@x"], ['\t=x', "'\t=x"], ['=a,b', '"\'=a,b"'], ['\n=x', '"\'\n=x"'], ['＝x', "'＝x"], ['＋431', "'＋431"],
  ])('of %j is %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it('is read back as it was, but for the apostrophe, whatever it holds', () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }), (value) => {
      const [[read = ''] = []]: string[][] = parse(`${csvCell(value)},x\r\n`);
      expect([value, `'${value}`]).toContain(read);
      expect(read).not.toMatch(/^[=+@\t\r\n＝＋－＠]/);
    }));
  });

  it('may be quoted and nothing else', () => {
    expect([csvQuoted('=1'), csvQuoted('a,"b"')]).toEqual(['=1', '"a,""b"""']);
  });
});
