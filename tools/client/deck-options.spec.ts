import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { digestOf, type ListedDeck } from './deck-options.ts';

const owner = { kind: 'carrier', ownerId: 3 };
const version = (number: number, digest: string): ListedDeck => ({
  deck: { version: number, digest, rateCount: 1, currency: 'EUR' }, status: 'active', importedAt: '', importedBy: '', reviewedBy: '', reviewNote: '', origin: '', validFrom: '', validUntil: '',
});
const decks = [version(1, 'abcdef11'), version(2, 'abcdef22'), version(3, '123456ff')];

describe('a version of a deck', () => {
  it.each(table(`
    named     | digest
    -         | 123456ff
    2         | abcdef22
    abcdef1   | abcdef11
    123456    | 123456ff
  `))('named "$named" is $digest', ({ named = '', digest }) => {
    expect(digestOf(decks, named === '' ? undefined : named, owner)).toBe(digest);
  });

  it('that is not there, or is named by what several begin with, is looked up in the list of that plan', () => {
    expect(() => digestOf(decks, '4', owner)).toThrow('No version of carrier plan 3 is 4; ./tollwire deck list --kind carrier --owner 3');
    expect(() => digestOf(decks, 'abcde', owner)).toThrow('No version of carrier plan 3 is abcde');
    expect(() => digestOf(decks, 'abcdef', owner)).toThrow('Several versions of carrier plan 3 begin with abcdef; ./tollwire deck list --kind carrier --owner 3');
    expect(() => digestOf([], undefined, owner)).toThrow('No version was imported for carrier plan 3 yet.');
  });
});
