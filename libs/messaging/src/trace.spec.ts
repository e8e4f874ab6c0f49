import { describe, expect, it } from '@jest/globals';
import { headers } from '@nats-io/transport-node';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { contextOfHeaders, currentTraceparent, spanContextOf, traceHeaders } from './trace.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('without telemetry', () => {
  it('nothing is traced, and nothing is sent for it', () => {
    expect(currentTraceparent()).toBeUndefined();
    expect(traceHeaders(ROOT_CONTEXT)).toBeUndefined();
    const found = headers();
    found.set('traceparent', traceparent);
    expect(currentTraceparent(contextOfHeaders(found))).toBeUndefined();
    expect(contextOfHeaders(undefined)).toBe(ROOT_CONTEXT);
  });
});

describe('a traceparent', () => {
  it('names a span', () => {
    expect(spanContextOf(traceparent)).toEqual({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
      isRemote: true,
    });
  });

  it.each(['', 'x', traceparent.toUpperCase(), traceparent.replace('b7ad6b7169203331', '0000000000000000'), `01${traceparent.slice(2)}`])(
    '%p names none',
    (text) => {
      expect(spanContextOf(text)).toBeUndefined();
    },
  );
});
