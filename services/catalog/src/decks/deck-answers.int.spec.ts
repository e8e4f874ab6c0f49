import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DeckKind } from '@tollwire/contracts';
import { appendAll, catalogRig, type CatalogRig, type DeckOf, granted, smallPlan } from '../fixture/catalog-rig.fixture.ts';

const us = (iso: string) => BigInt(Date.parse(iso)) * 1000n;

describe('versions of a deck, once they are imported', () => {
  let rig: CatalogRig;
  let deck: DeckOf;
  let plans = 0;

  beforeAll(async () => {
    rig = await catalogRig('catalog_deck_answers');
    granted(await rig.ask.loadNumberPlan(smallPlan));
  }, 60_000);
  afterAll(() => rig.close());
  beforeEach(async () => {
    plans += 1;
    rig.clock.set('2026-06-01T00:00:00Z');
    const { id = 0 } = granted(await rig.ask.createCarrierPlan({ name: `plan ${plans}`, currency: 'EUR', carrierCode: 'ACME' }));
    deck = { kind: DeckKind.CARRIER, ownerId: id };
  });

  const imported = async (rate: string) => granted(await rig.importDeck(deck, `36,${rate}`)).deck?.digest ?? '';
  const activate = (digest: string, from?: string) => rig.ask.activateDeck({ ...deck, digest, validFromUs: from === undefined ? 0n : us(from), by: 'ann' });
  const listed = async () => (granted(await rig.ask.listDecks(deck)).decks ?? []).map(({ deck: version, status }) => `${version?.version}:${status}`).join(' ');

  it('are listed as what they are at the instant', async () => {
    const [one, two] = [await imported('0.01'), await imported('0.02')];
    expect(await listed()).toBe('1:imported 2:imported');
    granted(await activate(one));
    granted(await activate(two, '2026-06-10'));
    expect(await listed()).toBe('1:active 2:scheduled');
    rig.clock.set('2026-06-10T00:00:00Z');
    expect(await listed()).toBe('1:superseded 2:active');
    // Two versions cannot begin at the same instant, so the first comes back a moment later.
    rig.clock.advanceSec(1);
    granted(await activate(one));
    expect(await listed()).toBe('1:active 2:superseded');
  });

  it('have a history that tells when each activation was recorded, and which was taken back', async () => {
    const [one, two] = [await imported('0.01'), await imported('0.02')];
    granted(await activate(one, '2026-05-01'));
    rig.clock.set('2026-06-02T00:00:00Z');
    granted(await activate(two, '2026-05-15'));
    rig.clock.set('2026-06-03T00:00:00Z');
    granted(await rig.ask.withdrawDeck({ ...deck, digest: two, by: 'ben' }));
    const history = async (afterActivation = 0) => granted(await rig.ask.listDeckActivations({ ...deck, afterActivation })).activations ?? [];
    expect(await history()).toMatchObject([
      { activated: { activation: 1, validFromUs: us('2026-05-01'), deck: { digest: one } }, recordedAtUs: us('2026-06-01') },
      { activated: { activation: 2, validFromUs: us('2026-05-15'), deck: { digest: two } }, recordedAtUs: us('2026-06-02'), withdrawn: { withdrawnAtUs: us('2026-06-03'), by: 'ben' } },
    ]);
    expect([(await history(1)).length, (await history(2)).length]).toEqual([1, 0]);
  });

  it('may be withdrawn before they begin, and then what was before goes on', async () => {
    const [one, two] = [await imported('0.01'), await imported('0.02')];
    granted(await activate(one));
    granted(await activate(two, '2026-06-10'));
    granted(await rig.ask.withdrawDeck({ ...deck, digest: two, by: 'ann' }));
    rig.clock.set('2026-06-11T00:00:00Z');
    expect(await listed()).toBe('1:active 2:withdrawn');
  });

  it.each<[what: string, ask: () => Promise<unknown>, field: string, code: string]>([
    ['a start beyond reason', () => activate('x', '2201-01-01'), 'validFromUs', 'field_out_of_range'],
    ['a start before 1970', () => activate('x', '1969-12-31'), 'validFromUs', 'field_out_of_range'],
    ['no kind', () => rig.ask.activateDeck({ ownerId: 1, digest: 'x' }), 'kind', 'field_missing'],
    ['a version that was not imported', () => activate('x'), 'digest', 'unknown_deck'],
    ['a withdrawal of what is not in force', async () => rig.ask.withdrawDeck({ ...deck, digest: await imported('0.03') }), 'digest', 'not_in_force'],
    ['an operator with an unreadable name', () => rig.ask.activateDeck({ ...deck, digest: 'x', by: 'a\u0000' }), 'by', 'field_malformed'],
    ['a chunk of no version', () => rig.ask.fetchDeckChunk({ digest: 'x', chunk: 0 }), 'digest', 'unknown_deck'],
    ['a history of no kind', () => rig.ask.listDeckActivations({ ownerId: 1 }), 'kind', 'field_missing'],
    ['a list of no kind', () => rig.ask.listDecks({ ownerId: 1 }), 'kind', 'field_missing'],
  ])('refuse %s', async (_, ask, field, code) => {
    expect(await ask()).toMatchObject({ ok: false, refusal: { code, field } });
  });

  it('refuse a start that another version has', async () => {
    const [one, two] = [await imported('0.01'), await imported('0.02')];
    granted(await activate(one, '2026-06-10'));
    expect(await activate(two, '2026-06-10')).toMatchObject({ ok: false, refusal: { code: 'deck_start_taken', field: 'validFromUs', facts: { version: '1' } } });
  });

  it('show no chunk of an import that is not a version yet', async () => {
    const csv = Array.from({ length: 2_000 }, (_, at) => `36${1_000 + at},0.01`).join('\n');
    const importId = await appendAll(rig.ask, deck, csv, {});
    await expect(rig.failToRecord(importId)).rejects.toThrow('the power is gone');
    const [row] = await rig.database.query<{ digest: string }>('select digest from deck_import where import_id = $1', [importId]);
    expect(await rig.ask.fetchDeckChunk({ digest: row?.digest ?? '', chunk: 0 })).toMatchObject({ ok: false, refusal: { code: 'unknown_deck' } });
    const { deck: version } = granted(await rig.ask.finishDeckImport({ importId }));
    expect(await rig.ask.fetchDeckChunk({ digest: version?.digest ?? '', chunk: 0 })).toMatchObject({ ok: true });
    expect(await rig.ask.fetchDeckChunk({ digest: version?.digest ?? '', chunk: 4_000_000_000 })).toMatchObject({ ok: false });
  });
});
