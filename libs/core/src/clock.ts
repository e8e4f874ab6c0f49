import type { Brand } from './brand.ts';

/** An instant in microseconds since 1970-01-01T00:00:00Z. Exact as a number until the year 2255. */
export type InstantUs = Brand<number, 'InstantUs'>;

/** Where time comes from; passed in, so that a test or a replay can hold it. */
export interface Clock {
  nowUs(): InstantUs;
}
