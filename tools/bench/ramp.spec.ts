import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { highestBorne, nextRate, type Tried } from './ramp.ts';

/** `1000+ 1300-`: 1,000 was borne, 1,300 was not. */
const tried = (text: string): Tried[] => text.split(' ').filter(Boolean).map((part) => ({ rate: Number(part.slice(0, -1)), borne: part.endsWith('+') }));

describe('looking for the highest rate', () => {
  it.each([
    ['', 1000],
    ['1000+', 1300],
    ['1000+ 1300+', 1690],
    ['1000+ 1300-', 1140],
    ['1000+ 1300- 1140-', 1068],
    ['1000+ 1300- 1140- 1068+', undefined],
    ['1000-', 592],
    ['1000- 592+', 769],
    ['1+ 2+ 3+ 4+ 5+ 6+ 7+ 8+', undefined],
  ])('after "%s" tries %s', (text, expected) => {
    expect(nextRate(1000, tried(text))).toBe(expected);
  });

  it.each([
    ['', 0],
    ['1000-', 0],
    ['1000+ 1300-', 1000],
    ['1000+ 1300- 1500+', 1000],
  ])('"%s" bears %i', (text, expected) => {
    expect(highestBorne(tried(text))).toBe(expected);
  });

  it('ends within a tenth below what a machine bears, or at its last try', () => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 3000 }), (limit) => {
        const tries: Tried[] = [];
        for (let rate = nextRate(1000, tries); rate !== undefined; rate = nextRate(1000, tries)) tries.push({ rate, borne: rate <= limit });
        expect(highestBorne(tries)).toBeLessThanOrEqual(limit);
        expect(highestBorne(tries) * 1.1 * 1.1).toBeGreaterThanOrEqual(Math.min(limit, 3000));
      }),
    );
  });
});
