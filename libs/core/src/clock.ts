import { assert } from './assert.ts';
import type { Brand } from './brand.ts';

/** An instant in microseconds since 1970-01-01T00:00:00Z. Exact as a number until the year 2255. */
export type InstantUs = Brand<number, 'InstantUs'>;

/** Where time comes from; passed in, so that a test or a replay can hold it. */
export interface Clock {
  nowUs(): InstantUs;
}

/** The instant so many whole microseconds after 1970-01-01T00:00:00Z. Throws on anything that is not one. */
export function instantUs(us: number): InstantUs {
  assert(Number.isSafeInteger(us), `${us} is a whole number of microseconds`);
  return us as InstantUs;
}
