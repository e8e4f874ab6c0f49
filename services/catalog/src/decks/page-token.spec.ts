import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PageCursor, pageCursorOf, pageTokenOf } from './page-token.ts';

const id = fc.integer({ min: 0, max: 999_999_999 });
const cursors: fc.Arbitrary<PageCursor> = fc.oneof(
  fc.constant({ part: 'decks' as const, after: undefined }),
  fc.record({
    part: fc.constant('decks' as const),
    after: fc.record({ kind: fc.constantFrom('tariff' as const, 'retail' as const, 'carrier' as const), ownerId: id, activation: id }),
  }),
  fc.record({ part: fc.constant('past' as const), plan: id, revision: id }),
  fc.record({ part: fc.constantFrom('plans' as const, 'tariffs' as const), after: id }),
);

describe('the token of a page', () => {
  it('brings the asker back to where the page ended', () => {
    fc.assert(fc.property(cursors, (cursor) => {
      expect(pageCursorOf(pageTokenOf(cursor))).toEqual(cursor);
    }));
  });

  it('is empty at the beginning only', () => {
    fc.assert(fc.property(cursors, (cursor) => {
      expect(pageTokenOf(cursor) === '').toBe(cursor.part === 'decks' && cursor.after === undefined);
    }));
  });

  it.each([' ', 'decks', 'decks/', 'decks/tariff/1', 'decks/tariff/1/2/3', 'decks/TARIFF/1/2', 'plans', 'plans/', 'plans/1/2', 'plans/1e3', 'tariffs/-1', 'past/1', 'tariffs/1234567890'])(
    'is not "%s"', (text) => {
      expect(pageCursorOf(text)).toBeUndefined();
    },
  );
});
