import { type InstantUs, instantUs } from '@tollwire/core';
import type { AbandonedFacts, InstantOrZero } from './call.ts';

/** After how long a call without an end is closed, in seconds after its start. */
export interface ClosingRules {
  /** A call that was not answered: nothing more was heard of it. */
  readonly silenceSecMax: number;
  /** A call that was answered: no call lasts longer. */
  readonly callSecMax: number;
}

/** No set-up takes ten minutes; two hours of talk, which card reserves at most, and ten minutes for set-up and delivery. */
export const defaultRules: ClosingRules = { silenceSecMax: 600, callSecMax: 7_800 };

/** A call that may still be going on, as far as rules look at it. */
export interface OpenCall {
  readonly startedAtUs: InstantUs;
  readonly answeredAtUs: InstantOrZero;
}

/**
 * How a rule closes a call without an end at `nowUs`; undefined while it may still go on. The instant is made of the
 * call's own times, so that whoever looks, and however often, finds the same.
 */
export function abandonedBy({ startedAtUs, answeredAtUs }: OpenCall, { silenceSecMax, callSecMax }: ClosingRules, nowUs: InstantUs): AbandonedFacts | undefined {
  const isAnswered = answeredAtUs !== 0;
  const dueAtUs = instantUs(startedAtUs + (isAnswered ? callSecMax : silenceSecMax) * 1_000_000);
  if (nowUs < dueAtUs) return undefined;
  return { reason: isAnswered ? 'max_duration' : 'silence', abandonedAtUs: dueAtUs };
}

/** How the restart of its switch at `restartedAtUs` closes a call; undefined where the call was set up after it. */
export function abandonedByRestart({ startedAtUs }: OpenCall, restartedAtUs: InstantUs): AbandonedFacts | undefined {
  return startedAtUs < restartedAtUs ? { reason: 'switch_restarted', abandonedAtUs: restartedAtUs } : undefined;
}
