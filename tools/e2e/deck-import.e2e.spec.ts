import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { CatalogService, type CodedRefusal, DeckKind } from '@tollwire/contracts';
import type { Result } from '@tollwire/core';
import { type Asker, askerOf, type Bus, connectBus } from '@tollwire/messaging';
import { until } from '@tollwire/testing';
import { Rig } from './fixture/rig.ts';

// Six processes start on a machine that may be busy, and one of them twice more.
jest.setTimeout(180_000);

/** Five chunks and more of rates: there is a middle to be killed in. */
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

/** Asks for the finish, and kills the catalog as soon as a part of the content is stored. */
async function killedWhileFinishing(importId: string): Promise<void> {
  const stored = () => count('deck_chunk c join deck_import i using (digest) where i.import_id = $1', [importId]);
  const asked = catalog.finishDeckImport({ importId }, { timeoutMs: 500 });
  await until(async () => (await stored()) > 0, { timeoutMs: 60_000, everyMs: 1 });
  await rig.service('catalog').kill();
  await asked;
}

/** Kills the catalog once a part of a version's rates is in their table; answers how many. */
async function killedWhileCopying(): Promise<number> {
  await until(async () => (await inTable()) > 1, { timeoutMs: 60_000, everyMs: 5 });
  await rig.service('catalog').kill();
  return await inTable();
}

const count = async (text: string, params: unknown[] = []) => Number((await rig.query<{ count: string }>('catalog', `select count(*) as count from ${text}`, params))[0]?.count);
const inTable = () => count('voip_carrier_rate where voip_carrier_plan_id = $1', [deck.ownerId]);
const inForce = () => count('voip_carrier_rate_in_force where voip_carrier_plan_id = $1 and valid_until is null', [deck.ownerId]);

describe('the catalog may be killed', () => {
  let importId: string;
  let digest: string;

  it('between two pieces of a file, and at its end: asked again it makes one version of it (IMP-06)', async () => {
    const pieces = [...piecesOf('0.05')];
    importId = await begun(...pieces.slice(0, 4));
    await rig.service('catalog').kill();
    await restarted();
    // The piece before was taken; sent again it changes nothing.
    await appendFrom(importId, 3, pieces.slice(3));
    await killedWhileFinishing(importId);
    await restarted();
    const finished = granted(await catalog.finishDeckImport({ importId }, patient));
    expect(finished).toMatchObject({ acceptedCount: BigInt(RATES), errorCount: 0n, deck: { version: 2, rateCount: BigInt(RATES) } });
    expect(granted(await catalog.listDecks(deck)).decks.map((each) => `${each.deck?.version} ${each.status}`)).toEqual(['1 active', '2 imported']);
    digest = finished.deck?.digest ?? '';
  });

  it('while it copies the rates of a version: each is in its table once in the end', async () => {
    granted(await catalog.activateDeck({ ...deck, digest, by: 'ann' }));
    const copied = await killedWhileCopying();
    expect(copied).toBeLessThan(RATES + 1);
    // The version is in force; what shows its rates waits until they are whole.
    expect(await inForce()).toBe(0);
    await restarted();
    await until(async () => (await count('rate_copy')) === 0, { timeoutMs: 60_000 });
    expect([await inTable(), await inForce()]).toEqual([RATES + 1, RATES]);
  });
});
