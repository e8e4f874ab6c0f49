import { describe, expect, it } from '@jest/globals';
import { maskedNumber } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { clearLength, moved } from './sealed-text.ts';

/** A key stream of steps that people can reckon with. */
const steps = (...all: number[]) => new Uint32Array(all);

describe('a sealed text', () => {
  it('moves each hidden character within its own kind', () => {
    const rows = table<'text' | 'steps' | 'sealed'>(`
      text          | steps           | sealed
      436641234567  | 1,1,1,1,1,1     | 436641345678
      436641234567  | 8,7,6,5,4,3     | 436641000000
      5550199       | 10,20,30,40     | 5550199
      1001          | 9,9,9,9         | 0990
    `);
    const sealed = rows.map(({ text, steps: all }) => moved(text, clearLength(text), steps(...all.split(',').map(Number)), 0, 1));
    expect(sealed).toEqual(rows.map((row) => row.sealed));
  });

  it('is opened by the stream that sealed it, shows the same prefix and is as long, whatever it says', () => {
    const points = fc.oneof(fc.integer({ min: 1, max: 0x7f }), fc.integer({ min: 0x80, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }));
    const texts = fc.oneof(fc.array(fc.integer({ min: 48, max: 57 }), { maxLength: 20 }), fc.array(points, { maxLength: 20 })).map((all) => String.fromCodePoint(...all));
    fc.assert(fc.property(texts, fc.nat(), (text, seed) => {
      const stream = steps(...Array.from(text, (_, at) => Math.imul(seed + at, 2_654_435_761) >>> 0));
      const sealed = moved(text, clearLength(text), stream, 0, 1);
      expect(moved(sealed, clearLength(sealed), stream, 0, -1)).toBe(text);
      expect(Array.from(sealed).length).toBe(Array.from(text).length);
      expect(sealed).not.toContain('\0');
      if (/^[\x01-\x7f]*$/.test(text)) expect([maskedNumber(sealed), clearLength(sealed)]).toEqual([maskedNumber(text), clearLength(text)]);
    }));
  });
});
