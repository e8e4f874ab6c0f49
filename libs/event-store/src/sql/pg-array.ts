/** A value of an array parameter. */
export type PgScalar = string | number | bigint | boolean | Uint8Array | null;

const sizeAtFirst = 65_536;
const headerLength = 20;

/** One piece of memory for all, because it then has its size already; what is made of it is copied out. */
let memory = Buffer.allocUnsafeSlow(sizeAtFirst);
let view = new DataView(memory.buffer);

/** Writes a value at a place where there is room for it, and tells where it ends. */
type Write = (value: NonNullable<PgScalar>, at: number) => number;

interface ElementType {
  /** Object ids of types are PostgreSQL's own and fixed (pg_type.dat). */
  readonly oid: number;
  readonly write: Write;
}

const elementTypes = {
  bigint: { oid: 20, write: writeBigint },
  integer: { oid: 23, write: (value, at) => (view.setInt32(at, inRange(value, 2_147_483_648)), at + 4) },
  smallint: { oid: 21, write: (value, at) => (view.setInt16(at, inRange(value, 32_768)), at + 2) },
  boolean: { oid: 16, write: (value, at) => (view.setUint8(at, value === true ? 1 : 0), at + 1) },
  text: { oid: 25, write: (value, at) => writeText(String(value), at) },
  uuid: { oid: 2950, write: (value, at) => writeUuid(String(value), at) },
  bytea: { oid: 17, write: writeBytes },
} as const satisfies Record<string, ElementType>;

/** The types of elements that there are arrays of. */
export type PgElement = keyof typeof elementTypes;

/**
 * A whole column as a parameter of the type `element[]`, in PostgreSQL's binary form: it is written and read without
 * making text of numbers, escaping or scanning, which on a batch of a thousand rows of thirty columns is the larger part
 * of sending it. Numbers are whole; throws on one that the type does not hold, and on a uuid that is none. A text with a
 * NUL is refused by PostgreSQL, as it is everywhere.
 */
export function pgArray<Row>(element: PgElement, rows: readonly Row[], valueOf: (row: Row) => PgScalar): Buffer {
  const { oid, write }: ElementType = elementTypes[element];
  let at = headerLength;
  let hasNull = 0;
  for (const row of rows) {
    const value = valueOf(row);
    makeRoom(at, typeof value === 'string' ? value.length * 3 : value instanceof Uint8Array ? value.length : 0);
    if (value === null) {
      hasNull = 1;
      view.setInt32(at, -1);
      at += 4;
    } else {
      const end = write(value, at + 4);
      view.setInt32(at, end - at - 4);
      at = end;
    }
  }
  // Dimensions, whether there are nulls, the type of elements; then the length of the one dimension, which begins at 1.
  for (const [place, field] of [rows.length === 0 ? 0 : 1, hasNull, oid, rows.length, 1].entries()) view.setInt32(place * 4, field);
  return Buffer.from(memory.subarray(0, rows.length === 0 ? 12 : at));
}

/** Room for the length of a value and the value; a text may have three bytes for each of its UTF-16 units. */
function makeRoom(at: number, byteCountMax: number): void {
  const needed = at + 20 + byteCountMax;
  if (needed <= memory.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(memory.length * 2, needed));
  memory.copy(larger, 0, 0, at);
  memory = larger;
  view = new DataView(memory.buffer);
}

function writeBytes(value: NonNullable<PgScalar>, at: number): number {
  if (!(value instanceof Uint8Array)) throw new RangeError(`${String(value)} is no bytes`);
  memory.set(value, at);
  return at + value.length;
}

function writeBigint(value: NonNullable<PgScalar>, at: number): number {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number`);
    view.setInt32(at, Math.floor(value / 4_294_967_296));
    view.setUint32(at + 4, value >>> 0);
  } else {
    const whole = BigInt(String(value));
    if (BigInt.asIntN(64, whole) !== whole) throw new RangeError(`${whole} is too large for a bigint`);
    view.setBigInt64(at, whole);
  }
  return at + 8;
}

function inRange(value: NonNullable<PgScalar>, limit: number): number {
  // Nearly all are small whole numbers, of which no engine need ask more.
  if (typeof value === 'number' && (value | 0) === value && value >= -limit && value < limit) return value;
  const number = Number(value);
  if (Number.isInteger(number) && number >= -limit && number < limit) return number;
  throw new RangeError(`${String(value)} is not between ${-limit} and ${limit - 1}`);
}

/** Short texts are nearly always ASCII: copying them here is faster than calling out. */
function writeText(text: string, at: number): number {
  if (text.length <= 64) {
    let end = at;
    for (let n = 0; n < text.length; n += 1) {
      const code = text.charCodeAt(n);
      if (code > 0x7f) return at + memory.write(text, at);
      memory[end] = code;
      end += 1;
    }
    return end;
  }
  return at + memory.write(text, at);
}

function writeUuid(text: string, at: number): number {
  const written = memory.write(text.replaceAll('-', ''), at, 'hex');
  if (written !== 16) throw new RangeError(`"${text}" is no uuid`);
  return at + written;
}
