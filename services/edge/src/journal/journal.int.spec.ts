import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { batchContentType, CallEndedSchema, decodeMessage, encodeEvent, publicEventOf, publicEvents, type ReceivedEvent, dataOf } from '@tollwire/contracts';
import { OutboxRelay } from '@tollwire/event-store';
import { ensureTopology, JetStreamPublisher, streamSpecOf } from '@tollwire/messaging';
import { until } from '@tollwire/testing';
import { type EdgeBed, edgeBed } from '../spec-bed.ts';
import { CallJournal, publicCallEvent } from './journal.ts';

const call = { switchId: 'sw/1', callId: 'c-1', cardId: '0012345678901234', calledNumber: '+436641234567' };
const started = { type: 'CallStarted', ...call, startedAt: '2026-03-14T11:00:00.000001Z' };
const answered = { type: 'CallAnswered', switchId: 'sw/1', callId: 'c-1', answeredAt: '2026-03-14T11:00:04Z', carrierCode: 'NORTH' };
const ended = {
  type: 'CallEnded',
  ...call,
  startedAt: '2026-03-14T11:00:00.000001Z',
  answeredAt: '2026-03-14T11:00:04Z',
  endedAt: '2026-03-14T11:01:04.5Z',
  q850Cause: 16,
  carrierCode: 'NORTH',
};

