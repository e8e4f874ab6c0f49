import { describe, expect, it } from '@jest/globals';
import { type PgElement, type PgScalar, pgArray } from './pg-array.ts';

const hexOf = (element: PgElement, items: readonly PgScalar[]) => pgArray(element, items, (item) => item).toString('hex');

describe('pgArray', () => {
  it.each<[what: string, element: PgElement, items: PgScalar[], hex: string]>([
    ['nothing', 'text', [], '00000000 00000000 00000019'],
    ['a text', 'text', ['ab'], '00000001 00000000 00000019 00000001 00000001 00000002 6162'],
    ['null apart from the empty text', 'text', [null, ''], '00000001 00000001 00000019 00000002 00000001 ffffffff 00000000'],
    ['truth', 'boolean', [true, false], '00000001 00000000 00000010 00000002 00000001 00000001 01 00000001 00'],
    ['numbers', 'smallint', [-2, 7], '00000001 00000000 00000015 00000002 00000001 00000002 fffe 00000002 0007'],
    ['a uuid', 'uuid', ['00112233-4455-6677-8899-aabbccddeeff'], '00000001 00000000 00000b86 00000001 00000001 00000010 00112233445566778899aabbccddeeff'],
  ])('writes %s', (_what, element, items, hex) => {
    expect(hexOf(element, items)).toBe(hex.replaceAll(' ', ''));
  });

  it('writes a number as it would write the same bigint, to the last digit that a number holds', () => {
    const numbers = [0, -1, 1, 4_294_967_295, 4_294_967_296, -4_294_967_297, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    expect(hexOf('bigint', numbers)).toBe(hexOf('bigint', numbers.map(BigInt)));
  });

  it.each<[element: PgElement, item: PgScalar]>([
    ['integer', 2_147_483_648],
    ['integer', 0.5],
    ['integer', 'ten'],
    ['smallint', -32_769],
    ['bigint', 2 ** 53],
    ['bigint', 2n ** 63n],
    ['uuid', 'zz112233-4455-6677-8899-aabbccddeeff'],
    ['uuid', '0011'],
  ])('refuses as %s what is none: %s', (element, item) => {
    expect(() => hexOf(element, [item])).toThrow(RangeError);
  });

  it('keeps what it made when it makes the next', () => {
    const first = pgArray('text', ['one'], (item) => item);
    const before = first.toString('hex');
    pgArray('text', ['another'.repeat(50_000)], (item) => item);
    expect(first.toString('hex')).toBe(before);
  });
});
