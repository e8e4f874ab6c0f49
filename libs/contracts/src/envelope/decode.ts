import { ok, type Result } from '@tollwire/core';
import type { ReceivedEvent } from '../public-event.ts';
import type { CodedRefusal } from '../refusals.ts';
import { type EventHeaders, envelopeOfHeaders } from './decode-headers.ts';
import { envelopesOfJson } from './decode-json.ts';
import { envelopeOfEvent, envelopesOfBatch } from './decode-protobuf.ts';
import { type Envelope, malformed, receivedOf } from './received.ts';

export type { EventHeaders } from './decode-headers.ts';

/**
 * The events of a message in any form that Tollwire takes: a CloudEventBatch in protobuf (`application/cloudevents-batch+protobuf`),
 * one event in the protobuf or JSON format, a batch in JSON, or one event in binary mode (`ce-` headers; the body in
 * protobuf or proto3 JSON by `contentType`). All or nothing: a message of which one envelope cannot be read is refused
 * with `message_malformed` or `unknown_event_type`, and the field at fault. Never throws. An empty batch is no event.
 */
export function decodeMessage(
  contentType: string,
  headers: EventHeaders,
  bytes: Uint8Array,
): Result<ReceivedEvent[], CodedRefusal> {
  try {
    const events: ReceivedEvent[] = [];
    for (const envelope of envelopesOf(contentType, headers, bytes)) {
      const event = receivedOf(envelope);
      if (!event.ok) return event;
      events.push(event.value);
    }
    return ok(events);
  } catch (error) {
    return malformed(error instanceof Error ? error.message : String(error));
  }
}

function envelopesOf(contentType: string, headers: EventHeaders, bytes: Uint8Array): Envelope[] {
  const mediaType = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  switch (mediaType) {
    case 'application/cloudevents-batch+protobuf':
      return envelopesOfBatch(bytes);
    case 'application/cloudevents+protobuf':
      return [envelopeOfEvent(bytes)];
    case 'application/cloudevents+json':
    case 'application/cloudevents-batch+json':
    case 'application/cloudevents':
      return envelopesOfJson(bytes);
    default:
      return [envelopeOfHeaders(mediaType, headers, bytes)];
  }
}
