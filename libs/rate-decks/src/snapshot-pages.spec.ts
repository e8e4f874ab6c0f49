import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { type SnapshotReply, SnapshotReplySchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { snapshotPages } from './snapshot-pages.ts';

/** A catalog whose pages are chained as told: `{ '': 'b', b: '' }` has two. It notes what it is asked. */
function catalogOf(chain: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const snapshot = async ({ pageToken = '' }: { readonly pageToken?: string }) => {
    asked.push(pageToken);
    const nextPageToken = chain[pageToken];
    if (nextPageToken === undefined) return refuse({ code: 'service_unavailable' as const });
    return ok(create(SnapshotReplySchema, { nextPageToken, sellTerms: [{ revision: asked.length }] }));
  };
  return { asked, snapshot };
}
const revisions = (pages: readonly SnapshotReply[]) => pages.flatMap(({ sellTerms }) => sellTerms.map(({ revision }) => revision));

describe('the pages of a snapshot', () => {
  it('are one where the catalog is small, as of a catalog that knows no pages', async () => {
    const catalog = catalogOf({ '': '' });
    const pages = await snapshotPages(catalog);
    expect([pages.ok && revisions(pages.value), catalog.asked]).toEqual([[1], ['']]);
  });

  it('are taken one after the other, each by the token of the one before', async () => {
    const catalog = catalogOf({ '': 'decks/tariff/1/9', 'decks/tariff/1/9': 'plans/0', 'plans/0': '' });
    const pages = await snapshotPages(catalog);
    expect([pages.ok && revisions(pages.value), catalog.asked]).toEqual([[1, 2, 3], ['', 'decks/tariff/1/9', 'plans/0']]);
  });

  it('are none where one of them is refused: half a snapshot would be taken for the whole', async () => {
    expect(await snapshotPages(catalogOf({ '': 'plans/0' }))).toMatchObject({ ok: false, refusal: { code: 'service_unavailable' } });
  });

  it('are not followed in a circle', async () => {
    await expect(snapshotPages(catalogOf({ '': 'a', a: 'b', b: 'a' }))).rejects.toThrow('goes on after a');
  });
});
