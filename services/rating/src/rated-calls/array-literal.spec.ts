import { describe, expect, it } from '@jest/globals';
import { numbersLiteral, textsLiteral } from './array-literal.ts';

describe('array literals', () => {
  it('write numbers as PostgreSQL reads them', () => {
    expect(numbersLiteral([1, -2n, null, 9_223_372_036_854_775_807n])).toBe('{1,-2,null,9223372036854775807}');
    expect(numbersLiteral([])).toBe('{}');
  });

  it('tell texts from what has a meaning in a literal', () => {
    expect(textsLiteral(['a', null, 'null', '', 'a,b', '{}', 'say "x"', 'back\\slash'])).toBe(
      String.raw`{"a",null,"null","","a,b","{}","say \"x\"","back\\slash"}`,
    );
    expect(textsLiteral([])).toBe('{}');
  });
});
