import {
  type Context,
  context,
  createContextKey,
  isSpanContextValid,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { headers, type MsgHdrs } from '@nats-io/transport-node';

/** The tracer of everything that goes over the bus. Does nothing until the platform installs an SDK. */
export function busTracer() {
  return trace.getTracer('@tollwire/messaging');
}

/** More links than this on a span say nothing more to a person, and cost as much again as the work. */
export const linksMax = 32;

/** The W3C traceparent of the work under way, or undefined where none is traced. */
export function currentTraceparent(at: Context = context.active()): string | undefined {
  const span = trace.getSpanContext(at);
  return span === undefined || !isSpanContextValid(span) ? undefined : traceparentOf(span);
}

function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01'}`;
}

/** The span context that a traceparent names, or undefined where it names none. */
export function spanContextOf(traceparent: string): SpanContext | undefined {
  const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent);
  if (match === null) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = match;
  const found = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(found) ? found : undefined;
}

const linksKey = createContextKey('tollwire.links');

/** Only `sharedContext` sets them. */
function areLinks(value: unknown): value is readonly Link[] {
  return Array.isArray(value);
}

/**
 * The context of work that is done for several at once: it goes on in the trace of the first that is sampled, and knows
 * the other sampled ones, which `linksUnderWay` tells. Where none is sampled, nothing of the work is.
 */
export function sharedContext(contexts: readonly Context[]): Context {
  const [first = ROOT_CONTEXT] = contexts;
  if (contexts.length < 2) return first;
  const sampled = new Map<string, { readonly from: Context; readonly link: Link }>();
  for (const from of contexts) {
    const span = trace.getSpanContext(from);
    if (span === undefined || (span.traceFlags & TraceFlags.SAMPLED) === 0 || sampled.has(span.spanId)) continue;
    sampled.set(span.spanId, { from, link: { context: span } });
    if (sampled.size > linksMax) break;
  }
  const [parent, ...others] = sampled.values();
  if (parent === undefined) return first;
  return others.length === 0 ? parent.from : parent.from.setValue(linksKey, others.map(({ link }) => link));
}

/** Whom the work under way is done for beside its own trace. */
export function linksUnderWay(at: Context = context.active()): readonly Link[] {
  const links = at.getValue(linksKey);
  return areLinks(links) ? links : [];
}

/** Message headers with the trace of `at` in them, or undefined where there is nothing to say. */
export function traceHeaders(at: Context): MsgHdrs | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(at, carrier);
  const entries = Object.entries(carrier);
  if (entries.length === 0) return undefined;
  const made = headers();
  for (const [name, value] of entries) made.set(name, value);
  return made;
}

/** The trace context that a message brought along. */
export function contextOfHeaders(found: MsgHdrs | undefined): Context {
  if (found === undefined) return ROOT_CONTEXT;
  return propagation.extract(ROOT_CONTEXT, found, {
    get: (carrier, name) => carrier.get(name) || undefined,
    keys: (carrier) => [...carrier.keys()],
  });
}

/** Marks a span as failed with its error. */
export function failSpan(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.recordException(error instanceof Error ? error : message);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
