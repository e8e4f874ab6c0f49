/** A column of numbers in memory. */
type Column = Float64Array | BigInt64Array | Uint32Array | Uint16Array | Uint8Array;

/** Columns as bytes, of exactly the first `size` rows; how many there are stands in front, and a text may stand behind. */
export function bytesOfColumns(size: number, columns: readonly Column[], text = ''): Uint8Array {
  const parts = [Float64Array.of(size), ...columns.map((column) => column.subarray(0, size)), new TextEncoder().encode(text)];
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), offset);
    offset += part.byteLength;
  }
  return bytes;
}

/** How many rows `bytesOfColumns` wrote. */
export function rowsInBytes(bytes: Uint8Array): number {
  // A copy, because the bytes may begin anywhere in their buffer.
  const front = Uint8Array.from(bytes.subarray(0, Float64Array.BYTES_PER_ELEMENT));
  return new Float64Array(front.buffer)[0] ?? 0;
}

/**
 * Fills columns of just that many rows from what `bytesOfColumns` wrote; answers the text behind them. The last columns stay
 * empty where the bytes were written before there were any such.
 */
export function fillColumns(columns: readonly Column[], bytes: Uint8Array): string {
  let offset = Float64Array.BYTES_PER_ELEMENT;
  for (const column of columns) {
    const target = new Uint8Array(column.buffer);
    target.set(bytes.subarray(offset, offset + target.length));
    offset += target.length;
  }
  return new TextDecoder().decode(bytes.subarray(offset));
}
