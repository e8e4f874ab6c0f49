import { context, type Link, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { sampledTracesIn } from '@tollwire/contracts';
import { busTracer, failSpan, linksMax, spanContextOf } from './trace.ts';

/**
 * Runs `work`, which publishes `payload`, in a producer span: part of the trace that all its events belong to, linked
 * to their traces where those are several. The relay works outside of any trace, so the events tell.
 */
export async function inPublishSpan<T>(
  about: { readonly stream: string; readonly subject: string; readonly eventCount: number },
  payload: Uint8Array,
  work: () => Promise<T>,
): Promise<T> {
  const links = sampledTracesIn(payload, linksMax).flatMap((traceparent): Link[] => {
    const found = spanContextOf(traceparent);
    return found === undefined ? [] : [{ context: found }];
  });
  const [only] = links;
  const parent = links.length === 1 && only !== undefined ? trace.setSpanContext(ROOT_CONTEXT, only.context) : ROOT_CONTEXT;
  const attributes = {
    'messaging.system': 'nats',
    'messaging.operation.type': 'send',
    'messaging.destination.name': about.stream,
    'messaging.destination.subject': about.subject,
    'messaging.batch.message_count': about.eventCount,
  };
  const span = busTracer().startSpan(`publish ${about.stream}`, { kind: SpanKind.PRODUCER, attributes, links }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), work);
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}
