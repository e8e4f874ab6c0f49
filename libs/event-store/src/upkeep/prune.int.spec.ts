import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { enqueue, outboxBacklog, prune, takeFresh } from '../index.ts';
import { type Bed, openBed } from '../spec/bed.ts';
import { publicEvent, receivedEvents } from '../spec/events.ts';

describe('prune', () => {
  let bed: Bed;

  beforeAll(async () => {
    bed = await openBed('prune');
  });

  afterAll(() => bed.close());

  it('removes published rows and receipts past their time, and nothing that still waits', async () => {
    const ids = receivedEvents(4).map(({ id }) => id);
    for (let n = 0; n < 4; n += 1) await enqueue(bed.database, 'root', [publicEvent(n)]);
    await takeFresh(bed.database, 'reaction', ids);
    const [first, second, third] = await bed.database.query<{ position: bigint }>('SELECT position FROM outbox ORDER BY position');
    await bed.asOwner(`DELETE FROM outbox_pending WHERE position <> ${first?.position}`);
    await bed.asOwner(`UPDATE outbox SET created_at = now() - interval '8 days' WHERE position <= ${third?.position}`);
    await bed.asOwner(`INSERT INTO outbox_published (stream_created, stream_seq, message_id, positions, published_at)
      VALUES ('s', 1, 'old', '{${second?.position}}', now() - interval '8 days'), ('s', 2, 'new', '{${third?.position}}', now())`);
    await bed.asOwner(`UPDATE inbox SET received_at = now() - interval '16 days' WHERE event_id = '${ids[0]}'`);

    expect(await prune(bed.database)).toEqual({ outboxRows: 2, publications: 1, receipts: 1 });
    expect(await bed.database.query('SELECT position FROM outbox')).toHaveLength(2);
    expect(await takeFresh(bed.database, 'reaction', ids)).toEqual(new Set([ids[0]]));
    expect(await outboxBacklog(bed.database)).toMatchObject({ pendingRows: 1 });
    expect((await outboxBacklog(bed.database)).oldestAgeSec).toBeGreaterThan(8 * 86_400 - 60);
  });

  it('refuses to forget receipts while their events can still come', async () => {
    await expect(prune(bed.database, { outboxDays: 7, inboxDays: 14 })).rejects.toThrow('do not outlive');
  });
});
