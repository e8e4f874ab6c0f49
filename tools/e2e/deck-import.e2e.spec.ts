import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { CatalogService, type CodedRefusal, DeckKind } from '@tollwire/contracts';
import type { Result } from '@tollwire/core';
import { Database } from '@tollwire/event-store';
import { type Asker, askerOf, type Bus, connectBus } from '@tollwire/messaging';
import { testClock, until } from '@tollwire/testing';
import { sweepImports } from '../../services/catalog/src/import/sweep-imports.ts';
import { Rig } from './fixture/rig.ts';

// Six processes start on a machine that may be busy, and one of them twice more.
jest.setTimeout(180_000);

/** Four transactions and more of rates: there is a middle to be killed in. */
const RATES = 220_000;
const pieceRates = 20_000;
const patient = { timeoutMs: 60_000 };

let rig: Rig;
let bus: Bus;
let catalog: Asker<typeof CatalogService>;
let deck: { readonly kind: DeckKind; readonly ownerId: number };

beforeAll(async () => {
  rig = await Rig.start('deck_import');
  bus = await connectBus({ url: rig.busUrl, name: 'deck-import-spec' });
  catalog = askerOf(CatalogService, bus, { root: rig.place.busRoot });
  const { id } = granted(await catalog.createCarrierPlan({ name: 'Acme', currency: 'EUR', carrierCode: 'ACME', by: 'ann' }));
  deck = { kind: DeckKind.CARRIER, ownerId: id };
  granted(await catalog.loadNumberPlan({ countries: [{ countryCode: 'HU', countryName: 'Hungary' }], prefixes: [{ prefix: '36', countryCode: 'HU', subcode: '' }] }));
  const first = await begun('prefix,rate\n36,0.09\n');
  const { deck: version } = granted(await catalog.finishDeckImport({ importId: first }, patient));
  granted(await catalog.activateDeck({ ...deck, digest: version?.digest ?? '', by: 'ann' }));
});
afterAll(async () => {
  await bus.close();
  await rig.stop();
});

function granted<T>(result: Result<T, CodedRefusal>): T {
  if (!result.ok) throw new Error(`Refused: ${result.refusal.code} ${result.refusal.detail ?? ''}`);
  return result.value;
}

function* piecesOf(rate: string): Generator<string> {
  yield 'prefix,rate\n';
  for (let from = 0; from < RATES; from += pieceRates) {
    yield Array.from({ length: pieceRates }, (_, at) => `36${1_000_000 + from + at},${rate}\n`).join('');
  }
}

async function begun(...pieces: string[]): Promise<string> {
  const { importId } = granted(await catalog.beginDeckImport({ ...deck, by: 'ann' }));
  await appendFrom(importId, 0, pieces);
  return importId;
}

async function appendFrom(importId: string, sequence: number, pieces: readonly string[]): Promise<void> {
  for (const [at, piece] of pieces.entries()) granted(await catalog.appendDeckImport({ importId, sequence: sequence + at, csv: Buffer.from(piece) }, patient));
}

async function restarted(): Promise<void> {
  const service = rig.service('catalog');
  service.start();
  await service.ready();
}

/** Asks for the finish, and kills the catalog once a part of the rates is in their table; answers how many. */
async function killedWhileCopying(importId: string): Promise<number> {
  const copied = async () => (await rig.query<{ copied: number }>('catalog', 'select copied_rates as copied from deck_import where import_id = $1', [importId]))[0]?.copied ?? 0;
  const asked = catalog.finishDeckImport({ importId }, { timeoutMs: 500 });
  await until(async () => (await copied()) > 0, { timeoutMs: 60_000, everyMs: 5 });
  await rig.service('catalog').kill();
  await asked;
  return await copied();
}

const count = async (text: string, params: unknown[] = []) => Number((await rig.query<{ count: string }>('catalog', `select count(*) as count from ${text}`, params))[0]?.count);
const inTable = () => count('voip_carrier_rate where voip_carrier_plan_id = $1', [deck.ownerId]);
const inForce = () => count('voip_carrier_rate_in_force where voip_carrier_plan_id = $1 and valid_until is null', [deck.ownerId]);
const chunksOf = (digest: string) => count('deck_chunk where digest = $1', [digest]);
const digestOf = async (importId: string) => (await rig.query<{ digest: string }>('catalog', 'select digest from deck_import where import_id = $1', [importId]))[0]?.digest ?? '';

describe('the catalog may be killed in the middle of an import', () => {
  it('of which nothing counts by then; asked again it goes on where it stopped, to one version (IMP-06)', async () => {
    const pieces = [...piecesOf('0.05')];
    const importId = await begun(...pieces.slice(0, 4));
    await rig.service('catalog').kill();
    await restarted();
    // The piece before was taken; sent again it changes nothing.
    await appendFrom(importId, 3, pieces.slice(3));

    const copied = await killedWhileCopying(importId);
    expect(copied).toBeGreaterThan(0);
    expect(copied).toBeLessThan(RATES);
    await until(async () => (await inTable()) === copied + 1);
    expect(await inForce()).toBe(1);
    expect(await count('rate_deck')).toBe(1);

    await restarted();
    expect(granted(await catalog.listDecks(deck)).decks).toMatchObject([{ status: 'active', deck: { version: 1 } }]);
    const finished = granted(await catalog.finishDeckImport({ importId }, patient));
    expect(finished).toMatchObject({ acceptedCount: BigInt(RATES), errorCount: 0n, deck: { version: 2, rateCount: BigInt(RATES) } });
    expect([await inTable(), await inForce()]).toEqual([RATES + 1, 1]);
    granted(await catalog.activateDeck({ ...deck, digest: finished.deck?.digest ?? '', by: 'ann' }));
    expect(await inForce()).toBe(RATES);
  });

  it('and where nobody goes on with it, all that it left is swept away, and the file may be sent again', async () => {
    const pieces = [...piecesOf('0.06')];
    const [before, importId] = [await inTable(), await begun(...pieces)];
    expect(await killedWhileCopying(importId)).toBeGreaterThan(0);
    const digest = await digestOf(importId);
    await restarted();
    expect([(await inTable()) > before, (await chunksOf(digest)) > 0, await count('rate_deck')]).toEqual([true, true, 2]);

    const database = await Database.connect({ url: rig.ownerUrl('catalog'), applicationName: 'deck-import-spec' });
    const clock = testClock(new Date(Date.now() + 90_000_000).toISOString());
    await sweepImports({ database, clock });
    await database.close();
    expect([await inTable(), await chunksOf(digest), await count('deck_import_piece where import_id = $1', [importId])]).toEqual([before, 0, 0]);
    expect(await catalog.finishDeckImport({ importId })).toMatchObject({ ok: false, refusal: { code: 'unknown_import' } });

    const again = granted(await catalog.finishDeckImport({ importId: await begun(...pieces) }, patient));
    expect(again.deck).toMatchObject({ version: 3, digest, rateCount: BigInt(RATES) });
  });
});
