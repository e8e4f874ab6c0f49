import { describe, expect, it } from '@jest/globals';
import { batchContentType, encodeEvent, publicEventOf, publicEvents } from '@tollwire/contracts';
import { instant } from '@tollwire/testing';
import { Refused } from '../http/refused.ts';
import { eventsMax, sortCloudEvents, sortJson } from './call-events.ts';

const switches = { clocks: new Map<string, never>(), refusesOthers: false, removedPrefixes: [] };
const moment = { nowUs: instant('2026-03-14T12:00:00Z'), traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, switches, numbers: { read: () => undefined } };
const answered = { type: 'CallAnswered', switchId: 's', callId: 'c', answeredAt: '2026-03-14T11:00:00Z' };
const noHeaders = () => undefined;

describe('sorting of a batch', () => {
  it('parts good from bad, and keeps the places of the bad', () => {
    const { taken, refused } = sortJson([null, answered, 7, { ...answered, callId: 'd' }, [], { ...answered, answeredAt: '2030-01-01T00:00:00Z' }], moment);
    expect(taken.map(({ key }) => key)).toEqual(['s/c/0', 's/d/0']);
    expect(refused.map(({ index, code, field }) => [index, code, field])).toEqual([
      [0, 'field_malformed', ''],
      [2, 'field_malformed', ''],
      [4, 'field_malformed', ''],
      [5, 'field_out_of_range', 'answeredAt'],
    ]);
  });

  it("gives events the request's trace, and CloudEvents their own where they have one", () => {
    const { taken } = sortJson([answered], moment);
    expect(taken[0]?.traceparent).toBe(moment.traceparent);
    const event = (traceparent?: string) =>
      encodeEvent(publicEventOf(publicEvents.CallAnswered, { source: 'a', timeUs: 1, parts: [], traceparent, data: { call: { switchId: 's', callId: 'c' }, answeredAtUs: BigInt(moment.nowUs) } }));
    const own = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-00`;
    const sorted = sortCloudEvents(batchContentType, noHeaders, Buffer.concat([event(own), event()]), moment);
    expect(sorted.taken.map(({ traceparent }) => traceparent)).toEqual([own, moment.traceparent]);
  });

  it('takes one CloudEvent as JSON, as adapters by hand would send it', () => {
    const event = {
      specversion: '1.0', id: 'any', source: 'by-hand', type: 'tollwire.call.v1.CallAnswered', time: '2026-03-14T11:00:00Z',
      data: { call: { switchId: 's', callId: 'c' }, answeredAtUs: String(moment.nowUs) },
    };
    const { taken, refused } = sortCloudEvents('application/cloudevents+json', noHeaders, Buffer.from(JSON.stringify(event)), moment);
    expect({ keys: taken.map(({ key }) => key), refused }).toEqual({ keys: ['s/c/0'], refused: [] });
  });

  it('refuses a frame that cannot be read, and one with too many events', () => {
    expect(() => sortCloudEvents(batchContentType, noHeaders, Buffer.from([1, 2, 3]), moment)).toThrow(Refused);
    const one = encodeEvent(publicEventOf(publicEvents.CallAnswered, { source: 'a', timeUs: 1, parts: [], data: {} }));
    const many = Buffer.concat(Array.from({ length: eventsMax + 1 }, () => one));
    expect(() => sortCloudEvents(batchContentType, noHeaders, many, moment)).toThrow('too_many_items');
  });
});
