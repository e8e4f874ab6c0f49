import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CdrService, publicEvents, subjectOf } from '@tollwire/contracts';
import { Database, runReaction } from '@tollwire/event-store';
import { type Bus, connectBus, ensureTopology, JetStreamPublisher, serve, type Served, streamSpecOf } from '@tollwire/messaging';
import { testBus, testDatabase, until } from '@tollwire/testing';
import { cdrAnswers } from '../../services/cdr/src/api/cdr-answers.ts';
import { track } from '../../services/cdr/src/reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../../services/cdr/src/spec-bed.ts';
import { callRated, wholeCall } from '../../services/cdr/src/spec-events.ts';
import { ClosedCdrs, tables } from './closed-cdrs.ts';

const servers = testBus('closed_cdrs');
const stream = streamSpecOf(servers.root, 'cdr');
let cdr: CdrBed;
let bus: Bus;
let served: Served;
let place: Awaited<ReturnType<typeof testDatabase>>;
let database: Database;
const consumers: ClosedCdrs[] = [];

beforeAll(async () => {
  cdr = await cdrBed(servers.root);
  place = await testDatabase('closed_cdrs');
  database = await Database.connect({ url: place.url, applicationName: 'closed-cdrs-spec', poolMax: 4 });
  for (const table of tables) await database.query(table);
  bus = await connectBus({ url: servers.url, name: 'closed-cdrs-spec' });
  await ensureTopology(bus, [stream]);
  served = serve(bus, CdrService, cdrAnswers(cdr.deps), { root: servers.root, service: 'cdr' });
});
afterAll(async () => {
  await Promise.all(consumers.map((consumer) => consumer.stop()));
  await served.stop();
  await bus.close();
  await database.close();
  await Promise.all([place.drop(), servers.drop(), cdr.close()]);
});
beforeEach(async () => {
  await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
  await bus.manager.streams.purge(stream.name);
  await cdr.empty();
  await database.query('TRUNCATE closed_cdr, not_taken');
});

const record = (...events: Parameters<typeof runReaction>[2]) => runReaction(cdr.database, track(cdr.instance()), events);

/** What waits in the outbox goes to the stream, as the relay sends it. */
async function publish(): Promise<void> {
  const publisher = new JetStreamPublisher(bus, stream);
  const rows = await cdr.owner.query<{ payload: Buffer; count: number }>('DELETE FROM outbox RETURNING payload, 1 AS count');
  for (const { payload } of rows) await publisher.publish(subjectOf(servers.root, publicEvents.CdrClosed, 0), payload, randomUUID(), 1);
}

async function started(durable: string, since?: Date): Promise<ClosedCdrs> {
  const consumer = new ClosedCdrs({ bus, root: servers.root, durable, database, by: 'invoicing', reason: 'invoices', ...(since === undefined ? {} : { since }) });
  consumers.push(consumer);
  await consumer.start();
  return consumer;
}

const kept = async () => (await database.query<{ text: string }>(`SELECT call_key || ':' || revision AS text FROM closed_cdr ORDER BY call_key`)).map(({ text }) => text);

describe('the example of a consumer of closed CDRs', () => {
  it('takes what the stream holds no more from the record, and what comes then from the stream, each once', async () => {
    await record(...wholeCall({ callId: 'a' }), ...wholeCall({ callId: 'b' }));
    await publish();
    await bus.manager.streams.purge(stream.name);
    await started('invoices');
    expect(await kept()).toEqual(['fs1/a/0:4', 'fs1/b/0:4']);
    await record(...wholeCall({ callId: 'c' }), callRated({ callId: 'a' }, { revision: 2, durationSec: 59 }));
    await publish();
    await until(async () => (await kept()).length === 3);
    await until(async () => (await kept())[0] === 'fs1/a/0:5');
    expect(await kept()).toEqual(['fs1/a/0:5', 'fs1/b/0:4', 'fs1/c/0:4']);
  });

  it('begins at any time: with what was recorded since, however long ago its calls were', async () => {
    await record(...wholeCall({ callId: 'before' }), ...wholeCall({ callId: 'corrected' }));
    cdr.clock.advanceSec(3600);
    const since = new Date(cdr.clock.nowUs() / 1000);
    await record(...wholeCall({ callId: 'late', atSec: -86_400 * 30 }), callRated({ callId: 'corrected' }, { revision: 2, durationSec: 59 }));
    await cdr.owner.query('DELETE FROM outbox');
    await started('since', since);
    expect(await kept()).toEqual(['fs1/corrected/0:5', 'fs1/late/0:4']);
  });

  it('goes on where reading the record broke off, and by two instances at once', async () => {
    await record(...Array.from({ length: 1203 }, (_, at) => wholeCall({ callId: `c${at}`, atSec: at })).flat());
    await cdr.owner.query('DELETE FROM outbox');
    const first = new ClosedCdrs({ bus, root: servers.root, durable: 'broken', database, by: 'invoicing', reason: 'invoices' });
    consumers.push(first);
    const reading = first.start();
    await until(async () => (await kept()).length > 0);
    await first.stop();
    await reading;
    await Promise.all([started('broken'), started('broken')]);
    expect(await kept()).toHaveLength(1203);
    expect(await cdr.database.query(`SELECT shown_to, question FROM unmasking`)).toEqual([{ shown_to: 'invoicing', question: { replay: true, sinceUs: '0' } }]);
  });

  it('reads the record again where it was away for longer than the stream keeps', async () => {
    const consumer = await started('away');
    await consumer.stop();
    await record(...wholeCall({ callId: 'missed' }));
    await cdr.owner.query('DELETE FROM outbox');
    await started('away');
    expect(await kept()).toEqual([]);
    await database.query(`UPDATE replay SET heard_at = '2026-01-01T00:00:00Z' WHERE durable = 'away'`);
    await started('away');
    expect(await kept()).toEqual(['fs1/missed/0:4']);
  });
});
