import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CuttableLine } from '@tollwire/testing';
import { append, commandHandler, Database, isTransient, runReaction } from '../index.ts';
import { type Bed, openBed } from './bed.ts';
import { receivedEvents } from './events.ts';
import { card, cardList, cardTable } from './calling-card.ts';
import { effectReaction, effectTable } from './effect.ts';

describe('A connection lost between COMMIT and its answer', () => {
  let bed: Bed;
  let line: CuttableLine;
  let database: Database;

  beforeAll(async () => {
    bed = await openBed('ambiguous', [effectTable, cardTable]);
    const url = new URL(bed.url);
    line = new CuttableLine(new URL(bed.url));
    url.host = `127.0.0.1:${await line.open()}`;
    database = await Database.connect({ url: url.toString(), applicationName: 'ambiguous' });
  });

  afterAll(async () => {
    await database.close();
    line.close();
    await bed.close();
  });

  const committedUnheard = async (work: () => Promise<unknown>) => {
    line.cuts = 1;
    const error = await work().then(() => 'was heard', (reason: unknown) => reason);
    expect(isTransient(error)).toBe(true);
    expect(line.cuts).toBe(0);
  };

  it('is transient, and giving the events again has no second effect', async () => {
    await committedUnheard(() => runReaction(database, effectReaction, receivedEvents(10)));
    expect(await runReaction(database, effectReaction, receivedEvents(10))).toEqual({ handled: 0, repeated: 10, parked: 0 });
    expect(await bed.database.query('SELECT times FROM effect WHERE times = 1')).toHaveLength(10);
    expect(await bed.database.query('SELECT times FROM effect')).toHaveLength(10);
  });

  it('is transient, and appending again says that somebody was first', async () => {
    const appendOnce = () => database.transaction((tx) => append(tx, [{ stream: 's', expectedVersion: 0, events: [{ type: 'Once' }] }]));
    await committedUnheard(appendOnce);
    await expect(appendOnce()).rejects.toThrow('Another writer was first in s');
  });

  it('is transient, and a command given again finds that it has been carried out', async () => {
    const cards = commandHandler({ database, decider: card, streamOf: (id) => `card-${id}`, projections: [cardList], root: 'root' });
    await committedUnheard(() => cards.handle('1', { type: 'Issue', creditNanos: 5n }));
    expect(await cards.handle('1', { type: 'Issue', creditNanos: 5n })).toMatchObject({ ok: true, value: { version: 1, events: [] } });
  });
});
