import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { CallEndedSchema } from '@tollwire/contracts';
import { shownLength } from '@tollwire/telecom';
import fc from 'fast-check';
import { clearBytes, movedByte, numberFieldsIn } from './number-fields.ts';

const ended = (cli: string, channel: string) => Buffer.from(toBinary(CallEndedSchema, create(CallEndedSchema, {
  call: { switchId: 'fs1', callId: 'a', leg: 0 }, cli, calledNumber: '442071838750', channel, startedAtUs: 1_772_366_400_000_000n, q850Cause: 16,
  attempts: [{ carrierCode: 'C1', q850Cause: 16 }],
})));

describe('the fields of a message that name people', () => {
  it('are found wherever the message lies, whatever else is in it', () => {
    const message = ended('4315550100', 'x'.repeat(200));
    const bytes = Buffer.concat([Buffer.alloc(7, 255), message, Buffer.alloc(7, 255)]);
    const spans = numberFieldsIn(bytes, 7, 7 + message.length, [3, 4, 11]);
    expect(spans.map(({ begin, end }) => bytes.toString('latin1', begin, end))).toEqual(['4315550100', '442071838750', 'x'.repeat(200)]);
    expect(numberFieldsIn(bytes, 7, 7 + message.length, [])).toEqual([]);
  });

  it('are refused where the bytes are no message', () => {
    expect(() => numberFieldsIn(Buffer.from([0x0c]), 0, 1, [1])).toThrow('wire type 4');
  });

  it('show as many bytes as a mask shows characters', () => {
    fc.assert(fc.property(fc.oneof(fc.stringMatching(/^\+?\d{0,20}$/), fc.stringMatching(/^[\x20-\x7e]{0,20}$/)), (text) => {
      expect(clearBytes(Buffer.from(text), { begin: 0, end: text.length })).toBe(shownLength(text));
    }));
  });
});

describe('a moved byte', () => {
  it('stays of its kind, and is moved back', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      for (const step of [0, 1, 245, 4_294_967_295]) {
        const moved = movedByte(byte, step);
        expect([moved >= 48 && moved <= 57, Buffer.of(movedByte(moved, -step))[0]]).toEqual([byte >= 48 && byte <= 57, byte]);
      }
    }
  });
});
