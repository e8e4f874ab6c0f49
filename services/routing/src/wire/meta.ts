import type { EventMeta } from '@tollwire/event-store';

const byMax = 128;

/** What is kept beside an event: who ordered it, as printable text, and the trace that it belongs to. */
export function metaOf(by: string, { traceparent }: { readonly traceparent?: string }): EventMeta {
  const whom = by.replaceAll(/[\u0000-\u001f\u007f]/g, '').slice(0, byMax);
  return { ...(whom === '' ? {} : { by: whom }), ...(traceparent === undefined ? {} : { traceparent }) };
}
