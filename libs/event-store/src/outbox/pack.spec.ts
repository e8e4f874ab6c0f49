import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MESSAGE_BYTES_MAX } from './limits.ts';
import { packRows, type PendingRow } from './pack.ts';

const row = (position: number, subject: string, payload: string | Buffer, event_count = 1): PendingRow => ({
  position: BigInt(position),
  subject,
  event_count,
  payload: Buffer.from(payload),
});

describe('packRows', () => {
  it('puts the rows of a subject end to end, in order, into one message', () => {
    const messages = packRows('card', [row(1, 'a', 'one', 2), row(2, 'b', 'two'), row(5, 'a', 'three', 3)]);
    expect(messages.map(({ subject, payload, positions, eventCount }) => [subject, payload.toString(), positions, eventCount])).toEqual([
      ['a', 'onethree', [1n, 5n], 5],
      ['b', 'two', [2n], 1],
    ]);
  });

  it('names a message by service, first and last position, and content', () => {
    const [message] = packRows('card', [row(1, 'a', 'one'), row(5, 'a', 'three')]);
    expect(message?.messageId).toMatch(/^card:1-5\.[0-9a-f]{12}$/);
    expect(packRows('card', [row(1, 'a', 'one'), row(5, 'a', 'three')])[0]?.messageId).toBe(message?.messageId);
  });

  it('names it otherwise when a row that committed late stands in between', () => {
    const [before] = packRows('card', [row(1, 'a', 'one'), row(5, 'a', 'three')]);
    const [after] = packRows('card', [row(1, 'a', 'one'), row(3, 'a', 'late'), row(5, 'a', 'three')]);
    expect(after?.messageId).not.toBe(before?.messageId);
  });

  it('fills messages up to their limit and lets a row stand alone that fills one by itself', () => {
    const half = Buffer.alloc(MESSAGE_BYTES_MAX / 2);
    const messages = packRows('card', [row(1, 'a', half), row(2, 'a', half), row(3, 'a', 'x'), row(4, 'a', Buffer.alloc(MESSAGE_BYTES_MAX))]);
    expect(messages.map(({ positions }) => positions)).toEqual([[1n, 2n], [3n], [4n]]);
  });

  it('leaves out and doubles no row, whatever their sizes and subjects', () => {
    const rows = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: MESSAGE_BYTES_MAX })), { maxLength: 12 });
    fc.assert(fc.property(rows, (sizes) => {
      const given = sizes.map(([subject, size], index) => row(index + 1, subject, Buffer.alloc(size)));
      const messages = packRows('card', given);
      const positions = messages.flatMap((message) => message.positions).sort((a, b) => Number(a - b));
      expect(positions).toEqual(given.map(({ position }) => position));
      expect(messages.every(({ payload }) => payload.length <= MESSAGE_BYTES_MAX)).toBe(true);
    }), { numRuns: 30 });
  });
});
