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

const approved = (version: number, note = 'approved by its activation', by = 'ann'): RateDeckEvent => {
  return { type: 'DeckApproved', deck: deckOf(version), note, ...said, by };
};
const rejected = (version: number): RateDeckEvent => ({ type: 'DeckRejected', deck: deckOf(version), note: 'too dear', ...said });
const rolledBack = (version: number, from: number, activation: number): RateDeckEvent => {
  return { type: 'DeckRolledBack', deck: deckOf(version), activation, from: deckOf(from), reason: 'wrong file', ...said };
};

const activate = (version: number, validFrom: InstantUs, how: { onlyIfApproved?: boolean; fourEyes?: boolean } = {}): RateDeckCommand => {
  return { type: 'Activate', digest: `digest-${version}`, validFrom, ...how, ...said };
};
const approve = (version: number, { by = 'ann', fourEyes = false } = {}): RateDeckCommand => {
  return { type: 'Approve', digest: `digest-${version}`, note: 'as agreed', fourEyes, ...said, by };
};
const refuse = (version: number): RateDeckCommand => ({ type: 'Reject', digest: `digest-${version}`, note: 'too dear', ...said });
const rollBack: RateDeckCommand = { type: 'RollBack', reason: 'wrong file', ...said };
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
    given(rateDeck, two).when(activate(1, june)).then([approved(1), activated(1, 1, june)]);
  });

  it('closes the version before it at that instant', () => {
    given(rateDeck, [...two, activated(1, 1, january)])
      .when(activate(2, july))
      .then([approved(2), superseded(2, 1, 1, january, july), activated(2, 2, july)]);
  });

  it('is activated once, however often it is asked for', () => {
    given(rateDeck, [...two, activated(1, 1, january)]).when(activate(1, june)).then([]);
  });

  it('ends where a scheduled version begins', () => {
    given(rateDeck, [...two, activated(2, 1, august)]).when(activate(1, june)).then([approved(1), activated(1, 2, june, august)]);
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

describe('a version that was made', () => {
  const note: RateDeckCommand = { type: 'NoteOrigin', digest: 'digest-1', origin: 'made from carrier plan 3', ...said };
  const made: RateDeckEvent = { type: 'DeckMade', deck: deckOf(1), origin: 'made from carrier plan 3', ...said };

  it('says from what, once, and anew when it is made in another way', () => {
    given(rateDeck, [imported(deckOf(1))]).when(note).then([made]);
    given(rateDeck, [imported(deckOf(1)), made]).when(note).then([]);
    given(rateDeck, [imported(deckOf(1)), made]).when({ ...note, origin: 'otherwise' }).then([{ ...made, origin: 'otherwise' }]);
    given(rateDeck, []).when(note).then({ code: 'unknown_deck', digest: 'digest-1' });
  });
});

describe('a version that is looked at', () => {
  const two = [imported(deckOf(1)), imported(deckOf(2))];

  it('is approved by somebody with a note, once', () => {
    given(rateDeck, two).when(approve(1)).then([approved(1, 'as agreed')]);
    given(rateDeck, [...two, approved(1)]).when(approve(1)).then([]);
    given(rateDeck, two).when(approve(3)).then({ code: 'unknown_deck', digest: 'digest-3' });
  });

  it('is put in force without a second approval', () => {
    given(rateDeck, [...two, approved(1)]).when(activate(1, june, { onlyIfApproved: true, fourEyes: true })).then([activated(1, 1, june)]);
  });

  it('is not put in force unapproved where that is asked for', () => {
    given(rateDeck, two).when(activate(1, june, { onlyIfApproved: true })).then({ code: 'deck_not_approved', digest: 'digest-1' });
  });

  it('is approved by another than who imported it where four eyes are wanted, in one step as in two', () => {
    given(rateDeck, two).when(approve(1, { fourEyes: true })).then({ code: 'own_approval', importedBy: 'ann' });
    given(rateDeck, two).when(approve(1, { fourEyes: true, by: 'bea' })).then([approved(1, 'as agreed', 'bea')]);
    given(rateDeck, two).when(activate(1, june, { fourEyes: true })).then({ code: 'own_approval', importedBy: 'ann' });
  });

  it('is never put in force once it is rejected, unless somebody approves it after all', () => {
    given(rateDeck, two).when(refuse(1)).then([rejected(1)]);
    given(rateDeck, [...two, rejected(1)]).when(refuse(1)).then([]);
    given(rateDeck, [...two, rejected(1)]).when(activate(1, june)).then({ code: 'deck_rejected', digest: 'digest-1' });
    given(rateDeck, [...two, rejected(1)]).when(approve(1)).then([approved(1, 'as agreed')]);
  });

  it('is not rejected while it is in force or scheduled', () => {
    given(rateDeck, [...two, activated(1, 1, january)]).when(refuse(1)).then({ code: 'deck_in_force', digest: 'digest-1' });
    given(rateDeck, [...two, activated(1, 1, july)]).when(refuse(1)).then({ code: 'deck_in_force', digest: 'digest-1' });
    given(rateDeck, [...two, activated(1, 1, january), withdrawn(1, 1, january, june)]).when(refuse(1)).then([rejected(1)]);
  });

  it('counts as approved where it was put in force before approvals were kept', () => {
    given(rateDeck, [...two, activated(1, 1, january), superseded(2, 1, 1, january, june), activated(2, 2, june)])
      .when(activate(1, july, { onlyIfApproved: true }))
      .then([superseded(1, 2, 2, june, july), activated(1, 3, july)]);
  });
});

describe('a rate deck being rolled back', () => {
  const may = instant('2026-05-01');
  const replaced = [imported(deckOf(1)), imported(deckOf(2)), activated(1, 1, january), superseded(2, 1, 1, january, may), activated(2, 2, may)];
  const back = [superseded(1, 2, 2, may, june), activated(1, 3, june), rolledBack(1, 2, 3)];

  it('has the version before in force again from now on, with the reason', () => {
    given(rateDeck, replaced).when(rollBack).then(back);
  });

  it('leaves a scheduled version scheduled', () => {
    given(rateDeck, [...replaced, imported(deckOf(3)), superseded(3, 2, 2, may, july), activated(3, 3, july)])
      .when(rollBack)
      .then([superseded(1, 2, 2, may, june), activated(1, 4, june, july), rolledBack(1, 2, 4)]);
  });

  it('undoes itself when it is asked for again', () => {
    const later = instant('2026-06-02');
    given(rateDeck, [...replaced, ...back]).when({ ...rollBack, at: later }).then([
      { ...superseded(2, 1, 3, june, later), at: later }, { ...activated(2, 4, later), at: later }, { ...rolledBack(2, 1, 4), at: later },
    ]);
  });

  it('is refused where there is nothing before, nothing in force, or what was before is rejected', () => {
    given(rateDeck, replaced.slice(0, 3)).when(rollBack).then({ code: 'nothing_to_roll_back' });
    given(rateDeck, replaced.slice(0, 2)).when(rollBack).then({ code: 'nothing_to_roll_back' });
    given(rateDeck, [...replaced, rejected(1)]).when(rollBack).then({ code: 'deck_rejected', digest: 'digest-1' });
    given(rateDeck, [...replaced.slice(0, 3), superseded(2, 1, 1, january, june), activated(2, 2, june)])
      .when(rollBack)
      .then({ code: 'deck_start_taken', version: 2, validFrom: june });
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
