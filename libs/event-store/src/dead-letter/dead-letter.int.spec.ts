import { publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { encodeEvent } from '@tollwire/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deadLetterCounts, deadLettersWith, keepParked, listDeadLetters, type Reaction, redrive, runReaction, starDeadLetters } from '../index.ts';
import { type Bed, openBed } from '../spec/bed.ts';
import { publicEvent, receivedEvent, receivedEvents } from '../spec/events.ts';

describe('Dead letters', () => {
  let bed: Bed;

  beforeAll(async () => {
    bed = await openBed('letters', ['CREATE TABLE card (id text)', 'CREATE TABLE seen (reaction text, key text)']);
  });

  afterAll(() => bed.close());

  /** Needs the card of an event to exist; parks the event, or with `throws` breaks, when it does not. */
  const needsCard = (name: string, throws = false): Reaction => ({
    name,
    events: [publicEvents.CardDeactivated],
    async handle(tx, events) {
      const known = new Set((await tx.query<{ id: string }>('SELECT id FROM card')).map(({ id }) => `card:${id}`));
      const unknown = events.filter(({ key }) => !known.has(key));
      if (throws && unknown.length > 0) throw new Error('no such card');
      const due = events.filter(({ key }) => known.has(key));
      await tx.query('INSERT INTO seen SELECT $1, unnest($2::text[])', [name, due.map(({ key }) => key)]);
      return { park: unknown.map(({ id, key }) => ({ eventId: id, code: 'unknown_card', detail: `No ${key}` })) };
    },
  });
  const issue = (...ids: string[]) => bed.database.query('INSERT INTO card SELECT unnest($1::text[])', [ids]);
  const seen = async (name: string) =>
    (await bed.database.query<{ key: string }>('SELECT key FROM seen WHERE reaction = $1 ORDER BY key', [name])).map(({ key }) => key);
  const tries = async (name: string) => (await listDeadLetters(bed.database, { consumer: name })).map((letter) => letter.tries);

  it('are driven again from the kept bytes once what was missing is there, each once', async () => {
    const reaction = needsCard('settle');
    await runReaction(bed.database, reaction, receivedEvents(3));
    await issue('1001');
    expect(await redrive(bed.database, reaction)).toEqual({ handled: 1, parkedAgain: 2 });
    expect(await tries('settle')).toEqual([2, 2]);
    await issue('1000', '1002');
    const other = await bed.another();
    const reports = await Promise.all([redrive(bed.database, reaction), redrive(other, reaction)]);
    expect(reports.reduce((sum, { handled }) => sum + handled, 0)).toBe(2);
    expect(await seen('settle')).toEqual(['card:1000', 'card:1001', 'card:1002']);
  });

  it('do not come back with a copy of their event, parked or settled', async () => {
    const reaction = needsCard('copies');
    const events = receivedEvents(1, 50);
    await runReaction(bed.database, reaction, events);
    expect(await runReaction(bed.database, reaction, events)).toEqual({ handled: 0, repeated: 1, parked: 0 });
    await issue('1050');
    await redrive(bed.database, reaction);
    await runReaction(bed.database, reaction, events);
    expect(await seen('copies')).toEqual(['card:1050']);
  });

  it('have a number starred out that is erased, byte for byte, and no other', async () => {
    const reaction = needsCard('starred');
    await runReaction(bed.database, reaction, [receivedEvent(700)]);
    const letter = `UPDATE dead_letter SET data = $1, detail = $2, headers = $3 WHERE consumer = 'starred'`;
    await bed.database.query(letter, [Buffer.from('\u0010\n\f436641234567\u0012\r+436641234568\u00ff', 'latin1'), '{"value":"00436641234567"}', '{"x":"+436641234567"}']);
    const positions = await deadLettersWith(bed.database, '436641234567');
    expect(positions).toHaveLength(1);
    expect([await deadLettersWith(bed.database, '4366412'), await starDeadLetters(bed.database, positions, '436641234567'), await deadLettersWith(bed.database, '436641234567')]).toEqual([[], 1, []]);
    const [row] = await bed.database.query<{ data: Buffer; detail: string; headers: unknown }>(`SELECT data, detail, headers FROM dead_letter WHERE consumer = 'starred'`);
    expect(row?.data.toString('latin1')).toBe('\u0010\n\f436641******\u0012\r+436641234568\u00ff');
    expect(row).toMatchObject({ detail: '{"value":"00436641******"}', headers: { x: '+436641******' } });
  });

  it('count the tries of a reaction that throws, and say what it said', async () => {
    const reaction = needsCard('throws', true);
    await keepParked(bed.database, 'throws', { kind: 'event', subject: 's', event: receivedEvent(60), reason: 'failed', detail: 'first\0time' });
    await keepParked(bed.database, 'throws', { kind: 'event', subject: 's', event: receivedEvent(60), reason: 'failed', detail: 'again' });
    expect(await tries('throws')).toEqual([1]);
    expect(await redrive(bed.database, reaction)).toEqual({ handled: 0, parkedAgain: 1 });
    expect(await listDeadLetters(bed.database, { consumer: 'throws' })).toMatchObject([{ tries: 2, code: 'failed', detail: 'no such card' }]);
    await issue('1060');
    expect(await redrive(bed.database, reaction)).toEqual({ handled: 1, parkedAgain: 0 });
  });

  it('keep an unreadable message as it came, once, and read it when that has become possible', async () => {
    const reaction = needsCard('unreadable');
    const bytes = encodeEvent(publicEvent(70));
    const message = { kind: 'message' as const, subject: 'tollwire.card.v1', headers: { 'Nats-Msg-Id': 'x' }, bytes, reason: 'message_malformed' as const, detail: 'no form' };
    await keepParked(bed.database, 'unreadable', { ...message, contentType: 'application/unknown' });
    await keepParked(bed.database, 'unreadable', { ...message, contentType: 'application/unknown' });
    await keepParked(bed.database, 'unreadable', { ...message, contentType: 'application/cloudevents-batch+protobuf' });
    await issue('1070');
    expect(await redrive(bed.database, reaction)).toEqual({ handled: 1, parkedAgain: 1 });
    expect(await seen('unreadable')).toEqual(['card:1070']);
    const [left] = await listDeadLetters(bed.database, { consumer: 'unreadable' });
    expect(left).toMatchObject({ kind: 'message', tries: 2, headers: { 'Nats-Msg-Id': 'x' } });
    expect(Buffer.from(left?.event.dataBytes ?? [])).toEqual(Buffer.from(bytes));
  });

  it('are listed by consumer, code and page, and counted', async () => {
    const letters: ReceivedEvent[] = receivedEvents(3, 80);
    await runReaction(bed.database, needsCard('listed'), letters);
    const all = await listDeadLetters(bed.database, { consumer: 'listed' });
    expect(all.map(({ event }) => event)).toEqual(letters.map((event) => ({ ...event, dataBytes: Buffer.from(event.dataBytes) })));
    expect(await listDeadLetters(bed.database, { consumer: 'listed', after: all[0]?.position, limit: 1 })).toEqual([all[1]]);
    expect(await listDeadLetters(bed.database, { consumer: 'listed', code: 'other' })).toEqual([]);
    expect((await deadLetterCounts(bed.database)).get('listed')).toBe(3);
  });
});
