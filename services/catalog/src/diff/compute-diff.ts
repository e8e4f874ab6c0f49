import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { setImmediate } from 'node:timers/promises';
import { present } from '@tollwire/core';
import type { CatalogDeps } from '../catalog.deps.ts';
import { diffDecks, type DeckDiff, type DiffPage } from '../domain/deck-diff.ts';
import { RateColumns } from '../domain/rate-columns.ts';
import type { ImportedDeck } from '../domain/rate-deck.ts';
import type { Places } from '../number-plan/places.ts';
import { beginDiff, type DiffSummary, findDiff, finishDiff, insertPages, type StoredDiff, type StoredPage } from './diff-store.ts';
import { readContent } from './read-content.ts';

/** Rows in a page: what a reply of some 250 KB holds. */
export const ROWS_PER_PAGE = 1_000;

/** Full pages are stored some at a time, each time in a transaction of its own. */
const PAGES_PER_INSERT = 20;
const SLICE_MS = 8;

const compressed = promisify(zstdCompress);

export interface DiffQuestion {
  readonly from: ImportedDeck | undefined;
  readonly to: ImportedDeck;
  readonly sinceUs: number;
}

type DiffDeps = Pick<CatalogDeps, 'database' | 'clock'> & { readonly places: () => Promise<Places>; readonly rowsPerPage?: number };

/**
 * What two versions differ in: as it was worked out before for the same contents, else now, in slices between which
 * other requests are answered. Holds both contents in memory while it works, some 100 bytes a rate.
 */
export async function diffOf(deps: DiffDeps, question: DiffQuestion): Promise<StoredDiff> {
  const contents = { fromDigest: question.from?.digest ?? '', toDigest: question.to.digest, sinceUs: question.sinceUs };
  const known = await findDiff(deps.database, contents, deps.clock.nowUs());
  if (known !== undefined) return known;
  const diffId = await beginDiff(deps.database, contents, deps.clock.nowUs());
  const summary = await compute(deps, question, diffId);
  if (await finishDiff(deps.database, diffId, summary)) return { diffId, summary };
  return present(await findDiff(deps.database, contents, deps.clock.nowUs()), 'the difference that another request has worked out');
}

async function compute(deps: DiffDeps, { from, to, sinceUs }: DiffQuestion, diffId: bigint): Promise<DiffSummary> {
  const { database, rowsPerPage = ROWS_PER_PAGE } = deps;
  const places = await deps.places();
  const sources = {
    from: from === undefined ? new RateColumns(0) : await readContent(database, from),
    to: await readContent(database, to),
    sinceUs, rowsPerPage, placeOf: (prefixNumber: number) => places.indexOf(prefixNumber),
  };
  const diff = await drained(diffDecks(sources), (pages) => insertCompressed(deps, diffId, pages));
  const destinations = [...diff.byPlace].map(([index, sums]) => ({ place: places.at(index), sums }));
  return { sums: diff.sums, destinations: destinations.sort((a, b) => keyOf(a.place).localeCompare(keyOf(b.place))) };
}

/**
 * Runs the comparison to its result, hands its pages on some at a time, and lets other requests in between. The next pages are made while those
 * before are on their way.
 */
async function drained(work: Generator<DiffPage | undefined, DeckDiff>, take: (pages: DiffPage[]) => Promise<void>): Promise<DeckDiff> {
  let pages: DiffPage[] = [];
  let taken = Promise.resolve();
  for (let since = performance.now(); ; ) {
    const step = work.next();
    if (step.done === true) {
      await taken;
      await take(pages);
      return step.value;
    }
    if (step.value !== undefined) pages.push(step.value);
    if (pages.length >= PAGES_PER_INSERT) {
      await taken;
      taken = take(pages);
      // A failure is met where it is waited for.
      taken.catch(() => undefined);
      pages = [];
    } else if (performance.now() - since < SLICE_MS) continue;
    else await setImmediate();
    since = performance.now();
  }
}

async function insertCompressed({ database }: DiffDeps, diffId: bigint, pages: readonly DiffPage[]): Promise<void> {
  if (pages.length === 0) return;
  const stored = await Promise.all(pages.map(async ({ change, page, rows }): Promise<StoredPage> => {
    return { change, page, content: await compressed(rows.toBytes()) };
  }));
  await insertPages(database, diffId, stored);
}

function keyOf({ countryName, subcode }: { readonly countryName: string; readonly subcode: string }): string {
  return `${countryName} ${subcode}`;
}
