import type { EventMeta } from '@tollwire/event-store';
import type { RequestContext } from '@tollwire/messaging';

/** What is kept beside the events that a request led to. */
export function metaOf({ traceparent }: RequestContext): EventMeta {
  return traceparent === undefined ? {} : { traceparent };
}
