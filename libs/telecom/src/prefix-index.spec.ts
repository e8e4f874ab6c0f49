import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PrefixIndex, PrefixIndexBuilder } from './prefix-index.ts';

const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-4]{${min},${max}}$`));

/** All positions whose prefix the number begins with, longest first and of equal ones the last first. */
function naiveMatches(prefixes: readonly string[], number: string): number[] {
  return prefixes
    .map((prefix, at) => ({ prefix, at }))
    .filter(({ prefix }) => number.startsWith(prefix))
    .sort((a, b) => b.prefix.length - a.prefix.length || b.at - a.at)
    .map(({ at }) => at);
}

function matches(index: PrefixIndex, number: string): number[] {
  const found: number[] = [];
  for (let at = index.longest(number); at >= 0; at = index.next(at)) found.push(at);
  return found;
}

describe('PrefixIndex', () => {
  it('finds the longest prefix, and the shorter ones after it', () => {
    const prefixes = ['1', '34', '346', '34650', '44', '447'];
    const index = PrefixIndex.build(prefixes);
    const found = (number: string) => matches(index, number).map((at) => prefixes[at]);
    expect(found('34650123456')).toEqual(['34650', '346', '34']);
    expect(found('34912345678')).toEqual(['34']);
    expect(found('12125550100')).toEqual(['1']);
    expect(found('33123456789')).toEqual([]);
    expect(found('3')).toEqual([]);
  });

  it('agrees with a search through all prefixes', () => {
    const prefixSets = fc.array(digits(1, 6), { maxLength: 60 }).map((set) => set.sort());
    fc.assert(
      fc.property(prefixSets, fc.array(digits(1, 9), { minLength: 1, maxLength: 20 }), (prefixes, numbers) => {
        const index = PrefixIndex.build(prefixes);
        expect(numbers.map((number) => matches(index, number))).toEqual(numbers.map((number) => naiveMatches(prefixes, number)));
      }),
      { numRuns: 300 },
    );
  });

  it('agrees where prefixes are as long as numbers', () => {
    const long = fc.array(fc.stringMatching(/^9[89]{0,14}$/), { minLength: 1, maxLength: 40 }).map((set) => set.sort());
    fc.assert(
      fc.property(long, fc.stringMatching(/^9[89]{0,14}$/), (prefixes, number) => {
        expect(matches(PrefixIndex.build(prefixes), number)).toEqual(naiveMatches(prefixes, number));
      }),
    );
  });

  it('gives every prefix back', () => {
    fc.assert(
      fc.property(fc.array(digits(1, 15), { maxLength: 40 }).map((set) => set.sort()), (prefixes) => {
        const index = PrefixIndex.build(prefixes);
        expect(prefixes.map((_, at) => index.prefixAt(at))).toEqual(prefixes);
        expect(prefixes.map((_, at) => index.lengthAt(at))).toEqual(prefixes.map(({ length }) => length));
      }),
    );
  });

  it('keeps an amount and three words with a prefix', () => {
    const amount = fc.oneof(fc.nat({ max: Number.MAX_SAFE_INTEGER }), fc.constant(Infinity));
    const word = fc.nat({ max: 2 ** 32 - 1 });
    const entry = fc.record({ prefix: digits(1, 15), amount, words: fc.tuple(word, word, word) });
    fc.assert(fc.property(fc.array(entry, { maxLength: 40 }), fc.nat({ max: 50 }), (entries, capacity) => {
      const sorted = entries.toSorted((one, other) => (one.prefix < other.prefix ? -1 : Number(one.prefix > other.prefix)));
      const builder = new PrefixIndexBuilder(capacity);
      for (const { prefix, ...content } of sorted) builder.add(prefix, content);
      const index = builder.build();
      const kept = sorted.map((_, at) => ({
        prefix: index.prefixAt(at), amount: index.amountAt(at), words: [index.wordAt(at, 0), index.wordAt(at, 1), index.wordAt(at, 2)],
      }));
      expect(kept).toEqual(sorted);
    }));
  });

  it('holds a hundred thousand prefixes in 36 bytes each', () => {
    const index = PrefixIndex.build(Array.from({ length: 100_000 }, (_, at) => String(100_000 + at)));
    expect(index.bytes / index.size).toBeLessThan(36.1);
    expect(index.prefixAt(index.longest('1234567'))).toBe('123456');
  });

  it('finds nothing where there is nothing', () => {
    expect(PrefixIndex.build([]).longest('34650123456')).toBe(-1);
  });
});

describe('PrefixIndexBuilder', () => {
  it('takes only digits in digit order', () => {
    const builder = new PrefixIndexBuilder(0);
    builder.add('34');
    expect(['33', '3', '', '34a', '+34', '1234567890123456'].filter((prefix) => builder.fits(prefix))).toEqual([]);
    expect(['34', '340', '35', '4'].filter((prefix) => builder.fits(prefix))).toEqual(['34', '340', '35', '4']);
    expect(() => builder.add('33')).toThrow('digit order');
  });

  it('grows when more come than were announced', () => {
    const builder = new PrefixIndexBuilder(2);
    const prefixes = Array.from({ length: 3000 }, (_, at) => String(1000 + at));
    for (const prefix of prefixes) builder.add(prefix);
    expect(builder.size).toBe(3000);
    expect(builder.build().prefixAt(2999)).toBe('3999');
  });
});
