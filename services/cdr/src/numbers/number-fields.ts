/** Where a field's text lies in the bytes of a message. */
export interface FieldSpan {
  readonly begin: number;
  readonly end: number;
}

/**
 * The texts of some top-level fields in a protobuf message that lies in `[begin, end)` of the bytes, by walking its wire
 * format (protobuf encoding, "Message Structure"). The message was read before, so that it is whole.
 */
export function numberFieldsIn(bytes: Buffer, begin: number, end: number, fields: readonly number[]): FieldSpan[] {
  const spans: FieldSpan[] = [];
  let at = begin;
  const varint = (): number => {
    let value = 0;
    for (let unit = 1; at < end; unit *= 128) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 127) * unit;
      if (byte < 128) break;
    }
    return value;
  };
  while (fields.length > 0 && at < end) {
    const tag = varint();
    switch (tag % 8) {
      case 0:
        varint();
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const length = varint();
        if (fields.includes(Math.floor(tag / 8))) spans.push({ begin: at, end: Math.min(at + length, end) });
        at += length;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        throw new Error(`The wire type ${tag % 8} is none that protobuf 3 writes`);
    }
  }
  return spans;
}

const plus = 0x2b;
const shownDigitsMax = 6;
const hiddenMin = 4;

/** How many bytes of a field stay as they are: those that a mask shows of a number (`shownLength`). */
export function clearBytes(bytes: Buffer, { begin, end }: FieldSpan): number {
  const first = bytes[begin] === plus ? 1 : 0;
  let digits = 0;
  while (digits < shownDigitsMax && isDigit(bytes[begin + first + digits])) digits += 1;
  const shown = Math.min(first + digits, end - begin - hiddenMin);
  return shown > first ? shown : 0;
}

function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

const otherCount = 246;

/** A byte moved along by a step of a key stream: a digit stays a digit and all else something else, so that clear bytes are found again. */
export function movedByte(byte: number, step: number): number {
  if (isDigit(byte)) return 48 + modulo(byte - 48 + step, 10);
  const place = modulo((byte < 48 ? byte : byte - 10) + step, otherCount);
  return place < 48 ? place : place + 10;
}

function modulo(value: number, count: number): number {
  const rest = value % count;
  return rest < 0 ? rest + count : rest;
}
