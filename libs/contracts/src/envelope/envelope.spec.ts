import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CallEndedSchema, CloudEventBatchSchema, CloudEventSchema } from '../areas.ts';
import { CloudEvent_CloudEventAttributeValueSchema } from '../gen/io/cloudevents/v1/cloudevents_pb.ts';
import { batchContentType, decodeMessage, encodeEvent, eventIdOf, type PublicEvent, publicEvents } from '../index.ts';
import { anyText } from './any-text.fixture.ts';

const none = () => undefined;
const word = anyText({ minLength: 1, maxLength: 200 });
const hex = (length: number) => fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdef')), minLength: length, maxLength: length });

const endedEvent: fc.Arbitrary<PublicEvent<typeof CallEndedSchema>> = fc
  .record({
    source: word,
    key: word,
    timeUs: fc.maxSafeInteger(),
    traceparent: fc.option(fc.tuple(hex(32), hex(16)).map(([trace, span]) => `00-${trace}-${span}-01`), { nil: undefined }),
    cli: anyText(),
    endedAtUs: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    q850Cause: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  })
  .map(({ cli, endedAtUs, q850Cause, traceparent, ...rest }) => ({
    ...rest,
    ...(traceparent === undefined ? {} : { traceparent }),
    id: eventIdOf(CallEndedSchema.typeName, rest.timeUs, [rest.key, cli]),
    definition: publicEvents.CallEnded,
    data: create(CallEndedSchema, { cli, endedAtUs, q850Cause }),
  }));

const text = (value: string) => ({ attr: { case: 'ceString', value } }) as const;

/** The same event as the generated schema has it. */
function generated(event: PublicEvent<typeof CallEndedSchema>): MessageInitShape<typeof CloudEventSchema> {
  const seconds = BigInt(Math.floor(event.timeUs / 1_000_000));
  const nanos = Number(BigInt(event.timeUs) - seconds * 1_000_000n) * 1000;
  return {
    id: event.id,
    source: event.source,
    specVersion: '1.0',
    type: event.definition.type,
    attributes: {
      dataschema: { attr: { case: 'ceUri', value: `type.googleapis.com/${event.definition.type}` } },
      subject: text(event.key),
      time: { attr: { case: 'ceTimestamp', value: { seconds, nanos } } },
      ...(event.traceparent === undefined ? {} : { traceparent: text(event.traceparent) }),
    },
    data: { case: 'protoData', value: anyPack(CallEndedSchema, event.data) },
  };
}

const received = ({ id, definition, source, key, timeUs, traceparent, data }: PublicEvent<typeof CallEndedSchema>) => ({
  id,
  type: definition.type,
  source,
  key,
  timeUs,
  ...(traceparent === undefined ? {} : { traceparent }),
  dataBytes: toBinary(CallEndedSchema, data),
});

const plain = (events: readonly { dataBytes: Uint8Array }[]) =>
  events.map((event) => ({ ...event, dataBytes: Buffer.from(event.dataBytes).toString('hex') }));

describe('the envelope codec', () => {
  it('writes the bytes that the generated schema writes, and concatenated they are a batch', () => {
    fc.assert(
      fc.property(fc.array(endedEvent, { maxLength: 4 }), (events) => {
        const ours = Buffer.concat(events.map(encodeEvent));
        const theirs = toBinary(CloudEventBatchSchema, create(CloudEventBatchSchema, { events: events.map(generated) }));
        expect(ours.toString('hex')).toBe(Buffer.from(theirs).toString('hex'));
      }),
    );
  });

  it('is read by the generated schema', () => {
    fc.assert(
      fc.property(endedEvent, (event) => {
        const { events } = fromBinary(CloudEventBatchSchema, encodeEvent(event));
        expect(events).toEqual([create(CloudEventSchema, generated(event))]);
      }),
    );
  });

  it('reads what the generated schema writes, whatever the order of attributes and unknown ones between', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(endedEvent, fc.boolean()), { maxLength: 4 }), (drawn) => {
        const events = drawn.map(([event, reversed]) => {
          const made = create(CloudEventSchema, generated(event));
          const sequence = create(CloudEvent_CloudEventAttributeValueSchema, { attr: { case: 'ceInteger', value: 5 } });
          const attributes = Object.entries({ ...made.attributes, sequence });
          return { ...made, attributes: Object.fromEntries(reversed ? attributes.reverse() : attributes) };
        });
        const bytes = toBinary(CloudEventBatchSchema, create(CloudEventBatchSchema, { events }));
        const decoded = decodeMessage(batchContentType, none, bytes);
        expect(decoded.ok && plain(decoded.value)).toEqual(plain(drawn.map(([event]) => received(event))));
      }),
    );
  });

  it('reads one event in the protobuf format', () => {
    fc.assert(
      fc.property(endedEvent, (event) => {
        const bytes = toBinary(CloudEventSchema, create(CloudEventSchema, generated(event)));
        const decoded = decodeMessage('application/cloudevents+protobuf', none, bytes);
        expect(decoded.ok && plain(decoded.value)).toEqual(plain([received(event)]));
      }),
    );
  });

  it('refuses bytes that are no batch, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        const decoded = decodeMessage(batchContentType, none, bytes);
        if (!decoded.ok) expect(['message_malformed', 'unknown_event_type']).toContain(decoded.refusal.code);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a batch of which a part is cut off or overwritten, or reads it; it never throws', () => {
    fc.assert(
      fc.property(endedEvent, fc.nat(), fc.nat({ max: 255 }), (event, at, byte) => {
        const whole = encodeEvent(event);
        expect(decodeMessage(batchContentType, none, whole.subarray(0, 1 + (at % (whole.length - 1)))).ok).toBe(false);
        const spoilt = Uint8Array.from(whole);
        spoilt[at % whole.length] = byte;
        expect(typeof decodeMessage(batchContentType, none, spoilt).ok).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });

  it('goes on writing well after an event that cannot be written', () => {
    const [event] = fc.sample(endedEvent, { numRuns: 1, seed: 1 });
    if (event === undefined) throw new Error('no sample');
    const before = encodeEvent(event);
    expect(() => encodeEvent({ ...event, timeUs: Number.NaN })).toThrow();
    expect(encodeEvent(event)).toEqual(before);
  });
});
