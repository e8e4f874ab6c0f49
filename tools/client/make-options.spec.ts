import { describe, expect, it } from '@jest/globals';
import { digestOf, type ListedDeck } from './deck-options.ts';
import { makeBody } from './make-options.ts';

describe('./tollwire deck make', () => {
  it('says how a version is to be made, and nothing that was not said', () => {
    expect(makeBody({ carriers: '3, 4', 'margin-percent': '20', increments: '30/6', policy: 'max' })).toEqual({
      carrierPlanIds: [3, 4], marginPercent: '20', increments: { initialSec: 30, incrementSec: 6 }, policy: 'max',
    });
  });

  it.each([[{}, '--carriers'], [{ carriers: 'x' }, '--carriers'], [{ carriers: '1', increments: '30' }, '--increments'], [{ carriers: '1', average: '0' }, '--average']])(
    'refuses %j, naming %s', (values, option) => {
      expect(() => makeBody(values)).toThrow(option);
    },
  );
});

describe('a version on the command line', () => {
  const deck = (version: number, digest: string): ListedDeck => ({
    deck: { version, digest, rateCount: 1, currency: 'EUR' }, status: 'imported', importedAt: '', importedBy: '', reviewedBy: '', reviewNote: '', origin: '', validFrom: '', validUntil: '',
  });
  const decks = [deck(1, 'aaaaaaaa'), deck(2, 'bbbbbbbb')];

  it('is its number, the beginning of its digest, or the newest', () => {
    expect([digestOf(decks, '1'), digestOf(decks, 'bbbbbb'), digestOf(decks, undefined)]).toEqual(['aaaaaaaa', 'bbbbbbbb', 'bbbbbbbb']);
  });

  it('is refused where there is none', () => {
    expect(() => digestOf(decks, '3')).toThrow('No version of this deck is 3');
    expect(() => digestOf([], undefined)).toThrow('No version was imported');
  });
});
