import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DeckKind } from '@tollwire/contracts';
import { appendAll, catalogRig, type CatalogRig, type DeckOf, granted, smallPlan } from '../fixture/catalog-rig.fixture.ts';
import { finishDeckImport } from './finish-import.ts';

describe('finishing an import', () => {
  let rig: CatalogRig;
  let deck: DeckOf;
  let plans = 0;

  beforeAll(async () => {
    rig = await catalogRig('catalog_finish');
    granted(await rig.ask.loadNumberPlan(smallPlan));
  }, 60_000);
  afterAll(() => rig.close());
  beforeEach(async () => {
    plans += 1;
    const { id = 0 } = granted(await rig.ask.createCarrierPlan({ name: `plan ${plans}`, currency: 'EUR', carrierCode: 'ACME' }));
    deck = { kind: DeckKind.CARRIER, ownerId: id };
  });

  const importRow = async (importId: string) => {
    const [row] = await rig.database.query<{ status: string; pieces: number }>(
      `select status, (select count(*)::int from deck_import_piece p where p.import_id = i.import_id) as pieces
       from deck_import i where import_id = $1`,
      [importId],
    );
    return row;
  };
  const chunks = async () => (await rig.database.query<{ count: number }>('select count(*)::int as count from deck_chunk'))[0]?.count ?? 0;
  const copiedRows = async () => {
    await rig.copied();
    const [row] = await rig.database.query<{ count: number }>('select count(*)::int as count from voip_carrier_rate where voip_carrier_plan_id = $1', [deck.ownerId]);
    return row?.count ?? 0;
  };
  const activate = async (digest = '') => {
    rig.clock.advanceSec(60);
    granted(await rig.ask.activateDeck({ ...deck, digest }));
  };

  it('leaves nothing but the version and its counts', async () => {
    const importId = await appendAll(rig.ask, deck, '36,0.09\n40,0.08\n99999,1', {});
    expect(granted(await finishDeckImport(rig.finishDeps, importId, {}))).toMatchObject({ acceptedCount: 2n, errorCount: 1n, carriedCount: 0n });
    expect(await importRow(importId)).toEqual({ status: 'finished', pieces: 0 });
  });

  it('records the trace of the request beside the event', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    granted(await finishDeckImport(rig.finishDeps, await appendAll(rig.ask, deck, '36,0.09', {}), { traceparent }));
    const [row] = await rig.database.query<{ meta: unknown }>('select meta from event where stream = $1', [`deck-carrier-${deck.ownerId}`]);
    expect(row?.meta).toEqual({ traceparent });
  });

  it('takes the file of a version for that version, and stores nothing of it again', async () => {
    const first = granted(await rig.importDeck(deck, '36,0.09\n40,0.08'));
    const before = await chunks();
    expect(granted(await rig.importDeck(deck, '40,0.080\n36,0.09'))).toMatchObject({ deck: first.deck, acceptedCount: 2n });
    expect([await chunks(), await copiedRows(), granted(await rig.ask.listDecks(deck)).decks?.length]).toEqual([before, 2, 1]);
  });

  it('takes the same content of another plan for a version of its own, over the same chunks', async () => {
    const first = granted(await rig.importDeck(deck, '36,0.111'));
    const before = await chunks();
    const { id = 0 } = granted(await rig.ask.createRetailPlan({ name: `retail ${plans}`, currency: 'USD' }));
    const other = granted(await rig.importDeck({ kind: DeckKind.RETAIL, ownerId: id }, '36,0.111'));
    expect(other.deck).toMatchObject({ digest: first.deck?.digest, version: 1, currency: 'USD', carrierCode: '' });
    expect(await chunks()).toBe(before);
  });

  it('notes every line that repeats another, however many', async () => {
    const importId = await appendAll(rig.ask, deck, '36,0.09\n'.repeat(12_001), {});
    expect(granted(await rig.ask.finishDeckImport({ importId }))).toMatchObject({ acceptedCount: 1n, errorCount: 12_000n, errors: { length: 1_000 } });
    const last = granted(await rig.ask.listDeckImportErrors({ importId, afterLine: 11_999n })).errors ?? [];
    expect(last.map(({ line, code }) => `${line}:${code}`)).toEqual(['12000:duplicate_prefix', '12001:duplicate_prefix']);
  });

  it('carries over from the version in force only what is dated, or what the file leaves out when it amends', async () => {
    await activate(granted(await rig.importDeck(deck, '36,0.09\n40,0.08')).deck?.digest);
    expect(granted(await rig.importDeck(deck, '36,0.1'))).toMatchObject({ acceptedCount: 1n, carriedCount: 0n });
    expect(granted(await rig.importDeck(deck, '36,0.1,2026-12-01'))).toMatchObject({ acceptedCount: 1n, carriedCount: 1n });
    expect(granted(await rig.importDeck(deck, '36,0.1', { amends: true }))).toMatchObject({ acceptedCount: 1n, carriedCount: 1n });
  });

  it('carries nothing over from a version that was withdrawn', async () => {
    const { deck: version } = granted(await rig.importDeck(deck, '36,0.09\n40,0.08'));
    await activate(version?.digest);
    rig.clock.advanceSec(60);
    granted(await rig.ask.withdrawDeck({ ...deck, digest: version?.digest ?? '' }));
    expect(granted(await rig.importDeck(deck, '43,0.1', { amends: true }))).toMatchObject({ acceptedCount: 1n, carriedCount: 0n });
  });

  it('is one run for those who ask while it runs', async () => {
    const importId = await appendAll(rig.ask, deck, '36,0.09\n40,0.08', {});
    const answers = await Promise.all(Array.from({ length: 5 }, () => rig.ask.finishDeckImport({ importId })));
    for (const answer of answers) expect(granted(answer)).toEqual(granted(answers[0] ?? answer));
    expect(await copiedRows()).toBe(2);
  });

  it('does away with the rates that an earlier version of the service copied before the version was recorded', async () => {
    const importId = await appendAll(rig.ask, deck, '36,0.09\n40,0.08', {});
    await expect(rig.failToRecord(importId)).rejects.toThrow('the power is gone');
    const columns = 'voip_carrier_plan_id, deck_id, prefix, carrier_rate, connect_fee, initial_increment_sec, increment_sec, blocked';
    await rig.database.query(`insert into voip_carrier_rate (${columns}) select $1, deck_id, '36', 0.09, 0, 1, 1, false from deck_import where import_id = $2`, [deck.ownerId, importId]);
    await rig.database.query('update deck_import set copied_rates = 1 where import_id = $1', [importId]);
    granted(await rig.ask.finishDeckImport({ importId }));
    expect(await copiedRows()).toBe(2);
  });

  it('answers the outcome long after, though the pieces are gone', async () => {
    const importId = await appendAll(rig.ask, deck, '36,0.09\n36,0.08\nx', {});
    const first = granted(await rig.ask.finishDeckImport({ importId }));
    rig.clock.advanceSec(200_000);
    expect(granted(await rig.another().finishDeckImport({ importId }))).toEqual(first);
  });
});
