import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { CatalogService, CodedRefusal, DeckKind as WireDeckKind } from '@tollwire/contracts';
import { ok, present, refuse, type Result } from '@tollwire/core';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { CatalogDeps } from '../catalog.deps.ts';
import { deckFields } from '../decks/deck-answers.ts';
import { type ListedDeck, readActivations, readDecks } from '../decks/deck-reads.ts';
import { type RateChange, toldChanges } from '../domain/deck-diff.ts';
import { type DiffRow, DiffRows } from '../domain/diff-rows.ts';
import type { RecentContent } from '../import/recent-content.ts';
import type { PlanInMemory } from '../number-plan/plan-in-memory.ts';
import { deckVersionOf } from '../wire/messages.ts';
import { diffOf, type DiffQuestion } from './compute-diff.ts';
import { countErrors } from './count-errors.ts';
import { readBlock, type StoredDiff } from './diff-store.ts';
import { destinationOf, diffRowOf, rateChangeOf, sumsOf } from './diff-wire.ts';
import { type DiffCursor, diffCursorOf, diffTokenOf, pagesFrom } from './diff-token.ts';

type DiffMethods = 'diffDecks' | 'listDeckDiffRows';

const decompressed = promisify(zstdDecompress);

/** Rows in a page: what a reply of some 250 KB holds. */
const ROWS_PER_PAGE = 1_000;

interface Versions {
  readonly kind: WireDeckKind;
  readonly ownerId: number;
  readonly digest: string;
  readonly againstDigest: string;
}

/** Answers what versions differ in. */
export function diffAnswers(deps: CatalogDeps & { readonly plan: PlanInMemory; readonly recent: RecentContent }): Pick<ServiceImplementation<typeof CatalogService>, DiffMethods> {
  const { plan } = deps;
  /** Asked for twice at once, a difference is worked out once. */
  const running = new Map<string, Promise<StoredDiff>>();
  const diffed = (question: DiffQuestion) => {
    const key = `${question.from?.digest ?? ''} ${question.to.digest} ${question.sinceUs}`;
    const run = running.get(key) ?? diffOf({ ...deps, places: () => plan.places() }, question).finally(() => running.delete(key));
    running.set(key, run);
    return run;
  };
  return {
    async diffDecks(request) {
      const question = await questionOf(deps, request);
      if (!question.ok) return question;
      const { from, to, sinceUs } = question.value;
      const { summary } = await diffed(question.value);
      return ok({
        deck: deckVersionOf(to),
        ...(from === undefined ? {} : { against: deckVersionOf(from) }),
        sinceUs: BigInt(sinceUs),
        sums: sumsOf(summary.sums),
        destinations: summary.destinations.map(destinationOf),
        errorCount: await countErrors(deps.database, to),
      });
    },

    async listDeckDiffRows({ change, pageToken, ...request }) {
      const question = await questionOf(deps, request);
      if (!question.ok) return question;
      const cursor = diffCursorOf(pageToken);
      if (cursor === undefined) return refuse({ code: 'field_malformed', field: 'pageToken', detail: 'Give the token of the page before, or none.' });
      const diff = await diffed(question.value);
      const named = rateChangeOf(change);
      const changes = named === undefined ? toldChanges : [named];
      const begin = cursor === 'beginning' ? { change: present(changes[0], 'a change'), page: 0 } : cursor;
      const page = await readRows(deps, diff, pagesFrom(diff.summary.sums, changes, ROWS_PER_PAGE, begin));
      const places = await plan.places();
      return ok({
        rows: page.rows.map(({ change: of, row }) => diffRowOf(of, row, places.at(places.indexOf(Number(row.prefix))))),
        nextPageToken: page.next === undefined ? '' : diffTokenOf(page.next),
      });
    },
  };
}

/** As many pages as one reply holds; the first one always. */
async function readRows({ database }: CatalogDeps, { diffId, rowsPerBlock }: StoredDiff, pages: Iterable<DiffCursor & { readonly rowCount: number }>) {
  const rows: { readonly change: RateChange; readonly row: DiffRow }[] = [];
  for (const { change, page, rowCount } of pages) {
    if (rows.length > 0 && rows.length + rowCount > ROWS_PER_PAGE) return { rows, next: { change, page } };
    const first = page * ROWS_PER_PAGE;
    const content = present(await readBlock(database, diffId, change, Math.floor(first / rowsPerBlock)), 'a block of a difference');
    const block = DiffRows.fromBytes(await decompressed(content));
    for (let at = first % rowsPerBlock; at < (first % rowsPerBlock) + rowCount; at += 1) rows.push({ change, row: block.rowAt(at) });
  }
  return { rows, next: undefined };
}

/** Which versions are meant. What both said of the time before the later one was imported is no difference any more. */
async function questionOf({ database, clock }: CatalogDeps, request: Versions): Promise<Result<DiffQuestion, CodedRefusal>> {
  const owner = deckFields(request);
  if (!owner.ok) return owner;
  const versions = await readDecks(database, owner.value.kind, owner.value.ownerId);
  const to = versions.find(({ digest }) => digest === request.digest);
  if (to === undefined) return refuse({ code: 'unknown_deck', field: 'digest', detail: 'No version with this digest was imported for this plan.' });
  if (request.againstDigest === '') {
    const from = await inForceBeside(database, to, clock.nowUs());
    return ok({ from, to, sinceUs: sinceOf(from, to) });
  }
  const from = versions.find(({ digest }) => digest === request.againstDigest);
  if (from === undefined) return refuse({ code: 'unknown_deck', field: 'againstDigest', detail: 'No version with this digest was imported for this plan.' });
  return ok({ from, to, sinceUs: sinceOf(from, to) });
}

/** The version in force; for that one itself, the one that was before it. */
async function inForceBeside(sql: CatalogDeps['database'], to: ListedDeck, now: number): Promise<ListedDeck | undefined> {
  const begun = (await readActivations(sql, to)).filter(({ validFrom, validUntil }) => validFrom <= now && validUntil !== validFrom);
  const ordered = begun.sort((a, b) => a.validFrom - b.validFrom || a.activation - b.activation);
  const last = ordered.at(-1);
  if (last === undefined || last.deck.version === to.version) return ordered.findLast(({ deck }) => deck.version !== to.version)?.deck;
  return last.validUntil === null || last.validUntil > now ? last.deck : undefined;
}

function sinceOf(from: ListedDeck | undefined, to: ListedDeck): number {
  return Math.max(from?.importedAt ?? 0, to.importedAt);
}
