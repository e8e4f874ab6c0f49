import type { CatalogService, CodedRefusal, SnapshotReply } from '@tollwire/contracts';
import { assert, ok, type Result } from '@tollwire/core';
import type { Asker } from '@tollwire/messaging';

/**
 * Every page of the catalog's snapshot, in order, or the refusal that a page met. A catalog that points back to a page is
 * a bug and throws, because it would be followed forever.
 */
export async function snapshotPages({ snapshot }: Pick<Asker<typeof CatalogService>, 'snapshot'>): Promise<Result<readonly SnapshotReply[], CodedRefusal>> {
  const pages: SnapshotReply[] = [];
  const asked = new Set<string>();
  for (let pageToken = ''; ; ) {
    asked.add(pageToken);
    const answer = await snapshot({ pageToken });
    if (!answer.ok) return answer;
    pages.push(answer.value);
    pageToken = answer.value.nextPageToken;
    if (pageToken === '') return ok(pages);
    assert(!asked.has(pageToken), `the catalog's snapshot goes on after ${pageToken}`);
  }
}
