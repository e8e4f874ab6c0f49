/** A line of a file, counted from 1, without its end. */
export interface Line {
  readonly line: number;
  readonly text: string;
  /** The line was cut because it is longer than anything that a switch writes. */
  readonly isTooLong: boolean;
}

const lineBytesMax = 1_048_576;
const newline = 10;

/**
 * The lines of a file that comes in pieces, ended by LF or CRLF, in UTF-8 (what is no UTF-8 becomes U+FFFD). Memory
 * holds one line, and of a line above 1 MiB only its beginning.
 */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let line = 0;
  const take = (piece: Uint8Array): void => {
    if (length < lineBytesMax) pieces.push(piece.subarray(0, lineBytesMax - length));
    length += piece.length;
  };
  const finish = (): Line => {
    line += 1;
    const made = { line, text: textOf(pieces, line === 1), isTooLong: length > lineBytesMax };
    pieces = [];
    length = 0;
    return made;
  };
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      take(chunk.subarray(from, end));
      yield finish();
      from = end + 1;
    }
    take(chunk.subarray(from));
  }
  if (length > 0) yield finish();
}

function textOf(pieces: readonly Uint8Array[], isFirst: boolean): string {
  const text = Buffer.concat(pieces).toString('utf8');
  const withoutReturn = text.endsWith('\r') ? text.slice(0, -1) : text;
  return isFirst && withoutReturn.startsWith('\uFEFF') ? withoutReturn.slice(1) : withoutReturn;
}
