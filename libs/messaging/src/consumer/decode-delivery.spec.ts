import { headers } from '@nats-io/transport-node';
import { create, toJsonString } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { batchContentType, CallAnsweredSchema, encodeEvent, publicEvents, subjectOf } from '@tollwire/contracts';
import { answered, strayEvent } from './bus.fixture.ts';
import { eventsOf } from './decode-delivery.ts';
import { Delivery } from './delivery.ts';

/** A message as the client hands it over, and what was answered to it. */
function received(subject: string, data: Uint8Array, fields?: Readonly<Record<string, string>>) {
  const answers: string[] = [];
  const made = fields === undefined ? undefined : headers();
  for (const [name, value] of Object.entries(fields ?? {})) made?.set(name, value);
  const message = {
    subject, data, sid: 1,
    reply: '$JS.ACK.TOLLWIRE_EDGE.cdr-calls.2.55.9.1766000000123456789.17',
    respond: (bytes?: string | Uint8Array) => answers.push(Buffer.from(bytes ?? '').toString()) > 0,
    json: (): never => {
      throw new Error('no JSON');
    },
    string: () => '',
    ...(made === undefined ? {} : { headers: made }),
  };
  return { delivery: new Delivery(message, 1), answers };
}

const subject = subjectOf('t', publicEvents.CallAnswered, 2);
const batch = Buffer.concat([answered(1), answered(2)].map(encodeEvent));

describe('the events of a message', () => {
  it.each([['content-type'], ['Content-Type'], ['CONTENT-TYPE']])('are read whatever the case of %s', (name) => {
    const events = eventsOf(received(subject, batch, { [name]: batchContentType }).delivery);
    expect(events.ok && events.value.map(({ id }) => id)).toEqual([answered(1).id, answered(2).id]);
  });

  it('are read from an adapter that sends one event as JSON', () => {
    const { id, source } = answered(3);
    const said = create(CallAnsweredSchema, { call: { switchId: 'fs1', callId: 'call-3', leg: 1 } });
    const json = Buffer.from(toJsonString(CallAnsweredSchema, said));
    const fields = {
      'Content-Type': 'application/json', 'ce-specversion': '1.0', 'ce-id': id, 'ce-source': source,
      'ce-type': CallAnsweredSchema.typeName, 'ce-time': '1970-01-01T00:00:00.000003Z',
    };
    expect(eventsOf(received(subject, json, fields).delivery)).toMatchObject({ ok: true, value: [{ id, timeUs: 3, key: 'fs1/call-3/1' }] });
  });

  it.each([
    ['an event of another subject', subject, [answered(1), strayEvent()]],
    ['an event on the subject of another service', subjectOf('t', publicEvents.CdrClosed, 2), [answered(1)]],
    ['an event on the subject of a like-named one', 't.edge.v1.call.answered_later.2', [answered(1)]],
  ])('are refused as a whole with %s', (_what, on, events) => {
    const { delivery } = received(on, Buffer.concat(events.map(encodeEvent)), { 'content-type': batchContentType });
    expect(eventsOf(delivery)).toMatchObject({ ok: false, refusal: { code: 'unexpected_event_type' } });
  });

  it.each([
    ['no headers', undefined],
    ['another content type', { 'content-type': 'text/plain' }],
  ])('are refused with %s', (_what, fields) => {
    expect(eventsOf(received(subject, Buffer.from('hello'), fields).delivery).ok).toBe(false);
  });
});

describe('what is answered to a delivery', () => {
  it.each<[what: string, answer: (delivery: Delivery) => void, bytes: string]>([
    ['an acknowledgement', (delivery) => delivery.ack(), '+ACK'],
    ['more time', (delivery) => delivery.working(), '+WPI'],
    ['back at once', (delivery) => delivery.nak(0), '-NAK {"delay": 0}'],
    ['back later, in whole nanoseconds', (delivery) => delivery.nak(1234.5678), '-NAK {"delay": 1234567800}'],
  ])('is %s, as JetStream spells it', (_what, answer, bytes) => {
    const { delivery, answers } = received(subject, batch);
    answer(delivery);
    expect(answers).toEqual([bytes]);
  });
});
