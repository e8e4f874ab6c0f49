import { describe, expect, it } from '@jest/globals';
import type { InstantUs } from '@tollwire/core';
import { given, instant } from '@tollwire/testing';
import fc from 'fast-check';
import { type ImportedDeck, inForceAt, rateDeck, type RateDeckCommand, type RateDeckEvent, type Stretch } from './rate-deck.ts';

const [january, june, july, august] = ['2026-01-01', '2026-06-01', '2026-07-01', '2026-08-01'].map(instant) as [
  InstantUs, InstantUs, InstantUs, InstantUs,
];
const said = { by: 'ann', at: june } as const;

function deckOf(version: number, more: Partial<ImportedDeck> = {}): ImportedDeck {
  return {
    kind: 'carrier', ownerId: 7, deckId: BigInt(90 + version), version, digest: `digest-${version}`, rateCount: 10, chunkCount: 1,
    currency: 'EUR', carrierCode: 'ACME', baseVersion: 0, ...more,
  };
}

const imported = (deck: ImportedDeck): RateDeckEvent => ({ type: 'DeckImported', deck, ...said });
const stretch = (version: number, activation: number, validFrom: InstantUs, validUntil: InstantUs | null = null): Stretch => {
  return { deck: deckOf(version), activation, validFrom, validUntil };
};
const activated = (...of: Parameters<typeof stretch>): RateDeckEvent => ({ type: 'DeckActivated', ...stretch(...of), ...said });
const superseded = (byVersion: number, ...of: Parameters<typeof stretch>): RateDeckEvent => {
  return { type: 'DeckSuperseded', byVersion, ...stretch(...of), ...said };
};
const withdrawn = (...of: Parameters<typeof stretch>): RateDeckEvent => ({ type: 'DeckWithdrawn', ...stretch(...of), ...said });
const continued = (...of: Parameters<typeof stretch>): RateDeckEvent => ({ type: 'DeckContinued', ...stretch(...of), ...said });

const activate = (version: number, validFrom: InstantUs): RateDeckCommand => {
  return { type: 'Activate', digest: `digest-${version}`, validFrom, ...said };
};
const withdraw = (version: number): RateDeckCommand => ({ type: 'Withdraw', digest: `digest-${version}`, ...said });
const recordImport = ({ version: _, ...deck }: ImportedDeck): RateDeckCommand => ({ type: 'RecordImport', deck, ...said });

describe('a rate deck being imported', () => {
  it('numbers its versions', () => {
    given(rateDeck, []).when(recordImport(deckOf(1))).then([imported(deckOf(1))]);
    given(rateDeck, [imported(deckOf(1))]).when(recordImport(deckOf(2))).then([imported(deckOf(2))]);
  });

  it('has one version of the same content', () => {
    given(rateDeck, [imported(deckOf(1)), imported(deckOf(2))]).when(recordImport(deckOf(1))).then([]);
  });

  it('is refused when no rate is left', () => {
    given(rateDeck, []).when(recordImport(deckOf(1, { rateCount: 0 }))).then({ code: 'deck_empty' });
  });
});

describe('a rate deck being activated', () => {
  const two = [imported(deckOf(1)), imported(deckOf(2))];

  it('is in force from the given instant', () => {
    given(rateDeck, two).when(activate(1, june)).then([activated(1, 1, june)]);
  });

  it('closes the version before it at that instant', () => {
    given(rateDeck, [...two, activated(1, 1, january)])
      .when(activate(2, july))
      .then([superseded(2, 1, 1, january, july), activated(2, 2, july)]);
  });

  it('is activated once, however often it is asked for', () => {
    given(rateDeck, [...two, activated(1, 1, january)]).when(activate(1, june)).then([]);
  });

  it('ends where a scheduled version begins', () => {
    given(rateDeck, [...two, activated(2, 1, august)]).when(activate(1, june)).then([activated(1, 2, june, august)]);
  });

  it('comes back when the version after it was a mistake', () => {
    given(rateDeck, [...two, activated(1, 1, january), superseded(2, 1, 1, january, june), activated(2, 2, june)])
      .when(activate(1, july))
      .then([superseded(1, 2, 2, june, july), activated(1, 3, july)]);
  });

  it('is refused at the very instant at which another version begins', () => {
    given(rateDeck, [...two, activated(1, 1, june)])
      .when(activate(2, june))
      .then({ code: 'deck_start_taken', version: 1, validFrom: june });
  });

  it('is refused when it was never imported', () => {
    given(rateDeck, two).when(activate(3, june)).then({ code: 'unknown_deck', digest: 'digest-3' });
  });

  it('is refused when it carries over rates of a version that is no longer in force', () => {
    const onFirst = deckOf(3, { baseVersion: 1 });
    given(rateDeck, [...two, imported(onFirst), activated(2, 1, january)])
      .when(activate(3, july))
      .then({ code: 'deck_base_superseded', baseVersion: 1, versionInForce: 2 });
  });
});

describe('a rate deck being withdrawn', () => {
  const two = [imported(deckOf(1)), imported(deckOf(2))];

  it('ends now, with nothing in its place', () => {
    given(rateDeck, [...two, activated(1, 1, january)]).when(withdraw(1)).then([withdrawn(1, 1, january, june)]);
  });

  it('never begins when it was only scheduled, and the version before it goes on', () => {
    given(rateDeck, [...two, activated(1, 1, january), superseded(2, 1, 1, january, july), activated(2, 2, july)])
      .when(withdraw(2))
      .then([withdrawn(2, 2, july, july), continued(1, 1, january)]);
  });

  it('is refused when it is not in force', () => {
    const past = [activated(1, 1, january), withdrawn(1, 1, january, june)];
    given(rateDeck, two).when(withdraw(1)).then({ code: 'not_in_force', digest: 'digest-1' });
    given(rateDeck, [...two, ...past]).when(withdraw(1)).then({ code: 'not_in_force', digest: 'digest-1' });
    given(rateDeck, two).when(withdraw(3)).then({ code: 'unknown_deck', digest: 'digest-3' });
  });

  it('may be activated again', () => {
    given(rateDeck, [...two, activated(1, 1, january), withdrawn(1, 1, january, june)])
      .when(activate(1, july))
      .then([activated(1, 2, july)]);
  });
});

describe('the history of a rate deck', () => {
  const command = fc.record({ activates: fc.boolean(), version: fc.integer({ min: 1, max: 3 }), from: fc.integer({ min: 1, max: 20 }) });

  it('never has two versions in force at once, whatever was asked in whatever order', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 20 }), (commands) => {
        let deck = [1, 2, 3].map((version) => imported(deckOf(version))).reduce(rateDeck.evolve, rateDeck.initial);
        commands.forEach(({ activates, version, from }, index) => {
          const at = (index + 1) as InstantUs;
          const digest = `digest-${version}`;
          const decision = activates
            ? rateDeck.decide({ type: 'Activate', digest, validFrom: from as InstantUs, by: 'ann', at }, deck)
            : rateDeck.decide({ type: 'Withdraw', digest, by: 'ann', at }, deck);
          if (!decision.accepted) return;
          deck = decision.events.reduce(rateDeck.evolve, deck);
          if (activates) expect(inForceAt(deck, from as InstantUs)?.deck.version).toBe(version);
        });
        deck.stretches.forEach(({ validFrom, validUntil }, index) => {
          const next = deck.stretches[index + 1];
          if (validUntil !== null) expect(validUntil).toBeGreaterThan(validFrom);
          if (next !== undefined) expect(validUntil ?? Infinity).toBeLessThanOrEqual(next.validFrom);
        });
      }),
    );
  });
});
