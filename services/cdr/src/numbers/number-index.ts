import type { CallRow } from '../projections/call-row.ts';
import { blocksUnder } from './number-keys.ts';

const blockSize = 16;

/** A number as it is looked for: without a plus or the 00 before it. Undefined of what is no number. */
export function soughtNumber(text: string): string | undefined {
  return /^(?:\+|00)?(\d{1,16})$/.exec(text)?.[1];
}

/** The numbers that a call is found by: who was called, as dialled and as read, and who called. */
function numbersOf({ called_e164: e164, callednumber, cli }: Pick<CallRow, 'called_e164' | 'callednumber' | 'cli'>): string[] {
  const dialled = soughtNumber(callednumber);
  const read = e164 === null || e164 === callednumber ? dialled : soughtNumber(e164);
  const calling = soughtNumber(cli);
  const numbers: string[] = [];
  if (dialled !== undefined) numbers.push(dialled);
  if (read !== undefined && read !== dialled) numbers.push(read);
  if (calling !== undefined && calling !== dialled && calling !== read) numbers.push(calling);
  return numbers;
}

/** What the rows are found by, in their order: of each number a mark that only who has the key can make. */
export function indexOf(key: Buffer, rows: readonly Pick<CallRow, 'called_e164' | 'callednumber' | 'cli'>[]): bigint[][] {
  const numbers = rows.map(numbersOf);
  const marks = marksOf(key, numbers.flat());
  let at = 0;
  return numbers.map((all) => marks.slice(at, (at += all.length)));
}

/** The marks of numbers under one key. */
export function marksOf(key: Buffer, numbers: readonly string[]): bigint[] {
  const blocks = Buffer.alloc(numbers.length * blockSize);
  numbers.forEach((number, each) => blocks.write(number, each * blockSize, blockSize, 'latin1'));
  const marks = blocksUnder(key, blocks);
  return numbers.map((_, each) => marks.readBigInt64LE(each * blockSize));
}
