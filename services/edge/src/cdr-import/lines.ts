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
 * The lines of a file that comes in pieces, ended by LF or CRLF, in UTF-8 (what is no UTF-8 becomes U+FFFD): those that end in
 * a piece together, because waiting for each by itself costs as much as reading it. Memory holds one piece and the line that it
 * cuts, and of a line above 1 MiB only its beginning.
 */
export async function* lineBatchesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let line = 0;
  const hold = (piece: Uint8Array): void => {
    if (heldBytes < lineBytesMax) held.push(piece.subarray(0, lineBytesMax - heldBytes));
    heldBytes += piece.length;
  };
  const finish = (piece: Uint8Array): Line => {
    line += 1;
    if (heldBytes === 0 && piece.length <= lineBytesMax) return { line, text: textOf(piece, line === 1), isTooLong: false };
    hold(piece);
    const made = { line, text: textOf(Buffer.concat(held), line === 1), isTooLong: heldBytes > lineBytesMax };
    held = [];
    heldBytes = 0;
    return made;
  };
  for await (const chunk of bytes) {
    const lines: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      lines.push(finish(chunk.subarray(from, end)));
      from = end + 1;
    }
    if (from < chunk.length) hold(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (heldBytes > 0) yield [finish(new Uint8Array())];
}

function textOf(bytes: Uint8Array, isFirst: boolean): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const withoutReturn = text.endsWith('\r') ? text.slice(0, -1) : text;
  return isFirst && withoutReturn.startsWith('\uFEFF') ? withoutReturn.slice(1) : withoutReturn;
}
