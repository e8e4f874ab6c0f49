import { describe, expect, it } from '@jest/globals';
import { headers } from '@nats-io/transport-node';
import { ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { table } from '@tollwire/testing';
import { contextOfHeaders, currentTraceparent, linksMax, linksUnderWay, sharedContext, spanContextOf, traceHeaders } from './trace.ts';

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

describe('work for several at once', () => {
  const traceIdOf = (name: string) => name.repeat(32);
  /** Contexts by their traces, a letter each: a capital is sampled, `-` has none. */
  const contextsOf = (traces: string) => Array.from(traces, (name) => {
    if (name === '-') return ROOT_CONTEXT;
    const [traceId, traceFlags] = [traceIdOf(name.toLowerCase()), name === name.toUpperCase() ? TraceFlags.SAMPLED : TraceFlags.NONE];
    return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: traceId.slice(16), traceFlags });
  });
  const told = (traceId: string | undefined) => traceId?.[0] ?? '';

  it.each(table<'for_whom' | 'trace' | 'links'>(`
    for_whom  trace  links
    a         a      -
    A         A      -
    ab        a      -
    -a        -      -
    aB        B      -
    ABC       A      BC
    cABaB     A      B
    AAA       A      -
  `))('for $for_whom goes on in the trace $trace, with links to $links', ({ for_whom: traces, trace: expected, links }) => {
    const shared = sharedContext(contextsOf(traces));
    const linked = linksUnderWay(shared).map(({ context: { traceId } }) => told(traceId)).join('').toUpperCase();
    expect([told(trace.getSpanContext(shared)?.traceId), linked]).toEqual([expected.toLowerCase(), links]);
  });

  it('has only as many links as say something', () => {
    expect(linksUnderWay(sharedContext(Array.from({ length: 100 }, (_, at) => {
      const spanId = String(at + 1).padStart(16, '0');
      return trace.setSpanContext(ROOT_CONTEXT, { traceId: traceIdOf('a'), spanId, traceFlags: TraceFlags.SAMPLED });
    })))).toHaveLength(linksMax);
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
