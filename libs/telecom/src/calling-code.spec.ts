import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { callingCodeOf } from './calling-code.ts';

describe('the country code of a number', () => {
  it.each(table(`
    number       | code
    12125550100  | 1
    79161234567  | 7
    201012345678 | 20
    211912345678 | 211
    34650123456  | 34
    351912345678 | 351
    436641234567 | 43
    423234567    | 423
    85291234567  | 852
    883510000000 | 883
    97312345678  | 973
    35           | 35
    3            | 3
  `))('$number begins with $code', ({ number = '', code }) => {
    expect(callingCodeOf(number)).toBe(code);
  });
});
