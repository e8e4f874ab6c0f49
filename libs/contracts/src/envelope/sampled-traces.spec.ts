import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { batchContentType, decodeMessage, encodeEvent, publicEventOf, publicEvents, sampledTracesIn } from '../index.ts';

const hex = (length: number) => fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdef')), minLength: length, maxLength: length });
const traceparent = fc.tuple(hex(32), hex(16), fc.constantFrom('00', '01')).map((parts) => ['00', ...parts].join('-'));

function eventOf(n: number, trace: string | undefined) {
  const data = { call: { switchId: 'fs1', callId: `call-${n}` } };
  return publicEventOf(publicEvents.CallAnswered, { source: 'switch/fs1', timeUs: n, parts: [String(n)], traceparent: trace, data });
}

const batchOf = (traces: readonly (string | undefined)[]) => Buffer.concat(traces.map((trace, n) => encodeEvent(eventOf(n, trace))));
const trace = (n: number, flags = '01') => `00-${String(n).padStart(32, 'a')}-${'b'.repeat(16)}-${flags}`;

describe('the sampled traces of a batch', () => {
  it('are those that decoding it gives', () => {
    fc.assert(
      fc.property(fc.array(fc.option(traceparent, { nil: undefined }), { maxLength: 20 }), (traces) => {
        const batch = batchOf(traces);
        const decoded = decodeMessage(batchContentType, () => undefined, batch);
        const told = decoded.ok ? decoded.value.flatMap((event) => event.traceparent ?? []) : [];
        expect(sampledTracesIn(batch, 100)).toEqual([...new Set(told.filter((one) => one.endsWith('-01')))]);
      }),
    );
  });

  it('are each told once, and no more than are wanted', () => {
    const batch = batchOf([trace(1), trace(2, '00'), trace(1), undefined, trace(3), trace(4)]);
    expect(sampledTracesIn(batch, 100)).toEqual([trace(1), trace(3), trace(4)]);
    expect(sampledTracesIn(batch, 2)).toEqual([trace(1), trace(3)]);
  });

  it('are read from a part of a larger buffer, and from one that is cut off', () => {
    const batch = batchOf([trace(1)]);
    const framed = Buffer.concat([batchOf([trace(7)]), batch, batchOf([trace(9)])]);
    expect(sampledTracesIn(framed.subarray(batch.length, 2 * batch.length), 9)).toEqual([trace(1)]);
    const cutOff = batch.subarray(0, batch.indexOf(trace(1)) + 30);
    expect(sampledTracesIn(cutOff, 9)).toEqual([]);
  });

  it('are none in nothing', () => {
    expect(sampledTracesIn(new Uint8Array(), 9)).toEqual([]);
  });
});
