import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { startNodeSdk } from '@opentelemetry/sdk-node';
import { createLogger, nestLogger } from './logger.ts';

/** A logger whose lines can be read, and the lines, parsed. */
function logged(level = 'info') {
  const lines: string[] = [];
  const logger = createLogger('card', level, { write: (line) => void lines.push(line) });
  return { logger, read: (): unknown[] => lines.map((line): unknown => JSON.parse(line)), text: () => lines.join('') };
}

describe('logger', () => {
  it('masks card ids, PINs, keys and numbers at every depth that our objects have', () => {
    const { logger, text } = logged();
    logger.info({ cardId: '0001', call: { cli: '4366', charged: { pin: '9', card_id: '7' } }, apiKey: 'k' }, 'refused');
    expect(text()).toContain('"msg":"refused"');
    for (const secret of ['0001', '4366', '"9"', '"7"', '"k"']) expect(text()).not.toContain(secret);
  });

  it('says who, when and how grave, and nothing below its level', () => {
    const { logger, read } = logged('warn');
    logger.info('news');
    logger.warn({ err: new Error('no route') }, 'trouble');
    expect(read()).toEqual([
      expect.objectContaining({ level: 'warn', service: 'card', msg: 'trouble', time: expect.stringMatching(/^20\d\d-.*Z$/) }),
    ]);
    expect(read()).toMatchObject([{ err: { message: 'no route' } }]);
  });

  it('takes Nest into the same log: its news as details, its trouble as trouble', () => {
    const { logger, read } = logged('debug');
    const nest = nestLogger(logger);
    nest.log('Mapped {/health/live, GET} route', 'RouterExplorer');
    nest.error('No provider', new Error('why').stack, 'Injector');
    expect(read()).toMatchObject([
      { level: 'debug', context: 'RouterExplorer', msg: 'Mapped {/health/live, GET} route' },
      { level: 'error', context: 'Injector', msg: 'No provider' },
    ]);
  });
});

describe('the trace on a log line', () => {
  const discarding = { onStart: () => undefined, onEnd: () => undefined, forceFlush: async () => undefined, shutdown: async () => undefined };
  let sdk: ReturnType<typeof startNodeSdk>;
  beforeAll(() => {
    sdk = startNodeSdk({ spanProcessors: [discarding], metricReaders: [], logRecordProcessors: [] });
  });
  afterAll(() => sdk.shutdown());

  it('is that of the span under way, over awaits, and none is made up outside of one', async () => {
    const { logger, read } = logged();
    const spanContext = await trace.getTracer('test').startActiveSpan('rate', async (span) => {
      await Promise.resolve();
      logger.info('inside');
      span.end();
      return span.spanContext();
    });
    logger.info('outside');
    const [inside, outside] = read();
    expect(inside).toMatchObject({ msg: 'inside', trace_id: spanContext.traceId, span_id: spanContext.spanId });
    expect(outside).not.toHaveProperty('trace_id');
  });
});
