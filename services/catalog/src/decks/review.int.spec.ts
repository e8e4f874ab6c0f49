import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DeckKind, RoundingMode } from '@tollwire/contracts';
import { readModel, rebuild } from '@tollwire/event-store';
import { deckActivationList, rateDeckList } from './deck-projections.ts';
import { catalogRig, type CatalogRig, type DeckOf, granted, smallPlan } from '../fixture/catalog-rig.fixture.ts';

const terms = { currency: 'EUR', roundingDecimals: 4, roundingMode: RoundingMode.UP };

describe('who lets a version be put in force', () => {
  let rig: CatalogRig;
  let deck: DeckOf;
  let plans = 0;

  beforeAll(async () => {
    rig = await catalogRig('catalog_review');
    granted(await rig.ask.loadNumberPlan(smallPlan));
  }, 60_000);
  afterAll(() => rig.close());
  beforeEach(async () => {
    plans += 1;
    rig.clock.set('2026-06-01T00:00:00Z');
    const { id = 0 } = granted(await rig.ask.createTariff({ name: `tariff ${plans}`, ...terms }));
    deck = { kind: DeckKind.TARIFF, ownerId: id };
  });

  const imported = async (rate: string) => granted(await rig.importDeck(deck, `36,${rate}`)).deck?.digest ?? '';
  const listed = async () => (granted(await rig.ask.listDecks(deck)).decks ?? []).map(({ deck: version, status }) => `${version?.version}:${status}`).join(' ');
  const history = async () => (granted(await rig.ask.listDeckHistory(deck)).entries ?? []).map(({ what, version, by, note = '' }) => `${what} ${version} by ${by}${note && `: ${note}`}`);

  it('is in the list and in the history, with the note', async () => {
    const digest = await imported('0.1');
    granted(await rig.ask.approveDeck({ ...deck, digest, note: 'as agreed', by: 'bea' }));
    expect(await listed()).toBe('1:approved');
    expect((granted(await rig.ask.listDecks(deck)).decks ?? [])[0]).toMatchObject({ importedBy: 'ann', reviewedBy: 'bea', reviewNote: 'as agreed' });
    granted(await rig.ask.activateDeck({ ...deck, digest, onlyIfApproved: true, by: 'cid' }));
    expect(await history()).toEqual(['imported 1 by ann', 'approved 1 by bea: as agreed', 'activated 1 by cid']);
  });

  it('is whoever puts it in force, where it is one step', async () => {
    granted(await rig.ask.activateDeck({ ...deck, digest: await imported('0.1'), by: 'ann' }));
    expect(await history()).toEqual(['imported 1 by ann', 'approved 1 by ann: approved by its activation', 'activated 1 by ann']);
  });

  it('is another than who imported it, where the setting says so', async () => {
    const digest = await imported('0.1');
    const strict = rig.another({ fourEyes: true });
    expect(await strict.activateDeck({ ...deck, digest, by: 'ann' })).toMatchObject({ refusal: { code: 'own_approval', facts: { importedBy: 'ann' } } });
    expect(await strict.approveDeck({ ...deck, digest, by: 'ann' })).toMatchObject({ refusal: { code: 'own_approval' } });
    granted(await strict.approveDeck({ ...deck, digest, by: 'bea' }));
    granted(await strict.activateDeck({ ...deck, digest, by: 'ann' }));
    expect(await listed()).toBe('1:active');
  });

  it('may be nobody: a rejected version is not put in force', async () => {
    const digest = await imported('0.1');
    granted(await rig.ask.rejectDeck({ ...deck, digest, note: 'too dear', by: 'bea' }));
    expect(await listed()).toBe('1:rejected');
    expect(await rig.ask.activateDeck({ ...deck, digest, by: 'ann' })).toMatchObject({ refusal: { code: 'deck_rejected' } });
    expect(await rig.ask.activateDeck({ ...deck, digest: await imported('0.2'), onlyIfApproved: true, by: 'ann' }))
      .toMatchObject({ refusal: { code: 'deck_not_approved' } });
  });

  it('rolls a version back to the one before it, told to everybody with the reason', async () => {
    const [one, two] = [await imported('0.1'), await imported('0.2')];
    granted(await rig.ask.activateDeck({ ...deck, digest: one, by: 'ann' }));
    rig.clock.advanceSec(1);
    granted(await rig.ask.activateDeck({ ...deck, digest: two, by: 'ann' }));
    rig.clock.advanceSec(1);
    expect(granted(await rig.ask.rollBackDeck({ ...deck, reason: 'wrong file', by: 'bea' }))).toMatchObject({ from: { version: 2 }, to: { version: 1 } });
    expect(await listed()).toBe('1:active 2:superseded');
    expect((await history()).slice(-3)).toEqual(['superseded 2 by bea', 'activated 1 by bea', 'rolled_back 1 by bea: wrong file']);
    const subjects = await rig.database.query<{ subject: string }>('select subject from outbox order by position desc limit 2');
    expect(subjects.map(({ subject }) => subject.split('.').slice(3, 5).join('.')).sort()).toEqual(['deck.activated', 'deck.rolled_back']);
  });

  it('has read models that a rebuild gives again', async () => {
    const tables = () => Promise.all(['rate_deck', 'deck_activation'].map((table) => rig.database.query(`select * from ${table} order by 1, 2, 3`)));
    const live = await tables();
    for (const model of [readModel(rateDeckList), readModel(deckActivationList)]) await rebuild(rig.database, model);
    expect(await tables()).toEqual(live);
  });

  it.each<[what: string, ask: () => Promise<unknown>, field: string | undefined, code: string]>([
    ['an approval of no version', () => rig.ask.approveDeck({ ...deck, digest: 'x' }), 'digest', 'unknown_deck'],
    ['an approval with an unreadable note', () => rig.ask.approveDeck({ ...deck, digest: 'x', note: 'a\u0000' }), 'note', 'field_malformed'],
    ['a rejection without a note', () => rig.ask.rejectDeck({ ...deck, digest: 'x' }), 'note', 'field_missing'],
    ['a rollback without a reason', () => rig.ask.rollBackDeck({ ...deck }), 'reason', 'field_missing'],
    ['a rollback of nothing', () => rig.ask.rollBackDeck({ ...deck, reason: 'why not' }), undefined, 'nothing_to_roll_back'],
    ['a history of no kind', () => rig.ask.listDeckHistory({ ownerId: 1 }), 'kind', 'field_missing'],
    ['a rejection of what is in force', async () => {
      const digest = await imported('0.1');
      granted(await rig.ask.activateDeck({ ...deck, digest }));
      return await rig.ask.rejectDeck({ ...deck, digest, note: 'no' });
    }, 'digest', 'deck_in_force'],
  ])('refuses %s', async (_, ask, field, code) => {
    const answer = await ask();
    expect(answer).toMatchObject({ ok: false, refusal: { code } });
    if (field !== undefined) expect(answer).toMatchObject({ refusal: { field } });
  });
});
