import { WireType } from '@bufbuild/protobuf/wire';
import { EventReader } from './event-reader.ts';
import { emptyEnvelope, type Envelope } from './received.ts';

/** Visits each field of a message; `read` returns false for a field that it does not know, which is then skipped. */
function eachField(reader: EventReader, end: number, read: (field: number, wire: WireType) => boolean): void {
  while (reader.pos < end) {
    const [field, wire] = reader.tag();
    if (!read(field, wire)) reader.skip(wire, field);
  }
  if (reader.pos > end) throw new RangeError('A field runs over the end of its message');
}

function nested(reader: EventReader, read: (field: number, wire: WireType) => boolean): void {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError('A message runs over the end of the bytes');
  eachField(reader, end, read);
}

/** The envelopes of an encoded CloudEventBatch. Throws where the bytes are none. */
export function envelopesOfBatch(bytes: Uint8Array): Envelope[] {
  const reader = new EventReader(bytes);
  const envelopes: Envelope[] = [];
  eachField(reader, reader.len, (field, wire) => {
    if (field !== 1 || wire !== WireType.LengthDelimited) return false;
    const length = reader.uint32();
    const end = reader.pos + length;
    if (end > reader.len) throw new RangeError('An event runs over the end of the batch');
    envelopes.push(readEvent(reader, end, familiarFrom(envelopes.at(-1))));
    return true;
  });
  return envelopes;
}

/** The envelope of one encoded CloudEvent. Throws where the bytes are none. */
export function envelopeOfEvent(bytes: Uint8Array): Envelope {
  const reader = new EventReader(bytes);
  return readEvent(reader, reader.len, familiarFrom(undefined));
}

const versions = ['1.0'];
const names = ['time', 'subject', 'traceparent', 'dataschema'];

/** Texts that an event most likely has, because the event before it in the batch had them. */
interface Familiar {
  readonly source: readonly string[];
  readonly type: readonly string[];
  readonly typeUrl: readonly string[];
}

function familiarFrom(before: Envelope | undefined): Familiar {
  if (before === undefined) return { source: [], type: [], typeUrl: [] };
  const typeUrl = before.data.form === 'any' ? [before.data.typeUrl] : [];
  return { source: [before.source], type: [before.type], typeUrl };
}

function readEvent(reader: EventReader, end: number, familiar: Familiar): Envelope {
  const envelope = emptyEnvelope();
  eachField(reader, end, (field, wire) => {
    if (wire !== WireType.LengthDelimited) return false;
    switch (field) {
      case 1:
        envelope.id = reader.text();
        return true;
      case 2:
        envelope.source = reader.text(familiar.source);
        return true;
      case 3:
        envelope.specVersion = reader.text(versions);
        return true;
      case 4:
        envelope.type = reader.text(familiar.type);
        return true;
      case 5:
        readAttribute(reader, envelope);
        return true;
      case 6:
        envelope.data = { form: 'protobuf', bytes: reader.bytes() };
        return true;
      case 7:
        envelope.data = { form: 'json', text: reader.text() };
        return true;
      case 8:
        envelope.data = readAny(reader, familiar.typeUrl);
        return true;
      default:
        return false;
    }
  });
  return envelope;
}

function readAny(reader: EventReader, familiar: readonly string[]): Envelope['data'] {
  let typeUrl = '';
  let bytes: Uint8Array = new Uint8Array(0);
  nested(reader, (field, wire) => {
    if (wire !== WireType.LengthDelimited) return false;
    if (field === 1) typeUrl = reader.text(familiar);
    else if (field === 2) bytes = reader.bytes();
    else return false;
    return true;
  });
  return { form: 'any', typeUrl, bytes };
}

function readAttribute(reader: EventReader, envelope: Envelope): void {
  let name = '';
  let value: string | number = '';
  nested(reader, (field, wire) => {
    if (wire !== WireType.LengthDelimited) return false;
    if (field === 1) name = reader.text(names);
    else if (field === 2 && name !== 'dataschema') value = readAttributeValue(reader);
    else return false;
    return true;
  });
  if (name === 'time') envelope.time = value;
  else if (name === 'subject' && typeof value === 'string') envelope.subject = value;
  else if (name === 'traceparent' && typeof value === 'string') envelope.traceparent = value;
}

/** The text of a ce_string, ce_uri or ce_uri_ref, the microseconds of a ce_timestamp; other kinds are of no use here. */
function readAttributeValue(reader: EventReader): string | number {
  let value: string | number = '';
  nested(reader, (field, wire) => {
    if (wire !== WireType.LengthDelimited) return false;
    if (field === 3 || field === 5 || field === 6) value = reader.text();
    else if (field === 7) value = readTimestampUs(reader);
    else return false;
    return true;
  });
  return value;
}

function readTimestampUs(reader: EventReader): number {
  let seconds = 0;
  let nanos = 0;
  nested(reader, (field, wire) => {
    if (wire !== WireType.Varint) return false;
    if (field === 1) seconds = Number(reader.int64());
    else if (field === 2) nanos = reader.int32();
    else return false;
    return true;
  });
  return seconds * 1_000_000 + Math.trunc(nanos / 1000);
}
