import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chunked } from './chunked.ts';

async function* arriving(pieces: readonly Uint8Array[]) {
  yield* pieces;
}

describe('pieces of one size', () => {
  it('are the same bytes, whatever sizes they arrive in', async () => {
    const arrivals = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 32 }), async (pieces, size) => {
        const out: Uint8Array[] = [];
        for await (const piece of chunked(arriving(pieces), size)) out.push(piece);
        expect(Buffer.concat(out)).toEqual(Buffer.concat(pieces));
        expect(out.slice(0, -1).every((piece) => piece.length === size)).toBe(true);
        expect(out.every((piece) => piece.length > 0 && piece.length <= size)).toBe(true);
      }),
    );
  });
});
