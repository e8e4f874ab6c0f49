import { toBinary, toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { CallEndedSchema } from '../areas.ts';
import { dataOf, decodeMessage, eventIdOf, isUuid } from '../index.ts';
import { sampleEvents } from '../sample-events.fixture.ts';

const { CallEnded } = sampleEvents;
const { schema } = CallEnded.definition;
const json = toJson(schema, CallEnded.data);
const protobuf = toBinary(schema, CallEnded.data);
const utf8 = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

const attributes = {
  specversion: '1.0',
  id: 'F47AC10B-58CC-4372-A567-0E02B2C3D479',
  source: 'switch/fs1',
  type: 'tollwire.call.v1.CallEnded',
  subject: 'account:acme-1',
  time: '2025-12-17T19:33:20.123456Z',
};
const known = { id: attributes.id.toLowerCase(), source: 'switch/fs1', key: 'account:acme-1', timeUs: 1_766_000_000_123_456 };

const headersOf = (changes: Readonly<Record<string, string>> = {}) => {
  const all = new Map(Object.entries({ ...attributes, ...changes }).map(([name, value]) => [`ce-${name}`, value]));
  return (name: string) => all.get(name);
};
const none = () => undefined;

describe('a single event', () => {
  it.each([
    ['binary mode, protobuf', 'application/protobuf', headersOf(), protobuf],
    ['binary mode, no content type', '', headersOf(), protobuf],
    ['binary mode, proto3 JSON', 'application/json; charset=utf-8', headersOf(), utf8(json)],
    ['binary mode, datacontenttype', '', headersOf({ datacontenttype: 'application/json' }), utf8(json)],
    ['structured, JSON', 'application/cloudevents+json', none, utf8({ ...attributes, data: json })],
    ['structured, JSON with base64', 'application/cloudevents+json', none, utf8({ ...attributes, data_base64: Buffer.from(protobuf).toString('base64') })],
    ['JSON batch of one', 'application/cloudevents-batch+json', none, utf8([{ ...attributes, data: json }])],
  ])('in %s says the same', (_form, contentType, headers, bytes) => {
    const decoded = decodeMessage(contentType, headers, bytes);
    expect(decoded).toMatchObject({ ok: true, value: [known] });
    const [event] = decoded.ok ? decoded.value : [];
    expect(event && dataOf(CallEndedSchema, event)).toEqual(CallEnded.data);
  });

  it('brings its trace in ce-traceparent, or as tracers write it', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const plain = (name: string) => (name === 'traceparent' ? traceparent : headersOf()(name));
    expect(decodeMessage('', headersOf({ traceparent }), protobuf)).toMatchObject({ ok: true, value: [{ traceparent }] });
    expect(decodeMessage('', plain, protobuf)).toMatchObject({ ok: true, value: [{ traceparent }] });
  });

  it('gets its key from its data where it has no subject, and reads percent-encoded headers', () => {
    expect(decodeMessage('', headersOf({ subject: '', source: 'switch/fs%201' }), protobuf)).toMatchObject({
      ok: true,
      value: [{ key: 'account:acme-1', source: 'switch/fs 1' }],
    });
  });

  it('gets a UUID, always the same, where its id is none', () => {
    const decoded = decodeMessage('', headersOf({ id: 'A-17' }), protobuf);
    const id = decoded.ok ? decoded.value[0]?.id : undefined;
    expect(id).toBe(eventIdOf(attributes.type, known.timeUs, ['switch/fs1', 'A-17']));
    expect(isUuid(id ?? '')).toBe(true);
  });

  it.each([
    ['no id', headersOf({ id: '' }), 'message_malformed', 'id'],
    ['no source', headersOf({ source: '' }), 'message_malformed', 'source'],
    ['another version', headersOf({ specversion: '0.3' }), 'message_malformed', 'specversion'],
    ['no type', headersOf({ type: '' }), 'message_malformed', 'type'],
    ['no time', headersOf({ time: '' }), 'message_malformed', 'time'],
    ['a time that is none', headersOf({ time: 'yesterday' }), 'message_malformed', 'time'],
    ['an unknown type', headersOf({ type: 'com.example.Other' }), 'unknown_event_type', 'type'],
  ])('with %s is refused and the attribute named', (_what, headers, code, field) => {
    expect(decodeMessage('', headers, protobuf)).toMatchObject({ ok: false, refusal: { code, field } });
  });

  it.each([
    ['JSON that is none', 'application/cloudevents+json', '{'],
    ['JSON that is a number', 'application/cloudevents+json', '5'],
    ['no data', 'application/cloudevents+json', JSON.stringify(attributes)],
    ['data of another shape', 'application/cloudevents+json', JSON.stringify({ ...attributes, data: { q850Cause: 'x' } })],
    ['a negative cause', 'application/cloudevents+json', JSON.stringify({ ...attributes, data: { q850Cause: -1 } })],
    ['no CloudEvents headers at all', 'text/plain', 'hello'],
  ])('with %s is refused', (_what, contentType, body) => {
    expect(decodeMessage(contentType, none, new TextEncoder().encode(body))).toMatchObject({
      ok: false,
      refusal: { code: 'message_malformed' },
    });
  });

  it('takes fields that it does not know yet', () => {
    const body = utf8({ ...attributes, data: { ...Object(json), newField: 1 }, newattribute: 'x' });
    expect(decodeMessage('application/cloudevents+json', none, body)).toMatchObject({ ok: true, value: [known] });
  });
});
