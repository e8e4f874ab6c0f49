import { emptyEnvelope, type Envelope } from './received.ts';

/** Reads one header by its name in lower case; undefined or '' where it is absent. */
export type EventHeaders = (name: string) => string | undefined;

/**
 * The envelope of an event in binary mode: attributes in `ce-` headers (percent-encoded as HTTP's binding says), the
 * body is the data. The trace may stand in `ce-traceparent` or, as tracers write it, in `traceparent`.
 */
export function envelopeOfHeaders(contentType: string, headers: EventHeaders, bytes: Uint8Array): Envelope {
  const attribute = (name: string) => decoded(headers(`ce-${name}`) ?? '');
  return {
    ...emptyEnvelope(),
    id: attribute('id'),
    source: attribute('source'),
    specVersion: attribute('specversion'),
    type: attribute('type'),
    subject: attribute('subject'),
    time: attribute('time'),
    traceparent: attribute('traceparent') || (headers('traceparent') ?? ''),
    data: isJson(contentType || attribute('datacontenttype'))
      ? { form: 'json', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
      : { form: 'protobuf', bytes },
  };
}

/** Whether a media type without parameters is JSON. */
function isJson(mediaType: string): boolean {
  return mediaType === 'application/json' || mediaType.endsWith('+json');
}

function decoded(value: string): string {
  return value.includes('%') ? decodeURIComponent(value) : value;
}
