import { fromBinary, fromJsonString, toBinary } from '@bufbuild/protobuf';
import { ok, refuse, type Result, unreachable } from '@tollwire/core';
import { eventIdOf, isUuid } from '../event-id.ts';
import { definitionOf } from '../public-events.ts';
import type { ReceivedEvent } from '../public-event.ts';
import type { CodedRefusal } from '../refusals.ts';
import { timeUsOfRfc3339 } from './rfc3339.ts';
import { typeOfUrl } from './type-url.ts';

/** An envelope as one of the forms spelled it, before it is checked. */
export interface Envelope {
  id: string;
  source: string;
  specVersion: string;
  type: string;
  subject: string;
  /** RFC 3339 text, or microseconds where the form carries a timestamp. */
  time: string | number;
  traceparent: string;
  data:
    | { readonly form: 'none' }
    | { readonly form: 'any'; readonly typeUrl: string; readonly bytes: Uint8Array }
    | { readonly form: 'protobuf'; readonly bytes: Uint8Array }
    | { readonly form: 'json'; readonly text: string };
}

/** An envelope in which nothing is set. */
export function emptyEnvelope(): Envelope {
  return {
    id: '',
    source: '',
    specVersion: '',
    type: '',
    subject: '',
    time: '',
    traceparent: '',
    data: { form: 'none' },
  };
}

/** A refusal of a message, naming the attribute at fault. */
export function malformed(detail: string, field?: string): { ok: false; refusal: CodedRefusal } {
  return refuse({ code: 'message_malformed', detail, ...(field === undefined ? {} : { field }) });
}

/**
 * The event of an envelope: required attributes are there, its type is public, its data names that type. An id that is
 * no UUID gets one made from source and id, which CloudEvents holds unique together.
 */
export function receivedOf(envelope: Envelope): Result<ReceivedEvent, CodedRefusal> {
  const { id, source, type, traceparent } = envelope;
  if (id === '') return malformed('The event has no id', 'id');
  if (source === '') return malformed('The event has no source', 'source');
  if (envelope.specVersion !== '1.0') return malformed('The event is not of CloudEvents 1.0', 'specversion');
  if (type === '') return malformed('The event has no type', 'type');
  const timeUs = typeof envelope.time === 'number' ? envelope.time : timeUsOfRfc3339(envelope.time);
  if (timeUs === undefined || !Number.isSafeInteger(timeUs)) return malformed('The event has no valid time', 'time');
  const dataBytes = dataBytesOf(envelope);
  if (!dataBytes.ok) return dataBytes;
  const key = keyOf(envelope, dataBytes.value);
  if (!key.ok) return key;
  const known = { type, source, key: key.value, timeUs, dataBytes: dataBytes.value };
  const uuid = isUuid(id) ? id : isUuid(id.toLowerCase()) ? id.toLowerCase() : eventIdOf(type, timeUs, [source, id]);
  return ok(traceparent === '' ? { id: uuid, ...known } : { id: uuid, ...known, traceparent });
}

function dataBytesOf({ type, data }: Envelope): Result<Uint8Array, CodedRefusal> {
  const definition = definitionOf(type);
  if (definition === undefined) return refuse({ code: 'unknown_event_type', field: 'type', facts: { type } });
  switch (data.form) {
    case 'none':
      return malformed('The event has no data', 'data');
    case 'any':
      if (typeOfUrl(data.typeUrl) === type) return ok(data.bytes);
      return malformed(`The data is a ${typeOfUrl(data.typeUrl)}, the event a ${type}`, 'data');
    case 'protobuf':
      return ok(data.bytes);
    case 'json':
      return attempt(() =>
        toBinary(definition.schema, fromJsonString(definition.schema, data.text, { ignoreUnknownFields: true })),
      );
    default:
      return unreachable(data);
  }
}

function keyOf({ type, subject }: Envelope, data: Uint8Array): Result<string, CodedRefusal> {
  const definition = definitionOf(type);
  if (subject !== '' || definition === undefined) return ok(subject);
  return attempt(() => definition.keyOf(fromBinary(definition.schema, data)));
}

function attempt<T>(parse: () => T): Result<T, CodedRefusal> {
  try {
    return ok(parse());
  } catch (error) {
    return malformed(error instanceof Error ? error.message : String(error), 'data');
  }
}
