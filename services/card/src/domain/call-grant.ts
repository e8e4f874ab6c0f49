import { attemptsPrice, durationSecMaxBeside, priceBeside } from '@tollwire/telecom';
import type { Allowance, Schedule } from '@tollwire/telecom';

/** How the calls of an account share its credit. The first increment is always granted where the free credit pays for it. */
export type CreditShare =
  /** The first call takes what its longest length costs, the next what is left. */
  | { readonly policy: 'all_free_credit' }
  /** A stretch at a time, in seconds or by its price; the call is extended when it is used up. */
  | { readonly policy: 'fixed_slice'; readonly slice: { readonly sec: number } | { readonly nanos: bigint } }
  /** The free credit by the calls that may still begin. */
  | { readonly policy: 'equal_share'; readonly callsMax: number };

/** As it is where nobody sets anything. */
export const ALL_FREE_CREDIT: CreditShare = { policy: 'all_free_credit' };

/** A call that wants credit, at its beginning or later. */
export interface CallWant {
  /** All that the call's price follows from, as rating quoted it. */
  readonly schedule: Schedule;
  /** The free seconds that rating holds for the call. */
  readonly allowance: Allowance;
  /** Seconds of conversation so far. */
  readonly usedSec: number;
  /** What is reserved for it, and how long it may last by that. */
  readonly heldNanos: bigint;
  readonly heldSec: number;
  /** The longest that it may last in all, in seconds. */
  readonly callSecMax: number;
  /** What may be reserved beyond, by the credit; below zero in debt. */
  readonly freeNanos: bigint;
  readonly share: CreditShare;
  /** Calls of the account that are open beside this one. */
  readonly otherCalls: number;
}

/** What a call gets. */
export interface CallGrant {
  /** How long it may last in all; 0 for one that cannot begin. */
  readonly durationSec: number;
  /** What is reserved for all of it: exactly what that length costs, or what an attempt costs that fails. */
  readonly amountNanos: bigint;
  /** Whether nothing beyond was to be had. */
  readonly final: boolean;
}

/** What a call of so many seconds costs at most: nothing below the fee of an attempt that fails. */
export function callPrice({ schedule, allowance }: Pick<CallWant, 'schedule' | 'allowance'>, durationSec: number): bigint {
  const attempt: bigint = attemptsPrice(schedule, 1);
  const price: bigint = priceBeside(schedule, durationSec, allowance).amount;
  return attempt > price ? attempt : price;
}

/**
 * How long a call may last, and what that takes. Never less than it has; never more than the free credit pays for beside it,
 * whatever the policy: calls of an account share what there is.
 */
export function grantOf(want: CallWant): CallGrant {
  const pool = want.heldNanos + want.freeNanos;
  const whole = longestFor(want, pool, want.callSecMax);
  const shared = smaller(whole, sharedSec(want, pool));
  const stretch = shared > want.usedSec ? shared : smaller(whole, nextIncrementSec(want, pool));
  const durationSec = Math.max(want.heldSec, stretch);
  if (durationSec === 0) return { durationSec: 0, amountNanos: 0n, final: true };
  // What it has is paid for, even where rates have changed since.
  const price = durationSec === want.heldSec ? want.heldNanos : callPrice(want, durationSec);
  return { durationSec, amountNanos: price > want.heldNanos ? price : want.heldNanos, final: durationSec >= whole };
}

/** As long as the policy allows now; may be no longer than the call has lasted. */
function sharedSec(want: CallWant, pool: bigint): number {
  const { share, usedSec, heldNanos, freeNanos, otherCalls, callSecMax } = want;
  switch (share.policy) {
    case 'fixed_slice':
      if ('sec' in share.slice) return longestFor(want, pool, smaller(callSecMax, usedSec + share.slice.sec));
      return longestFor(want, (usedSec === 0 ? 0n : callPrice(want, usedSec)) + share.slice.nanos, callSecMax);
    case 'equal_share': {
      const slots = Math.max(1, share.callsMax - otherCalls);
      return freeNanos < 0n ? 0 : longestFor(want, heldNanos + freeNanos / BigInt(slots), callSecMax);
    }
    case 'all_free_credit':
    default:
      return callSecMax;
  }
}

/** The end of the increment that begins where the call is: the least that lets it go on. */
function nextIncrementSec(want: CallWant, pool: bigint): number {
  const price = callPrice(want, want.usedSec + 1);
  return price > pool ? 0 : longestFor(want, price, smaller(want.callSecMax, want.usedSec + incrementSecMax));
}

/** No rate counts in larger steps; what is free for ever would be granted for ever otherwise. */
const incrementSecMax = 3_600;

function longestFor({ schedule, allowance }: CallWant, nanos: bigint, capSec: number): number {
  return attemptsPrice(schedule, 1) > nanos ? 0 : durationSecMaxBeside(schedule, nanos, capSec, allowance);
}

function smaller(a: number, b: number): number {
  return a < b ? a : b;
}
