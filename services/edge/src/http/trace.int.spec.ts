import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNodeSdk } from '@opentelemetry/sdk-node';
import { batchContentType, decodeMessage } from '@tollwire/contracts';
import { until } from '@tollwire/testing';
import { z } from 'zod';
import { type EdgeBed, edgeBed } from '../spec-bed.ts';

interface EndedSpan {
  readonly name: string;
  readonly parentSpanContext?: { readonly spanId: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  spanContext(): { readonly traceId: string; readonly spanId: string };
}

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const caller = '00f067aa0ba902b7';
const headers = { traceparent: `00-${traceId}-${caller}-01` };
const parties = { cardId: '0012345678901234', calledNumber: '+436641234567' };

describe('trace of a request', () => {
  const ended: EndedSpan[] = [];
  const collect = {
    onStart: () => undefined,
    onEnd: (span: EndedSpan) => void ended.push(span),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  let edge: EdgeBed;
  let sdk: ReturnType<typeof startNodeSdk>;
  beforeAll(async () => {
    sdk = startNodeSdk({ spanProcessors: [collect], metricReaders: [], logRecordProcessors: [] });
    edge = await edgeBed();
  });
  afterAll(async () => {
    await edge.close();
    await sdk.shutdown();
  });

  const spanNamed = (name: string) => until(() => ended.find((span) => span.name === name && span.spanContext().traceId === traceId));

  it('goes from the caller through the edge to card', async () => {
    edge.backstage.answers['authorize'] = () => ({ results: [{ result: { case: 'refusal', value: { code: 'card_expired' } } }] });
    await edge.call('POST', '/v1/calls/authorize', { switchId: 'sw', callId: 'c', ...parties }, { headers });
    const door = await spanNamed('POST /v1/calls/authorize');
    expect(door.parentSpanContext?.spanId).toBe(caller);
    expect(door.attributes).toMatchObject({ 'http.route': '/v1/calls/authorize', 'http.response.status_code': 200 });
    const ask = await until(() => ended.find((span) => span.name === 'tollwire.card.v1.CardService/Authorize' && span.parentSpanContext?.spanId === door.spanContext().spanId));
    expect(edge.backstage.asked.at(-1)?.traceparent).toContain(`00-${traceId}-`);
    expect(ask.spanContext().traceId).toBe(traceId);
  });

  it('stays with each of many calls that are authorized at once', async () => {
    edge.backstage.answers['authorize'] = (request) => ({
      results: z.object({ items: z.array(z.unknown()) }).parse(request).items.map(() => ({ result: { case: 'refusal', value: { code: 'card_expired' } } })),
    });
    edge.backstage.asked.length = 0;
    const traceIds = Array.from({ length: 20 }, (_, at) => String(at + 1).padStart(32, '0'));
    await Promise.all(traceIds.map((id) => edge.call('POST', '/v1/calls/authorize', { switchId: 'sw', callId: id, ...parties }, { headers: { traceparent: `00-${id}-${caller}-01` } })));
    const asked = z.array(z.object({ request: z.object({ items: z.array(z.object({ call: z.object({ callId: z.string() }), traceparent: z.string() })) }) })).parse(edge.backstage.asked);
    const told = asked.flatMap(({ request }) => request.items.map(({ call, traceparent }) => [call.callId, traceparent.split('-')[1]]));
    expect(told.sort()).toEqual(traceIds.map((id) => [id, id]));
  });

  it('stands on the call events that it leads to', async () => {
    const started = { type: 'CallStarted', switchId: 'sw', callId: 'c', ...parties, startedAt: '2026-03-14T11:00:00Z' };
    await edge.call('POST', '/v1/calls/events', { events: [started] }, { headers });
    const door = await spanNamed('POST /v1/calls/events');
    const [row] = await edge.database.query<{ payload: Buffer }>('SELECT payload FROM outbox', []);
    const events = decodeMessage(batchContentType, () => undefined, row?.payload ?? Buffer.alloc(0));
    expect(events).toMatchObject({ ok: true, value: [{ traceparent: `00-${traceId}-${door.spanContext().spanId}-01` }] });
  });

  it('says nothing of who pays or whom they call', async () => {
    await spanNamed('POST /v1/calls/authorize');
    const told = JSON.stringify(ended.map(({ name, attributes }) => ({ name, attributes })));
    expect(told).not.toContain(parties.cardId);
    expect(told).not.toContain('436641234567');
  });
});
