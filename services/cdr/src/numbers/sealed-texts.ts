import { blocksUnder, wordsOf } from './number-keys.ts';
import { clearLength, hiddenCount, moved, movedAscii } from './sealed-text.ts';

const stepsPerBlock = 4;

/** Where the key stream of each row begins, in blocks, with the end of the last; and how many characters of each text stay as they are. */
export interface Places {
  readonly blocks: Uint32Array;
  readonly clear: Uint32Array;
}

/** What the texts of rows take of the key streams, which lie one after the other. */
export function placesIn(rows: readonly (readonly string[])[]): Places {
  const blocks = new Uint32Array(rows.length + 1);
  const clear = new Uint32Array(rows.reduce((sum, texts) => sum + texts.length, 0));
  let each = 0;
  let begin = 0;
  for (let row = 0; row < rows.length; row += 1) {
    let hidden = 0;
    for (const text of rows[row] ?? []) {
      const kept = clearLength(text);
      clear[each] = kept;
      each += 1;
      hidden += hiddenCount(text, kept);
    }
    begin += Math.ceil(hidden / stepsPerBlock);
    blocks[row + 1] = begin;
  }
  return { blocks, clear };
}

/** The key streams of all rows: counters under each row's nonce, encrypted in one go. */
export function stepsOf(key: Buffer, nonces: readonly bigint[], { blocks }: Places): Uint32Array {
  const halves = new BigUint64Array(2 * (blocks[nonces.length] ?? 0));
  const words = new Uint32Array(halves.buffer);
  for (let row = 0; row < nonces.length; row += 1) {
    const nonce = BigInt.asUintN(64, nonces[row] ?? 0n);
    const [first = 0, end = 0] = [blocks[row], blocks[row + 1]];
    for (let block = first; block < end; block += 1) {
      halves[2 * block] = nonce;
      words[4 * block + 2] = block - first;
    }
  }
  return wordsOf(blocksUnder(key, Buffer.from(halves.buffer)));
}

/** The texts of each row moved along (`by` 1) or back. ASCII is moved in bytes, all texts at once; that is nearly all there is. */
export function movedTexts(rows: readonly (readonly string[])[], { blocks, clear }: Places, steps: Uint32Array, by: 1 | -1): string[][] {
  const flat = rows.map((texts) => texts.join('')).join('');
  const bytes = Buffer.from(flat);
  const isAscii = bytes.length === flat.length;
  let each = 0;
  let begin = 0;
  if (isAscii) {
    rows.forEach((texts, row) => {
      let step = (blocks[row] ?? 0) * stepsPerBlock;
      for (const text of texts) {
        const end = begin + text.length;
        for (let at = begin + (clear[each] ?? 0); at < end; at += 1, step += 1) bytes[at] = movedAscii(bytes[at] ?? 0, (steps[step] ?? 0) * by);
        begin = end;
        each += 1;
      }
    });
  }
  const moving = bytes.toString('latin1');
  [each, begin] = [0, 0];
  return rows.map((texts, row) => {
    let step = (blocks[row] ?? 0) * stepsPerBlock;
    return texts.map((text) => {
      const kept = clear[each] ?? 0;
      each += 1;
      if (isAscii) return moving.slice(begin, (begin += text.length));
      step += hiddenCount(text, kept);
      return moved(text, kept, steps, step - hiddenCount(text, kept), by);
    });
  });
}
