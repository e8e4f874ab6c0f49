import { describe, expect, it } from '@jest/globals';
import { pgArray } from './pg-array.ts';

describe('pgArray', () => {
  it('writes numbers bare, texts quoted, null as NULL', () => {
    expect(pgArray([1, 2n, true, null])).toBe('{1,2,true,NULL}');
    expect(pgArray(['a b', '', 'NULL', '1,2', '{x}'])).toBe('{"a b","","NULL","1,2","{x}"}');
    expect(pgArray([])).toBe('{}');
  });

  it('escapes what would end a text', () => {
    expect(pgArray(['say "no"', 'c:\\dir'])).toBe('{"say \\"no\\"","c:\\\\dir"}');
  });
});
