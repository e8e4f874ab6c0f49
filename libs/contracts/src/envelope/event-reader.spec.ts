import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventReader } from './event-reader.ts';
import { anyText } from './any-text.fixture.ts';

const written = (...texts: string[]) => texts.reduce((writer, text) => writer.string(text), new BinaryWriter()).finish();
const text = anyText();

describe('a text of an event', () => {
  it('is read as it was written, one after the other, in a part of a larger buffer', () => {
    fc.assert(
      fc.property(fc.array(text), fc.nat({ max: 20 }), (texts, offset) => {
        const bytes = Buffer.concat([Buffer.alloc(offset, 0xff), written(...texts), Buffer.alloc(3, 0xff)]);
        const reader = new EventReader(bytes.subarray(offset, bytes.length - 3));
        expect(texts.map(() => reader.text())).toEqual(texts);
        expect(reader.pos).toBe(reader.len);
      }),
    );
  });

  it('is recognised among familiar ones, and never taken for one that only begins like it', () => {
    const familiar = ['subject', 'subjects', 'time'];
    for (const one of ['subject', 'subjects', 'time', 'tim', 'timer', '', 'Größe', 'subjecT']) {
      const reader = new EventReader(written(one, 'next'));
      expect([reader.text(familiar), reader.text(familiar)]).toEqual([one, 'next']);
    }
  });

  it.each([
    ['that runs over the end', [5, 0x61, 0x62]],
    ['without a length', []],
    ['with a length cut off', [0x80]],
    ['that is not UTF-8', [2, 0xc3, 0x28]],
    ['with half a character at its end', [1, 0xc3]],
  ])('%s is refused', (_what, bytes) => {
    expect(() => new EventReader(Uint8Array.from(bytes)).text(['subject'])).toThrow();
  });
});
