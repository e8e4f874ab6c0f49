import { publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Reaction, runReaction, type Sql } from '../index.ts';
import { type Bed, openBed } from '../spec/bed.ts';
import { receivedEvents } from '../spec/events.ts';

describe('runReaction', () => {
  let bed: Bed;

  beforeAll(async () => {
    bed = await openBed('reaction', ['CREATE TABLE effect (reaction text, key text, times int, PRIMARY KEY (reaction, key))']);
  });

  afterAll(() => bed.close());

  /** Counts how often each event had its effect, so that twice shows. */
  const counting = (name: string, more: (events: readonly ReceivedEvent[]) => Awaited<ReturnType<Reaction['handle']>> = () => undefined): Reaction => ({
    name,
    events: [publicEvents.CardDeactivated],
    async handle(tx: Sql, events) {
      const outcome = more(events);
      const parked = new Set(outcome?.park?.map(({ eventId }) => eventId));
      await tx.query(
        `INSERT INTO effect SELECT $1, key, 1 FROM unnest($2::text[]) AS k (key)
         ON CONFLICT (reaction, key) DO UPDATE SET times = effect.times + 1`,
        [name, events.filter(({ id }) => !parked.has(id)).map(({ key }) => key)],
      );
      return outcome;
    },
  });

  const effects = (name: string) =>
    bed.database.query<{ key: string; times: number }>('SELECT key, times FROM effect WHERE reaction = $1 ORDER BY key', [name]);

  it('has the effect of an event once, in one batch and over many', async () => {
    const reaction = counting('once');
    const events = receivedEvents(3);
    expect(await runReaction(bed.database, reaction, [...events, ...events])).toEqual({ handled: 3, repeated: 3, parked: 0 });
    expect(await runReaction(bed.database, reaction, receivedEvents(4))).toEqual({ handled: 1, repeated: 3, parked: 0 });
    expect(await runReaction(bed.database, reaction, events)).toEqual({ handled: 0, repeated: 3, parked: 0 });
    expect((await effects('once')).map(({ times }) => times)).toEqual([1, 1, 1, 1]);
  });

  it('keeps the receipts of each reaction apart', async () => {
    expect(await runReaction(bed.database, counting('first'), receivedEvents(2))).toMatchObject({ handled: 2 });
    expect(await runReaction(bed.database, counting('second'), receivedEvents(2))).toMatchObject({ handled: 2 });
  });

  it('has no receipt without its effect: what threw comes again whole', async () => {
    const throwing = counting('thrown', () => { throw new Error('a bug'); });
    await expect(runReaction(bed.database, throwing, receivedEvents(2))).rejects.toThrow('a bug');
    expect(await runReaction(bed.database, counting('thrown'), receivedEvents(2))).toMatchObject({ handled: 2 });
  });

  it('gives overlapping batches to several instances at once, and each event has one effect', async () => {
    const other = await bed.another();
    const batches = Array.from({ length: 20 }, (_unused, n) => receivedEvents(40, n * 5).reverse());
    const reports = await Promise.all(batches.map((batch, n) => runReaction(n % 2 === 0 ? bed.database : other, counting('raced'), batch)));
    expect(reports.reduce((sum, { handled }) => sum + handled, 0)).toBe(135);
    expect((await effects('raced')).every(({ times }) => times === 1)).toBe(true);
  });

  it('parks an event with its reason and bytes while the rest of the batch commits', async () => {
    const [poison, ...rest] = receivedEvents(3, 500);
    const reaction = counting('parking', (events) => ({
      park: events.filter(({ id }) => id === poison?.id).map(({ id }) => ({ eventId: id, code: 'unknown_card', detail: 'No card 1500\0' })),
    }));
    expect(await runReaction(bed.database, reaction, receivedEvents(3, 500))).toEqual({ handled: 2, repeated: 0, parked: 1 });
    expect((await effects('parking')).map(({ key }) => key)).toEqual(rest.map(({ key }) => key));
    const [letter] = await bed.database.query<Record<string, unknown>>("SELECT * FROM dead_letter WHERE consumer = 'parking'");
    expect(letter).toMatchObject({ event_id: poison?.id, code: 'unknown_card', tries: 1, data: Buffer.from(poison?.dataBytes ?? []) });
  });

  it('tells of a batch once it is committed: what was parked by code, and never of one that is undone', async () => {
    const told: unknown[] = [];
    const committed = () => void told.push('committed');
    const parking = counting('telling', ([first]) => ({ committed, park: [{ eventId: first?.id ?? '', code: 'unknown_card', detail: 'No card' }] }));
    await runReaction(bed.database, parking, receivedEvents(2, 700), (codes) => told.push(codes));
    expect(told).toEqual(['committed', ['unknown_card']]);
    const foreign = counting('telling', () => ({ committed, park: [{ eventId: 'not there', code: 'unknown_card', detail: 'No card' }] }));
    await expect(runReaction(bed.database, foreign, receivedEvents(2, 710), (codes) => told.push(codes))).rejects.toThrow();
    expect(told).toHaveLength(2);
  });

  it('does nothing for an empty batch, and asks nobody', async () => {
    const asked = { transaction: () => Promise.reject(new Error('asked')) };
    expect(await runReaction(asked, counting('empty'), [])).toEqual({ handled: 0, repeated: 0, parked: 0 });
  });

  it('refuses to park an event that was not in the batch, and undoes the batch', async () => {
    const [foreign] = receivedEvents(1, 900);
    const reaction = counting('foreign', () => ({ park: [{ eventId: foreign?.id ?? '', code: 'unknown_card', detail: 'none' }] }));
    await expect(runReaction(bed.database, reaction, receivedEvents(2, 600))).rejects.toThrow('in the batch that parks it');
    expect(await effects('foreign')).toEqual([]);
  });

  it('gives every copy to a reaction that keeps its receipts itself', async () => {
    const seen: number[] = [];
    const own: Reaction = {
      name: 'own',
      receipts: 'own',
      events: [publicEvents.CardDeactivated],
      handle: async (_tx, events) => void seen.push(events.length),
    };
    const events = receivedEvents(3);
    await runReaction(bed.database, own, [...events, ...events]);
    await runReaction(bed.database, own, events);
    expect(seen).toEqual([6, 3]);
    const receipts = await bed.database.query("SELECT FROM inbox i JOIN inbox_consumer c ON c.id = i.consumer WHERE c.name = 'own'");
    expect(receipts).toEqual([]);
  });
});
