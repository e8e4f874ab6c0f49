export { systemClock } from './clock.ts';
export { commonConfig, type CommonConfig, ConfigurationError, readConfig, wholeNumber } from './config.ts';
export * from './flow.ts';
export { createLogger, type Logger } from './logger.ts';
export { latencyHistogram, metricNames } from './metrics.ts';
export { migrate, openOrm, type Schema } from './orm.ts';
export type { Resources } from './resources.ts';
export { startService } from './start.ts';
export { storedIn, type Store, type Stored, type StoredAggregate } from './stored.ts';
