import { isUtf8 } from 'node:buffer';

/** How a file's characters are written. */
export type TextEncoding = 'utf8' | 'utf16le' | 'utf16be';

const BYTE_ORDER_MARK = '\ufeff';
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** What ends the lines of a file: a line feed, with or without a carriage return before it, or the latter alone, as old Macintoshes write. */
export type LineEnd = 'lf' | 'cr';

/** What ends the lines of a file's beginning; undefined where no line ends in it for certain, or its characters have two bytes. */
export function lineEndOf(bytes: Buffer, isLast: boolean): LineEnd | undefined {
  if (encodingOf(bytes) !== 'utf8') return undefined;
  if (bytes.includes(NEWLINE)) return 'lf';
  const at = bytes.indexOf(CARRIAGE_RETURN);
  return at >= 0 && (isLast || at < bytes.length - 1) ? 'cr' : undefined;
}

/** The same with line feeds in place of carriage returns. */
export function withLineFeeds(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => (byte === CARRIAGE_RETURN ? NEWLINE : byte)));
}

/** The encoding that a file's byte order mark tells; UTF-8 where it has none. */
export function encodingOf(bytes: Uint8Array): TextEncoding {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf16le';
  return first === 0xfe && second === 0xff ? 'utf16be' : 'utf8';
}

/** Where the last whole line ends: no character is torn apart there. */
export function lastLineEnd(bytes: Buffer, encoding: TextEncoding): number {
  if (encoding === 'utf8') return bytes.lastIndexOf(NEWLINE) + 1;
  const high = encoding === 'utf16le' ? 1 : 0;
  for (let at = bytes.length - (bytes.length % 2) - 2; at >= 0; at -= 2) {
    if (bytes[at + high] === 0 && bytes[at + 1 - high] === NEWLINE) return at + 2;
  }
  return 0;
}

/** The text of bytes. What is not UTF-8, and says nothing of being something else, is what older office programs of the West write: Windows-1252. */
export function decoded(bytes: Buffer, encoding: TextEncoding): string {
  if (encoding === 'utf8') return isUtf8(bytes) ? bytes.toString('utf8') : new TextDecoder('windows-1252').decode(bytes);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
  return encoding === 'utf16le' ? whole.toString('utf16le') : Buffer.from(whole).swap16().toString('utf16le');
}

export function encoded(text: string, encoding: TextEncoding): Buffer {
  if (encoding === 'utf8') return Buffer.from(text);
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'utf16le' ? bytes : bytes.swap16();
}

export function withoutByteOrderMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
