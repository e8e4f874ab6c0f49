import { startNodeSdk } from '@opentelemetry/sdk-node';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CardService, encodeEvent, type PublicEvent } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { until } from '@tollwire/testing';
import { answered, type BusFixture, openBusFixture } from './consumer/bus.fixture.ts';
import { JetStreamPublisher } from './publisher.ts';
import { askerOf } from './rpc/client.ts';
import { serve } from './rpc/server.ts';
import type { MethodHandler, ServiceImplementation } from './rpc/types.ts';
import { streamSpecOf } from './topology.ts';
import { currentTraceparent } from './trace.ts';

interface EndedSpan {
  readonly name: string;
  spanContext(): { readonly traceId: string; readonly spanId: string };
  readonly parentSpanContext?: { readonly spanId: string };
  readonly links: readonly { readonly context: { readonly spanId: string } }[];
  readonly status: { readonly code: number };
}

const ended: EndedSpan[] = [];
const collecting = {
  onStart: () => undefined,
  onEnd: (span: EndedSpan) => void ended.push(span),
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};
const sdk = startNodeSdk({ spanProcessors: [collecting], metricReaders: [], logRecordProcessors: [] });

let fixture: BusFixture;
beforeAll(async () => {
  fixture = await openBusFixture('trace');
});
afterAll(async () => {
  await fixture.close();
  await sdk.shutdown();
});

const spanOf = (spanId: string | undefined) => ended.find((span) => span.spanContext().spanId === spanId);
const tracer = trace.getTracer('test');
const spanIdOf = (traceparent: string | undefined) => traceparent?.split('-')[2];
const withTrace = (event: PublicEvent, traceparent: string | undefined) => ({ ...event, ...(traceparent === undefined ? {} : { traceparent }) });

describe('a trace', () => {
  it('goes on from the asker to the handler, and tells it what to put on its events', async () => {
    const told: (string | undefined)[] = [];
    const refused: MethodHandler<typeof CardService.method.totals> = () => Promise.resolve(refuse({ code: 'not_found' }));
    const handlers = Object.fromEntries(CardService.methods.map(({ localName }) => [localName, refused]));
    const totals: typeof refused = (_request, { traceparent }) => {
      told.push(traceparent, currentTraceparent());
      return Promise.resolve(ok({ cardCount: 1n }));
    };
    const implementation = { ...handlers, totals } as ServiceImplementation<typeof CardService>;
    const served = serve(fixture.bus, CardService, implementation, { root: fixture.root });
    const asker = askerOf(CardService, fixture.bus, { root: fixture.root });
    const traceId = await tracer.startActiveSpan('http', async (span) => {
      await asker.totals({});
      span.end();
      return span.spanContext().traceId;
    });
    await served.stop();
    const [fromContext, fromActive] = told;
    expect(fromContext).toBe(fromActive);
    const handling = await until(() => spanOf(spanIdOf(fromContext)));
    const asking = spanOf(handling.parentSpanContext?.spanId);
    expect([handling.spanContext().traceId, asking?.spanContext().traceId]).toEqual([traceId, traceId]);
    expect(spanOf(asking?.parentSpanContext?.spanId)?.name).toBe('http');
    expect(handling.name).toBe('tollwire.card.v1.CardService/Totals');
  });

  it('goes on from an event to the consumer that handles it', async () => {
    const seen: (string | undefined)[] = [];
    const probe = await fixture.probe({ before: () => seen.push(currentTraceparent()) });
    const cause = tracer.startActiveSpan('cause', (span) => {
      span.end();
      return currentTraceparent();
    });
    await fixture.publish([withTrace(answered(1), cause)]);
    const span = await until(() => spanOf(spanIdOf(seen[0])));
    expect(span.name).toBe('process cdr-test');
    expect(span.parentSpanContext?.spanId).toBe(spanIdOf(cause));
    await probe.consumer.stop();
  });

  it('is linked from a batch of several traces, which stays one span however it is taken apart', async () => {
    const causes = [2, 3].map(() => tracer.startActiveSpan('cause', (span) => (span.end(), currentTraceparent())));
    const seen: (string | undefined)[] = [];
    const probe = await fixture.probe({
      before: () => {
        seen.push(currentTraceparent());
        if (seen.length === 1) throw new Error('cannot be');
      },
    });
    await fixture.publish(causes.map((cause, at) => withTrace(answered(2 + at), cause)));
    const span = await until(() => spanOf(spanIdOf(seen[0])));
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.links.map(({ context }) => context.spanId).sort()).toEqual(causes.map(spanIdOf).sort());
    expect(probe.batches.flat()).toEqual([2, 3]);
    const publishing = ended.find(({ name, links }) => name.startsWith('publish ') && links.length === 2);
    expect(publishing?.links.map(({ context }) => context.spanId).sort()).toEqual(causes.map(spanIdOf).sort());
    expect(publishing?.parentSpanContext).toBeUndefined();
  });

  it('has the publishing of an event in it, which fails where the stream does not take it', async () => {
    const cause = tracer.startActiveSpan('cause', (span) => (span.end(), currentTraceparent()));
    const publishingOf = () => ended.filter(({ name, parentSpanContext }) => name.startsWith('publish ') && parentSpanContext?.spanId === spanIdOf(cause));
    await fixture.publish([withTrace(answered(5), cause)]);
    const elsewhere = new JetStreamPublisher(fixture.bus, streamSpecOf(fixture.root, 'nobody'));
    const attempt = elsewhere.publish(fixture.subject, encodeEvent(withTrace(answered(6), cause)), 'm-6', 1);
    await expect(attempt).rejects.toThrow('expected stream');
    expect(publishingOf().map(({ status }) => status.code)).toEqual([SpanStatusCode.UNSET, SpanStatusCode.ERROR]);
  });
});
