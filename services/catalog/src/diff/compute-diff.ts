import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { setImmediate } from 'node:timers/promises';
import { present } from '@tollwire/core';
import type { CatalogDeps } from '../catalog.deps.ts';
import { diffDecks, type DeckDiff, type DiffBlock } from '../domain/deck-diff.ts';
import { RateColumns } from '../domain/rate-columns.ts';
import type { ImportedDeck } from '../domain/rate-deck.ts';
import type { RecentContent } from '../import/recent-content.ts';
import type { Places } from '../number-plan/places.ts';
import { beginDiff, type DiffSummary, findDiff, finishDiff, insertBlocks, type StoredDiff, type StoredBlock } from './diff-store.ts';
import { readContent } from './read-content.ts';

/** Rows in a block, which is compressed and stored as one: a compression of its own for each reply's rows cost more than the comparison. */
const ROWS_PER_BLOCK = 20_000;

/** Full blocks are stored some at a time, each time in a transaction of its own. */
const BLOCKS_PER_INSERT = 2;
const SLICE_MS = 8;

const compressed = promisify(zstdCompress);

export interface DiffQuestion {
  readonly from: ImportedDeck | undefined;
  readonly to: ImportedDeck;
  readonly sinceUs: number;
}

type DiffDeps = Pick<CatalogDeps, 'database' | 'clock'> & { readonly places: () => Promise<Places>; readonly recent?: Pick<RecentContent, 'of'>; readonly rowsPerBlock?: number };

/**
 * What two versions differ in: as it was worked out before for the same contents, else now, in slices between which
 * other requests are answered. Holds both contents in memory while it works, some 100 bytes a rate.
 */
export async function diffOf(deps: DiffDeps, question: DiffQuestion): Promise<StoredDiff> {
  const contents = { fromDigest: question.from?.digest ?? '', toDigest: question.to.digest, sinceUs: question.sinceUs };
  const known = await findDiff(deps.database, contents, deps.clock.nowUs());
  if (known !== undefined) return known;
  const { rowsPerBlock = ROWS_PER_BLOCK } = deps;
  const diffId = await beginDiff(deps.database, { ...contents, rowsPerBlock }, deps.clock.nowUs());
  const summary = await compute(deps, question, { diffId, rowsPerBlock });
  if (await finishDiff(deps.database, diffId, summary)) return { diffId, rowsPerBlock, summary };
  return present(await findDiff(deps.database, contents, deps.clock.nowUs()), 'the difference that another request has worked out');
}

async function compute(deps: DiffDeps, { from, to, sinceUs }: DiffQuestion, { diffId, rowsPerBlock }: Omit<StoredDiff, 'summary'>): Promise<DiffSummary> {
  const { database } = deps;
  const places = await deps.places();
  const sources = {
    from: from === undefined ? new RateColumns(0) : await readContent(database, from),
    to: deps.recent?.of(to.digest) ?? (await readContent(database, to)),
    sinceUs, rowsPerBlock, placeOf: (prefixNumber: number) => places.indexOf(prefixNumber),
  };
  const diff = await drained(diffDecks(sources), (blocks) => insertCompressed(deps, diffId, blocks));
  const destinations = [...diff.byPlace].map(([index, sums]) => ({ place: places.at(index), sums }));
  return { sums: diff.sums, destinations: destinations.sort((a, b) => keyOf(a.place).localeCompare(keyOf(b.place))) };
}

/**
 * Runs the comparison to its result, hands its blocks on some at a time, and lets other requests in between. The next blocks are made while those
 * before are on their way.
 */
async function drained(work: Generator<DiffBlock | undefined, DeckDiff>, take: (blocks: DiffBlock[]) => Promise<void>): Promise<DeckDiff> {
  let blocks: DiffBlock[] = [];
  let taken = Promise.resolve();
  for (let since = performance.now(); ; ) {
    const step = work.next();
    if (step.done === true) {
      await taken;
      await take(blocks);
      return step.value;
    }
    if (step.value !== undefined) blocks.push(step.value);
    if (blocks.length >= BLOCKS_PER_INSERT) {
      await taken;
      taken = take(blocks);
      // A failure is met where it is waited for.
      taken.catch(() => undefined);
      blocks = [];
    } else if (performance.now() - since < SLICE_MS) continue;
    else await setImmediate();
    since = performance.now();
  }
}

async function insertCompressed({ database }: DiffDeps, diffId: bigint, blocks: readonly DiffBlock[]): Promise<void> {
  if (blocks.length === 0) return;
  const stored = await Promise.all(blocks.map(async ({ change, block, rows }): Promise<StoredBlock> => {
    return { change, block, content: await compressed(rows.toBytes()) };
  }));
  await insertBlocks(database, diffId, stored);
}

function keyOf({ countryName, subcode }: { readonly countryName: string; readonly subcode: string }): string {
  return `${countryName} ${subcode}`;
}
