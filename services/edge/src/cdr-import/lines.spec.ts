import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Line, lineBatchesOf } from './lines.ts';

async function* cut(bytes: Buffer, at: readonly number[]): AsyncGenerator<Buffer> {
  const places = [...new Set(at.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const place of [...places, bytes.length]) {
    yield bytes.subarray(from, place);
    from = place;
  }
}

async function linesFrom(bytes: Buffer | string, at: readonly number[] = []): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const together of lineBatchesOf(cut(Buffer.from(bytes), at))) lines.push(...together);
  return lines;
}
const textsFrom = async (bytes: Buffer | string, at?: readonly number[]) => (await linesFrom(bytes, at)).map(({ text }) => text);

const mebibyte = 1_048_576;

describe('lines of a file', () => {
  it('are the same wherever the file was cut, within a character or between CR and LF too', async () => {
    const texts = fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', 'é', '漢', '\u{1F4DE}', ' '), maxLength: 10 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom('\n', '\r\n'), fc.array(fc.nat(), { maxLength: 12 }), async (lines, end, at) => {
        const file = lines.map((line) => line + end).join('');
        expect(await textsFrom(file, at)).toEqual(lines);
      }),
      { numRuns: 200 },
    );
  });

  it('are counted from 1, empty ones too', async () => {
    expect((await linesFrom('a\n\n\nb')).map(({ line, text }) => [line, text])).toEqual([[1, 'a'], [2, ''], [3, ''], [4, 'b']]);
  });

  it.each([
    ['nothing', '', []],
    ['one end of a line', '\n', ['']],
    ['a last line without an end', 'a', ['a']],
    ['a last line with one', 'a\n', ['a']],
    ['a byte order mark', '\uFEFFa\nb', ['a', 'b']],
    ['a byte order mark alone', '\uFEFF', ['']],
    ['one in the middle', 'a\n\uFEFFb', ['a', '\uFEFFb']],
    ['a return within a line', 'a\rb\n', ['a\rb']],
    ['two returns', 'a\r\r\n', ['a\r']],
  ])('of %s', async (_, file, texts) => {
    expect(await textsFrom(file)).toEqual(texts);
  });

  it('have U+FFFD for what is no UTF-8, and go on', async () => {
    expect(await textsFrom(Buffer.from([0x61, 0xff, 0x0a, 0xc3, 0x0a, 0x62]))).toEqual(['a\uFFFD', '\uFFFD', 'b']);
  });

  it('are too long only above a mebibyte', async () => {
    const full = Buffer.alloc(mebibyte, 'x');
    expect((await linesFrom(full)).map(({ isTooLong, text }) => [isTooLong, text.length])).toEqual([[false, mebibyte]]);
    const over = Buffer.concat([full, Buffer.from('y\nnext')]);
    for (const at of [[], [mebibyte], [5, mebibyte - 1, mebibyte + 1]]) {
      expect((await linesFrom(over, at)).map(({ isTooLong, text }) => [isTooLong, text.length])).toEqual([[true, mebibyte], [false, 4]]);
    }
  });

  it('keep only the beginning of one that never ends', async () => {
    const piece = Buffer.alloc(mebibyte, 'x');
    async function* endless() {
      for (let sent = 0; sent < 200; sent += 1) yield piece;
    }
    const lines: [boolean, number][] = [];
    for await (const together of lineBatchesOf(endless())) lines.push(...together.map(({ text, isTooLong }): [boolean, number] => [isTooLong, text.length]));
    expect(lines).toEqual([[true, mebibyte]]);
  });

  it('are read no further than they are asked for', async () => {
    let pieces = 0;
    let closed = false;
    async function* slowly() {
      try {
        for (; ; pieces += 1) yield Buffer.from(`${pieces}\n`);
      } finally {
        closed = true;
      }
    }
    for await (const [first] of lineBatchesOf(slowly())) if (first?.line === 3) break;
    expect([pieces, closed]).toEqual([2, true]);
  });
});
