import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CallEndedSchema, CallStartedSchema, CloudEventSchema, SellTermsSetSchema } from '../areas.ts';
import { encodeData, encodeEvent, encodeEvents, publicEvents } from '../index.ts';
import { sampleEvents } from '../sample-events.fixture.ts';
import { anyText } from './any-text.fixture.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const us = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const count = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const text = anyText({ maxLength: 200 });

const ended = fc
  .record({
    call: fc.record({ switchId: text, callId: text, leg: count }),
    charged: fc.record({ party: fc.oneof(fc.record({ case: fc.constantFrom('cardId', 'accountCode'), value: text }), fc.constant({ case: undefined })) }),
    cli: text,
    endedAtUs: us,
    q850Cause: count,
    attempts: fc.array(fc.record({ carrierCode: text, startedAtUs: us, endedAtUs: us, q850Cause: count }), { maxLength: 3 }),
    preRatedSell: fc.option(fc.record({ nanos: us, currency: text }), { nil: undefined }),
  })
  .map(({ preRatedSell, ...fields }) => create(CallEndedSchema, preRatedSell === undefined ? fields : { ...fields, preRatedSell }));

describe('writing a message', () => {
  it('gives the bytes that the library gives, for any content', () => {
    fc.assert(fc.property(ended, (message) => expect(hex(encodeData(CallEndedSchema, message))).toBe(hex(toBinary(CallEndedSchema, message)))));
  });

  it('tells an optional field that is nothing from one that is not there', () => {
    const some = fc.option(us, { nil: undefined });
    const maxCost = fc.option(fc.record({ nanos: us, disconnects: fc.boolean() }), { nil: undefined });
    const terms = fc.record({ connectFeeNanos: some, attemptFeeNanos: some, taxPpm: fc.option(count, { nil: undefined }), maxCost });
    fc.assert(fc.property(terms, (drawn) => {
      const message = create(SellTermsSetSchema, { terms: Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined)) });
      expect(hex(encodeData(SellTermsSetSchema, message))).toBe(hex(toBinary(SellTermsSetSchema, message)));
    }));
    const nothing = create(SellTermsSetSchema, { terms: { connectFeeNanos: 0n } });
    expect(fromBinary(SellTermsSetSchema, encodeData(SellTermsSetSchema, nothing)).terms?.connectFeeNanos).toBe(0n);
  });

  it.each(Object.entries(sampleEvents))('gives them for %s', (_, { definition, data }) => {
    expect(hex(encodeData(definition.schema, data))).toBe(hex(toBinary(definition.schema, data)));
  });

  it.each(Object.values(publicEvents))('can write whatever $type has, and nothing where nothing is set', ({ schema }) => {
    expect(encodeData(schema, create(schema))).toHaveLength(0);
  });

  it('passes nothing on that the schema does not know', () => {
    const smuggled = fromBinary(CallStartedSchema, Uint8Array.from([...toBinary(CallStartedSchema, create(CallStartedSchema, { cli: '43' })), 0xfa, 0x07, 1, 65]));
    expect(smuggled.$unknown).toHaveLength(1);
    expect(fromBinary(CallStartedSchema, encodeData(CallStartedSchema, smuggled))).toEqual(create(CallStartedSchema, { cli: '43' }));
  });

  it('throws on a value of another kind, and on kinds of fields that no public event has', () => {
    const message = create(CallStartedSchema);
    Reflect.set(message, 'cli', 43);
    expect(() => encodeData(CallStartedSchema, message)).toThrow('number is not what the field holds');
    expect(() => encodeData(CloudEventSchema, create(CloudEventSchema))).toThrow('no public event has');
  });
});

describe('encoding several events', () => {
  it('is encoding each, with the places where each ends', () => {
    const events = Object.values(sampleEvents);
    const { bytes, ends } = encodeEvents(events);
    expect(ends.map((end, at) => hex(bytes.subarray(ends[at - 1] ?? 0, end)))).toEqual(events.map((event) => hex(encodeEvent(event))));
    expect(encodeEvents([])).toEqual({ bytes: new Uint8Array(0), ends: [] });
  });

  it('takes the bytes of the data where they are at hand', () => {
    for (const event of Object.values(sampleEvents)) {
      expect(hex(encodeEvent({ ...event, dataBytes: toBinary(event.definition.schema, event.data) }))).toBe(hex(encodeEvent(event)));
    }
  });
});
