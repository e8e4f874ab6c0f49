import { toBinary, toJson } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CallAnsweredSchema } from '@tollwire/contracts';
import { until } from '@tollwire/testing';
import { answered, type BusFixture, openBusFixture, type Probe } from './bus.fixture.ts';

let fixture: BusFixture;
let probe: Probe;
beforeAll(async () => {
  fixture = await openBusFixture('single');
  probe = await fixture.probe();
});
afterAll(() => fixture.close());

const attributesOf = (n: number) => ({
  specversion: '1.0',
  id: `adapter-${n}`,
  source: 'switch/fs1',
  type: CallAnsweredSchema.typeName,
  subject: `fs1/call-${n}/1`,
  time: '2025-12-17T19:33:20.123456Z',
});
const headersOf = (prefix: string, n: number) =>
  Object.fromEntries(Object.entries(attributesOf(n)).map(([name, value]) => [prefix + name, value]));
const { schema } = answered(0).definition;
const json = (n: number) => toJson(schema, answered(n).data);
const utf8 = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe('an adapter that publishes single events straight to JetStream', () => {
  it.each([
    ['binary mode, protobuf', 1, headersOf('ce-', 1), toBinary(schema, answered(1).data)],
    ['binary mode, proto3 JSON', 2, { ...headersOf('ce-', 2), 'content-type': 'application/json' }, utf8(json(2))],
    ['binary mode, headers in another case', 3, { ...headersOf('Ce-', 3), 'Content-Type': 'application/json' }, utf8(json(3))],
    ['structured JSON', 4, { 'content-type': 'application/cloudevents+json; charset=UTF-8' }, utf8({ ...attributesOf(4), data: json(4) })],
  ])('is understood in %s', async (_form, n, headers, bytes) => {
    await fixture.publishBytes(bytes, headers);
    await until(() => probe.batches.flat().includes(n));
    expect(probe.parked).toEqual([]);
  });

  it('gets bad data parked with the reason, and its good events go on', async () => {
    await fixture.publishBytes(utf8({ ...json(5) as object, call: 5 }), { ...headersOf('ce-', 5), 'content-type': 'application/json' });
    await fixture.publishBytes(utf8(json(6)), { ...headersOf('ce-', 6), 'content-type': 'application/json' });
    await until(() => probe.batches.flat().includes(6));
    expect(probe.parked).toMatchObject([{ kind: 'message', reason: 'message_malformed', contentType: 'application/json' }]);
    expect(probe.parked[0]?.detail).toMatch(/^data: .*call/);
  });
});
