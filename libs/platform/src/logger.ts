import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

export type { Logger };

/** Names of fields that must never reach a log, at the depths in which our objects hold them. */
const secretFields = ['cardId', 'card_id', 'pin', 'password', 'authorization', 'apiKey', 'cli', 'calledNumber'];

/** A structured logger on standard output that masks what a log must not hold. */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[masked]' },
  });
}

/** Lets Nest write through the service's logger, so that a process has one log in one form. */
export function nestLogger(logger: Logger): LoggerService {
  const at = (level: 'info' | 'warn' | 'error' | 'debug') => (message: unknown, ...rest: unknown[]) => {
    const context = rest.at(-1);
    logger[level]({ context: typeof context === 'string' ? context : undefined }, String(message));
  };
  return { log: at('debug'), warn: at('warn'), error: at('error'), debug: at('debug'), verbose: at('debug') };
}
