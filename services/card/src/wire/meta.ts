import type { EventMeta } from '@tollwire/event-store';

const byMax = 128;

/** Who gave an order, as printable text of at most 128 characters; null where the request does not tell. */
export function namedBy(by: string): string | null {
  const whom = by.replaceAll(/[\u0000-\u001f\u007f]/g, '').slice(0, byMax);
  return whom === '' ? null : whom;
}

/** What is kept beside an event: who ordered it, and the trace that it belongs to. */
export function metaOf(by: string, { traceparent }: { readonly traceparent?: string }): EventMeta {
  const whom = namedBy(by);
  return { ...(whom === null ? {} : { by: whom }), ...(traceparent === undefined ? {} : { traceparent }) };
}
