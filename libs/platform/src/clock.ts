import { type Clock, instantUs } from '@tollwire/core';

/** The machine's clock, which knows milliseconds; it follows corrections of the wall clock, as records must. */
export const systemClock: Clock = { nowUs: () => instantUs(Date.now() * 1000) };
