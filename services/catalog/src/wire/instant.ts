import type { InstantUs } from '@tollwire/core';

/** An instant of a message; exact as a number until the year 2255. */
export function instantUsOf(us: bigint): InstantUs {
  return Number(us) as InstantUs;
}
