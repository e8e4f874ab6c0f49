import { emptyEnvelope, type Envelope } from './received.ts';

/** The envelopes of CloudEvents in the JSON format, one object or a batch as an array. Throws where the text is neither. */
export function envelopesOfJson(bytes: Uint8Array): Envelope[] {
  const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  return (Array.isArray(parsed) ? parsed : [parsed]).map(envelopeOf);
}

function envelopeOf(value: unknown): Envelope {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('Not a JSON object');
  const attributes = new Map<string, unknown>(Object.entries(value));
  const text = (name: string) => {
    const found = attributes.get(name);
    return typeof found === 'string' ? found : '';
  };
  return {
    ...emptyEnvelope(),
    id: text('id'),
    source: text('source'),
    specVersion: text('specversion'),
    type: text('type'),
    subject: text('subject'),
    time: text('time'),
    traceparent: text('traceparent'),
    data: dataOf(attributes),
  };
}

/** `data` is the message in proto3 JSON, `data_base64` the message in protobuf. */
function dataOf(attributes: ReadonlyMap<string, unknown>): Envelope['data'] {
  const encoded = attributes.get('data_base64');
  if (typeof encoded === 'string') return { form: 'protobuf', bytes: Buffer.from(encoded, 'base64') };
  const data = attributes.get('data');
  return data === undefined || data === null ? { form: 'none' } : { form: 'json', text: JSON.stringify(data) };
}