describe('journal of call events', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
  });
  afterAll(() => edge.close());

  /** What stands in the outbox, as the relay will publish it. */
  const journalled = async (): Promise<(ReceivedEvent & { subject: string })[]> => {
    const rows = await edge.database.query<{ subject: string; payload: Buffer }>('SELECT subject, payload FROM outbox ORDER BY position', []);
    return rows.flatMap(({ subject, payload }) => {
      const events = decodeMessage(batchContentType, () => undefined, payload);
      return events.ok ? events.value.map((event) => ({ ...event, subject })) : [];
    });
  };
  const rowCount = async () => (await edge.database.query('SELECT 1 FROM outbox', [])).length;
  const tell = (...events: unknown[]) => edge.call('POST', '/v1/calls/events', { events });

  beforeEach(async () => {
    await edge.database.query('DELETE FROM outbox', []);
    await edge.database.query('DELETE FROM outbox_pending', []);
  });

  it('has the events, whole, before the answer', async () => {
    const { status, body } = await tell(started, answered, ended);
    expect({ status, body }).toEqual({ status: 202, body: { accepted: 3 } });
    const events = await journalled();
    expect(events.map(({ type, key, source }) => [type, key, source])).toEqual([
      ['tollwire.call.v1.CallStarted', 'card:0012345678901234', 'switch/sw%2F1'],
      ['tollwire.call.v1.CallAnswered', 'sw%2F1/c-1/0', 'switch/sw%2F1'],
      ['tollwire.call.v1.CallEnded', 'card:0012345678901234', 'switch/sw%2F1'],
    ]);
    const last = events.at(-1);
    expect(last === undefined ? undefined : dataOf(CallEndedSchema, last)).toMatchObject({
      call: { switchId: 'sw/1', callId: 'c-1', leg: 0 },
      startedAtUs: 1_773_486_000_000_001n,
      endedAtUs: 1_773_486_064_500_000n,
      q850Cause: 16,
      carrierCode: 'NORTH',
    });
    expect(last?.timeUs).toBe(1_773_486_064_500_000);
  });

  it('takes the good events of a batch and tells of the bad ones', async () => {
    const { status, body } = await tell(started, { ...ended, q850Cause: -1 }, answered, { ...started, calledNumber: undefined });
    expect({ status, body }).toMatchObject({
      status: 202,
      body: {
        accepted: 2,
        refused: [
          { index: 1, code: 'field_out_of_range', field: 'q850Cause' },
          { index: 3, code: 'field_missing', field: 'calledNumber' },
        ],
      },
    });
    expect((await journalled()).map(({ type }) => type.split('.').at(-1))).toEqual(['CallStarted', 'CallAnswered']);
  });

  it('is counted, each refused event by its code', async () => {
    edge.told.accepted = 0;
    edge.told.refused.length = 0;
    await tell(started, { ...ended, q850Cause: -1 }, answered);
    await tell({ ...ended, endedAt: started.startedAt, answeredAt: ended.endedAt });
    expect(edge.told).toEqual({ accepted: 2, refused: ['field_out_of_range', 'times_out_of_order'] });
  });

  it('knows an event again when it is told again, and a correction of it as another', async () => {
    await tell(ended);
    await tell({ ...ended });
    await tell({ ...ended, q850Cause: 17 });
    const ids = (await journalled()).map(({ id }) => id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('takes CloudEvents in protobuf, and gives the same event as JSON does', async () => {
    await tell(ended);
    const [fromJson] = await journalled();
    await edge.database.query('DELETE FROM outbox', []);
    const data = dataOf(CallEndedSchema, fromJson as ReceivedEvent);
    const event = publicEventOf(publicEvents.CallEnded, {
      source: 'adapter/7',
      timeUs: 1,
      parts: ['anything'],
      data,
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    });
    const { status, body } = await edge.call('POST', '/v1/calls/events', encodeEvent(event), { headers: { 'content-type': batchContentType } });
    expect({ status, body }).toEqual({ status: 202, body: { accepted: 1 } });
    const [fromProtobuf] = await journalled();
    expect(fromProtobuf).toEqual({ ...fromJson, traceparent: event.traceparent });
  });

  it('refuses by itself a protobuf event that breaks the same limits', async () => {
    const bad = [
      [{ call: { switchId: 'sw', callId: '', leg: 0 } }, 'field_out_of_range', 'call.callId'],
      [{ charged: undefined }, 'field_missing', 'charged'],
      [{ charged: { party: { case: 'cardId', value: 'x' } } }, 'field_malformed', 'charged.party.value'],
      [{ endedAtUs: 0n }, 'field_missing', 'endedAt'],
      [{ endedAtUs: -5n }, 'field_out_of_range', 'endedAt'],
      [{ calledNumber: 'nobody' }, 'field_malformed', 'calledNumber'],
    ] as const;
    const base = {
      call: { switchId: 'sw', callId: 'c', leg: 0 },
      charged: { party: { case: 'cardId', value: '1' } },
      calledNumber: '4366',
      startedAtUs: 1_773_486_000_000_000n,
      endedAtUs: 1_773_486_001_000_000n,
    } as const;
    const events = bad.map(([change]) =>
      publicEventOf(publicEvents.CallEnded, { source: 'a', timeUs: 1, parts: [], data: create(CallEndedSchema, { ...base, ...change }) }),
    );
    const body = Buffer.concat(events.map(encodeEvent));
    const answer = await edge.call('POST', '/v1/calls/events', body, { headers: { 'content-type': batchContentType } });
    expect(answer.body).toMatchObject({ accepted: 0, refused: bad.map(([, code, field], index) => ({ index, code, field })) });
    expect(await rowCount()).toBe(0);
  });

  it('refuses a protobuf body that is none, and one with an event of another service', async () => {
    const post = (body: Uint8Array) => edge.call('POST', '/v1/calls/events', body, { headers: { 'content-type': batchContentType } });
    expect((await post(Buffer.from('no protobuf'))).body).toMatchObject({ status: 400, code: 'message_malformed' });
    const rated = publicEventOf(publicEvents.CallRated, { source: 'a', timeUs: 1, parts: [], data: {} });
    expect((await post(encodeEvent(rated))).body).toMatchObject({ status: 400, code: 'unexpected_event_type', field: 'events[0].type' });
  });

  it('shares a commit among requests that arrive together', async () => {
    let commits = 0;
    const journal = new CallJournal({ database: edge.database, root: edge.root, wakeRelay: () => void (commits += 1) });
    const toldOf = (callId: string) => publicCallEvent(create(CallEndedSchema, { call: { switchId: 'sw/1', callId }, startedAtUs: 1n, endedAtUs: 2n }), undefined);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => journal.append([toldOf(`many-${n}`)])));
    expect(answers.map(({ ok }) => ok)).toEqual(answers.map(() => true));
    expect((await journalled()).length).toBe(40);
    // The first goes at once, and all others meanwhile.
    expect(commits).toBeLessThanOrEqual(2);
  });

  it('goes on after the database has dropped every connection', async () => {
    const others = `datname = current_database() AND application_name = 'edge-spec' AND pid <> pg_backend_pid()`;
    await edge.database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`, []);
    await until(async () => (await tell(started)).status === 202);
    // What asks here uses the same connections, and may be the first to learn that one of them is gone.
    await until(async () => (await journalled()).length > 0);
  });
});

describe('what is journalled is published', () => {
  let edge: EdgeBed;
  let relay: OutboxRelay | undefined;
  beforeAll(async () => {
    edge = await edgeBed();
  });
  afterEach(() => relay?.stop());
  afterAll(() => edge.close());

  it('even when the process ended between the commit and the publishing', async () => {
    await edge.call('POST', '/v1/calls/events', { events: [started, answered, ended] });
    const spec = streamSpecOf(edge.root, 'edge');
    await ensureTopology(edge.bus, [spec]);
    expect((await edge.bus.manager.streams.info(spec.name)).state.messages).toBe(0);
    // The relay of the process that comes after, which knows of the events only what the database holds.
    relay = new OutboxRelay({ database: edge.database, publisher: new JetStreamPublisher(edge.bus, spec), service: 'edge' });
    relay.start();
    const messages = await until(async () => {
      const { state } = await edge.bus.manager.streams.info(spec.name);
      return state.messages === 3 ? state.messages : undefined;
    });
    expect(messages).toBe(3);
    await until(async () => (await edge.database.query('SELECT 1 FROM outbox_pending', [])).length === 0);
  });
});
