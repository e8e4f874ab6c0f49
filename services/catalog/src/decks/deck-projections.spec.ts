import { describe, expect, it } from '@jest/globals';
import type { Projection } from '@tollwire/event-store';
import { instant } from '@tollwire/testing';
import type { ImportedDeck, RateDeckEvent } from '../domain/rate-deck.ts';
import { deckActivationList, deckIdOf, rateDeckList } from './deck-projections.ts';

const [june, july, august] = [instant('2026-06-01'), instant('2026-07-01'), instant('2026-08-01')];
const said = { by: 'ann', at: june } as const;
const deck: ImportedDeck = {
  kind: 'carrier', ownerId: 7, deckId: 41n, version: 2, digest: 'abc', rateCount: 10, chunkCount: 1, currency: 'EUR', carrierCode: 'ACME', baseVersion: 1,
};
const stretch = { deck, activation: 3, validFrom: july, validUntil: null };
const imported: RateDeckEvent = { type: 'DeckImported', deck, ...said };
const activated: RateDeckEvent = { type: 'DeckActivated', ...stretch, ...said };
const superseded: RateDeckEvent = { type: 'DeckSuperseded', ...stretch, byVersion: 3, validUntil: august, by: 'bob', at: july };
const withdrawn: RateDeckEvent = { type: 'DeckWithdrawn', ...stretch, validUntil: july, by: 'bob', at: july };
const continued: RateDeckEvent = { type: 'DeckContinued', ...stretch, validUntil: null, by: 'bob', at: july };
const approved: RateDeckEvent = { type: 'DeckApproved', deck, note: 'as agreed', by: 'bob', at: july };
const rejected: RateDeckEvent = { type: 'DeckRejected', deck, note: 'as agreed', by: 'bob', at: july };
const rolledBack: RateDeckEvent = { type: 'DeckRolledBack', deck, activation: 3, from: { ...deck, version: 3 }, reason: 'wrong file', by: 'bob', at: july };

const recorded = (event: RateDeckEvent) => ({ event, stream: 'deck-carrier-7', version: 1, meta: {} });
function rowAfter<Row extends object>({ evolve }: Projection<Row, RateDeckEvent>, ...events: readonly RateDeckEvent[]): Row | undefined {
  return events.reduce<Row | undefined>((row, event) => evolve(row, recorded(event)), undefined);
}

describe('the list of versions', () => {
  it('has a version as it was imported, and only a review changes it', () => {
    const row = { ...deck, importedAt: june, importedBy: 'ann', review: null, reviewedAt: null, reviewedBy: null, reviewNote: null, origin: null };
    const reviewed = { ...row, review: 'approved', reviewedAt: july, reviewedBy: 'bob', reviewNote: 'as agreed' };
    expect(rowAfter(rateDeckList, imported, rejected, approved)).toEqual(reviewed);
    expect(rowAfter(rateDeckList, imported, { type: 'DeckMade', deck, origin: 'made', ...said })).toEqual({ ...row, origin: 'made' });
    expect(rowAfter(rateDeckList, imported, approved, rejected)).toEqual({ ...reviewed, review: 'rejected' });
    expect(rowAfter(rateDeckList, imported)).toEqual(row);
    expect(rowAfter(rateDeckList, imported, activated, superseded, withdrawn, continued, rolledBack)).toEqual(row);
  });

  it('has a row for each version of each deck, and makes none of what follows', () => {
    expect(rateDeckList.keyOf(recorded(imported))).toEqual(['carrier', 7, 2]);
    for (const event of [activated, approved, rejected, rolledBack]) expect(rowAfter(rateDeckList, event)).toBeUndefined();
  });

  it('is of one stream for each deck, whatever its versions', () => {
    expect(deckIdOf(deck)).toBe('carrier-7');
  });
});

describe('the list of activations', () => {
  const row = {
    kind: 'carrier', ownerId: 7, activation: 3, version: 2, validFrom: july, validUntil: null, activatedAt: june, activatedBy: 'ann',
    withdrawnAt: null, withdrawnBy: null,
  };

  it.each<[what: string, events: readonly RateDeckEvent[], row: object]>([
    ['is open once activated', [activated], row],
    ['ends where another begins', [activated, superseded], { ...row, validUntil: august }],
    ['goes on when that other is withdrawn before it began', [activated, superseded, continued], row],
    ['ends by hand, told apart from an end that another made', [activated, withdrawn], { ...row, validUntil: july, withdrawnAt: july, withdrawnBy: 'bob' }],
  ])('%s', (_, events, expected) => {
    expect(rowAfter(deckActivationList, ...events)).toEqual(expected);
  });

  it('has a row for each activation, so that a version may be activated again', () => {
    const again: RateDeckEvent = { ...activated, activation: 4 };
    expect([activated, again, superseded].map((event) => deckActivationList.keyOf(recorded(event)))).toEqual([
      ['carrier', 7, 3], ['carrier', 7, 4], ['carrier', 7, 3],
    ]);
    for (const event of [imported, approved, rejected]) expect(deckActivationList.keyOf(recorded(event))).toBeUndefined();
    expect(rowAfter(deckActivationList, activated, rolledBack)).toEqual(row);
  });

  it('makes no row of an end without a beginning', () => {
    for (const event of [superseded, withdrawn, continued, rolledBack]) expect(rowAfter(deckActivationList, event)).toBeUndefined();
  });
});
