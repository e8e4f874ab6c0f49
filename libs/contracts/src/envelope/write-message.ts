import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { type BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

const { LengthDelimited, Varint } = WireType;

/** A message, or a oneof, of which the names of fields are known only from the schema. */
interface Fields {
  readonly [name: string]: unknown;
}

type Write = (writer: BinaryWriter, value: unknown) => void;
type WriteField = (writer: BinaryWriter, message: Fields) => void;

const known = new Map<DescMessage, readonly WriteField[]>();

/**
 * Writes the fields of a message into a writer that is there already, in the bytes that the library's `toBinary` gives.
 * That one makes a writer for every message, and with it buffers outside of the heap that cost more than the writing.
 * What the message holds beside the fields of the schema is not passed on. Throws where a value is not of its field's
 * kind, and on kinds of fields that no public event has (maps, groups, bytes, floating and fixed numbers).
 */
export function writeMessage(writer: BinaryWriter, schema: DescMessage, message: Fields): void {
  for (const write of writersOf(schema)) write(writer, message);
}

/** Made once for each schema. Known before they are complete, for a message that holds messages of its own kind. */
function writersOf(schema: DescMessage): readonly WriteField[] {
  const made = known.get(schema);
  if (made !== undefined) return made;
  const writers: WriteField[] = [];
  known.set(schema, writers);
  for (const field of schema.fields.toSorted((one, other) => one.number - other.number)) writers.push(fieldWriter(field));
  return writers;
}

function fieldWriter(field: DescField): WriteField {
  const { localName, number, oneof } = field;
  if (field.fieldKind === 'list') return listWriter(field);
  const write = tagged(number, field);
  if (oneof !== undefined) {
    const { localName: oneofName } = oneof;
    return (writer, message) => {
      const chosen = message[oneofName];
      if (isFields(chosen) && chosen['case'] === localName) write(writer, chosen['value']);
    };
  }
  // An optional field tells nothing from not being there.
  if (field.fieldKind !== 'message' && field.proto.proto3Optional) {
    return (writer, message) => {
      const value = message[localName];
      if (value !== undefined) write(writer, value);
    };
  }
  return (writer, message) => {
    const value = message[localName];
    if (value !== undefined && value !== '' && value !== 0 && value !== 0n && value !== false) write(writer, value);
  };
}

function listWriter(field: Extract<DescField, { fieldKind: 'list' }>): WriteField {
  const { localName, number, packed } = field;
  const write = packed ? valueWriter(field) : tagged(number, field);
  return (writer, message) => {
    const items = message[localName];
    if (!Array.isArray(items)) fail(items);
    if (items.length === 0) return;
    if (packed) writer.tag(number, LengthDelimited).fork();
    for (const item of items) write(writer, item);
    if (packed) writer.join();
  };
}

/** A value behind its tag. */
function tagged(number: number, field: DescField): Write {
  const write = valueWriter(field);
  const wireType = field.message !== undefined || field.scalar === ScalarType.STRING ? LengthDelimited : Varint;
  const tag = ((number << 3) | wireType) >>> 0;
  return (writer, value) => {
    writer.uint32(tag);
    write(writer, value);
  };
}

function valueWriter(field: DescField): Write {
  if (field.fieldKind === 'map') throw unsupported(field);
  const { message: schema, enum: names, scalar } = field;
  if (schema !== undefined) {
    return (writer, value) => {
      if (!isFields(value)) fail(value);
      writer.fork();
      for (const write of writersOf(schema)) write(writer, value);
      writer.join();
    };
  }
  const write = scalarWriters.get(names === undefined ? scalar : ScalarType.INT32);
  if (write === undefined) throw unsupported(field);
  return write;
}

/** How the kinds of scalars that public events have are written. */
const scalarWriters: ReadonlyMap<ScalarType, Write> = new Map<ScalarType, Write>([
  [ScalarType.STRING, (writer, value) => writer.string(typeof value === 'string' ? value : fail(value))],
  [ScalarType.BOOL, (writer, value) => writer.bool(typeof value === 'boolean' ? value : fail(value))],
  [ScalarType.INT32, (writer, value) => writer.int32(typeof value === 'number' ? value : fail(value))],
  [ScalarType.UINT32, (writer, value) => writer.uint32(typeof value === 'number' ? value : fail(value))],
  [ScalarType.INT64, (writer, value) => writer.int64(typeof value === 'bigint' ? value : fail(value))],
  [ScalarType.UINT64, (writer, value) => writer.uint64(typeof value === 'bigint' ? value : fail(value))],
]);

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function fail(value: unknown): never {
  throw new TypeError(`${typeof value} is not what the field holds`);
}

function unsupported(field: DescField): Error {
  return new Error(`${field.toString()} is of a kind that no public event has`);
}
