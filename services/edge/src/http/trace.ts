import { context, metrics, propagation, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { latencyHistogram, metricNames } from '@tollwire/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const spans = new WeakMap<FastifyRequest, Span>();
const tracer = () => trace.getTracer('@tollwire/edge');

/**
 * Measures every request, and puts it under a span of its own that goes on with the caller's trace. The span is made before
 * the body is read, and entered after it, because what arrives on the socket arrives outside of it.
 */
export function traceRequests(fastify: FastifyInstance): void {
  const requestSec = latencyHistogram(metrics.getMeter('tollwire'), metricNames.http, 'Time from a request to the end of its answer');
  fastify.addHook('onRequest', (request, _reply, done) => {
    const parent = propagation.extract(ROOT_CONTEXT, request.headers);
    const route = request.routeOptions.url ?? 'unknown';
    const attributes = { 'http.request.method': request.method, 'http.route': route };
    spans.set(request, tracer().startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent));
    done();
  });
  fastify.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request);
    if (span === undefined) done();
    else context.with(trace.setSpan(ROOT_CONTEXT, span), done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request);
    span?.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    requestSec.record(reply.elapsedTime / 1000, { method: request.method, route: request.routeOptions.url ?? 'unknown', status: reply.statusCode });
    done();
  });
}

/** The W3C traceparent of a request, for the events that it leads to. */
export function traceparentOf(request: FastifyRequest): string | undefined {
  const carrier: Record<string, string> = {};
  const span = spans.get(request);
  if (span !== undefined) propagation.inject(trace.setSpan(ROOT_CONTEXT, span), carrier);
  return carrier['traceparent'];
}
