import type { LoggerService } from '@nestjs/common';
import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger };

/** Names of fields that must never reach a log, at the depths in which our objects hold them. */
const secretFields = ['cardId', 'card_id', 'pin', 'password', 'authorization', 'apiKey', 'cli', 'calledNumber'];

/**
 * A structured logger that masks what a log must not hold, and puts the trace under way on every line, so that a trace
 * and its lines are found from each other. Writes to standard output where no other place is given.
 */
export function createLogger(service: string, level: string, destination: DestinationStream = pino.destination(1)): Logger {
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[masked]' },
    mixin: traceUnderWay,
  };
  return pino(options, destination);
}

function traceUnderWay(): { trace_id?: string; span_id?: string } {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined || !isSpanContextValid(span) ? {} : { trace_id: span.traceId, span_id: span.spanId };
}

/** Lets Nest write through the service's logger, so that a process has one log in one form. */
export function nestLogger(logger: Logger): LoggerService {
  const at = (level: 'info' | 'warn' | 'error' | 'debug') => (message: unknown, ...rest: unknown[]) => {
    const context = rest.at(-1);
    logger[level]({ context: typeof context === 'string' ? context : undefined }, String(message));
  };
  return { log: at('debug'), warn: at('warn'), error: at('error'), debug: at('debug'), verbose: at('debug') };
}
