import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { EventDefinition } from '../public-events.ts';
import type { PublicEvent } from '../public-event.ts';
import { typeUrlOf } from './type-url.ts';
import { writeMessage } from './write-message.ts';

/** What the content-type header of a message with a batch says. */
export const batchContentType = 'application/cloudevents-batch+protobuf';

const { LengthDelimited: bytes, Varint: varint } = WireType;

/** The parts of an envelope that are the same for every event of a definition, encoded once. */
interface Fixed {
  readonly specVersionAndType: Uint8Array;
  readonly dataSchema: Uint8Array;
  readonly typeUrl: Uint8Array;
}

const fixedOf = new Map<EventDefinition, Fixed>();

function fixed(definition: EventDefinition): Fixed {
  const known = fixedOf.get(definition);
  if (known !== undefined) return known;
  const made = {
    specVersionAndType: new BinaryWriter().tag(3, bytes).string('1.0').tag(4, bytes).string(definition.type).finish(),
    dataSchema: textAttribute(new BinaryWriter(), 'dataschema', 5, typeUrlOf(definition.type)).finish(),
    typeUrl: new BinaryWriter().tag(1, bytes).string(typeUrlOf(definition.type)).finish(),
  };
  fixedOf.set(definition, made);
  return made;
}

/** One writer for all, because its buffer then has its size already; `finish` copies out of it and empties it. */
const shared = new BinaryWriter();

function written(write: (writer: BinaryWriter) => void): Uint8Array {
  let bytes: Uint8Array;
  try {
    write(shared);
  } finally {
    bytes = shared.finish();
  }
  return bytes;
}

/**
 * One field-1 frame of a CloudEventBatch: concatenated encodings are a batch, so packing events never encodes again.
 * The bytes are those that the generated schema gives, attributes in the order dataschema, subject, time, traceparent.
 */
export function encodeEvent(event: PublicEvent): Uint8Array {
  return written((writer) => writeEvent(writer, event));
}

/** Events one behind the other, and where each of them ends. */
export interface EncodedEvents {
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
}

/** The concatenated encodings of events, in one piece of memory: many small ones cost more than their encoding. */
export function encodeEvents(events: readonly PublicEvent[]): EncodedEvents {
  const bytes = written((writer) => {
    for (const event of events) writeEvent(writer, event);
  });
  const reader = new BinaryReader(bytes);
  const ends = events.map(() => {
    const [field, wire] = reader.tag();
    reader.skip(wire, field);
    return reader.pos;
  });
  return { bytes, ends };
}

/** The bytes of a message of a public event, without whatever it holds beside the fields of its schema. */
export function encodeData<Desc extends DescMessage>(schema: Desc, data: MessageShape<Desc>): Uint8Array {
  return written((writer) => writeMessage(writer, schema, data));
}

function writeEvent(writer: BinaryWriter, event: PublicEvent): void {
  const { specVersionAndType, dataSchema, typeUrl } = fixed(event.definition);
  writer.tag(1, bytes).fork();
  writer.tag(1, bytes).string(event.id).tag(2, bytes).string(event.source).raw(specVersionAndType).raw(dataSchema);
  textAttribute(writer, 'subject', 3, event.key);
  timeAttribute(writer, event.timeUs);
  if (event.traceparent !== undefined) textAttribute(writer, 'traceparent', 3, event.traceparent);
  writer.tag(8, bytes).fork().raw(typeUrl).tag(2, bytes);
  if (event.dataBytes !== undefined) writer.bytes(event.dataBytes);
  else {
    writer.fork();
    writeMessage(writer, event.definition.schema, event.data);
    writer.join();
  }
  writer.join().join();
}

/** A map entry `name` → CloudEventAttributeValue with a text in field `field` (3: ce_string, 5: ce_uri). */
function textAttribute(writer: BinaryWriter, name: string, field: number, text: string): BinaryWriter {
  writer.tag(5, bytes).fork().tag(1, bytes).string(name);
  return writer.tag(2, bytes).fork().tag(field, bytes).string(text).join().join();
}

function timeAttribute(writer: BinaryWriter, timeUs: number): void {
  const seconds = Math.floor(timeUs / 1_000_000);
  const nanos = (timeUs - seconds * 1_000_000) * 1000;
  writer.tag(5, bytes).fork().tag(1, bytes).string('time').tag(2, bytes).fork().tag(7, bytes).fork();
  if (seconds !== 0) writer.tag(1, varint).int64(seconds);
  if (nanos !== 0) writer.tag(2, varint).int32(nanos);
  writer.join().join().join();
}
