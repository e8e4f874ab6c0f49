import { toJson } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { batchContentType, dataOf, decodeMessage, encodeEvent, publicEvents } from './index.ts';
import { sampleEvents } from './sample-events.fixture.ts';

/**
 * Bytes as they were published. A change of them is a change of what streams, outboxes and adapters hold: where it is
 * meant, the new bytes get a file of their own, and the old ones must still be read.
 */
const folder = new URL('../golden/', import.meta.url);
const goldenBytes = (name: string) => Buffer.from(readFileSync(new URL(`${name}.hex`, folder), 'utf8').replaceAll(/\s/g, ''), 'hex');

describe('golden bytes', () => {
  it('are kept for every public event', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(publicEvents).map((name) => `${name}.hex`).sort());
  });

  it.each(Object.entries(sampleEvents))('of %s are what is published today', (name, event) => {
    expect(Buffer.from(encodeEvent(event)).toString('hex')).toBe(goldenBytes(name).toString('hex'));
  });

  it.each(Object.entries(sampleEvents))('of %s are read as what they said', (name, event) => {
    const decoded = decodeMessage(batchContentType, () => undefined, goldenBytes(name));
    expect(decoded).toMatchObject({ ok: true, value: [{ id: event.id, type: event.definition.type, key: event.key, timeUs: event.timeUs }] });
    const [received] = decoded.ok ? decoded.value : [];
    const { schema } = event.definition;
    expect(received && toJson(schema, dataOf(schema, received))).toEqual(toJson(schema, event.data));
  });
});
