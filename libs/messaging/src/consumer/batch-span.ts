import { context, type Link, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import type { ReceivedEvent } from '@tollwire/contracts';
import { busTracer, failSpan, linksMax, spanContextOf } from '../trace.ts';

/**
 * Runs `work` in a consumer span for a batch. Events of one trace go on in it; events of several are linked, because a
 * span has one parent. Only sampled traces are looked at.
 */
export async function inBatchSpan(
  about: { readonly stream: string; readonly durable: string },
  events: readonly ReceivedEvent[],
  work: () => Promise<void>,
): Promise<void> {
  const links = linksOf(events);
  const [only] = links;
  const parent = links.length === 1 && only !== undefined ? trace.setSpanContext(ROOT_CONTEXT, only.context) : ROOT_CONTEXT;
  const attributes = {
    'messaging.system': 'nats',
    'messaging.operation.type': 'process',
    'messaging.destination.name': about.stream,
    'messaging.consumer.group.name': about.durable,
    'messaging.batch.message_count': events.length,
  };
  const span = busTracer().startSpan(`process ${about.durable}`, { kind: SpanKind.CONSUMER, attributes, links }, parent);
  try {
    await context.with(trace.setSpan(parent, span), work);
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}

function linksOf(events: readonly ReceivedEvent[]): Link[] {
  const links = new Map<string, Link>();
  for (const { traceparent } of events) {
    if (traceparent === undefined || !traceparent.endsWith('1') || links.has(traceparent)) continue;
    const found = spanContextOf(traceparent);
    if (found !== undefined) links.set(traceparent, { context: found });
    if (links.size === linksMax) break;
  }
  return [...links.values()];
}
