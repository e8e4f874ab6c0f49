import { type InstantUs, instantUs } from '@tollwire/core';
import { type StatedCall, wasAnswered } from './document.schema.ts';
import { usOfWritten, type WrittenInstant } from './local-instant.ts';

/** When a call was set up, answered and over. */
export interface CallTimes {
  readonly startedAt: InstantUs;
  readonly answeredAt: InstantUs | undefined;
  /** Undefined: the call is asked for, not told of; how long it lasts follows from the credit. */
  readonly endedAt: InstantUs | undefined;
}

/** The times of a call by the clocks of its plan. Its parts of a second are kept to the microsecond. */
export function timesOf(call: StatedCall, timeZone: string): CallTimes {
  const us = (written: WrittenInstant): InstantUs => instantUs(usOfWritten(written, timeZone));
  const startedAt = us(call.start);
  if (!wasAnswered(call)) return { startedAt, answeredAt: undefined, endedAt: call.end === undefined ? startedAt : us(call.end) };
  const answeredAt = call.answer === undefined ? startedAt : us(call.answer);
  if (call.end !== undefined) return { startedAt, answeredAt, endedAt: us(call.end) };
  return { startedAt, answeredAt, endedAt: call.durationSec === undefined ? undefined : instantUs(answeredAt + Math.round(call.durationSec * 1_000_000)) };
}
