import { unreachable } from '@tollwire/core';
import type { InstantUs } from '@tollwire/core';
import { ALL_FREE_CREDIT } from './call-grant.ts';
import type { CreditShare } from './call-grant.ts';
import { availableNanos } from './credit.ts';
import type { Credit, CreditCommand, CreditEvent, Stretch } from './credit.ts';
import { amountSpent, callClosed, callOpened, NO_LIMITS, refusalByUse, spendableAt } from './usage.ts';
import type { DialLimits, LimitName, Usage } from './usage.ts';

/** What an account may do at a time, beside what its credit allows. */
export interface DialingRules {
  readonly limits: DialLimits;
  readonly share: CreditShare;
  readonly suspendedAt: InstantUs | null;
}

/** Where nothing is set: any number of calls at a time, each taking what its longest length costs. */
export const NO_RULES: DialingRules = { limits: NO_LIMITS, share: ALL_FREE_CREDIT, suspendedAt: null };

/** Why a call may not begin, whatever it costs. A card that is in use as often as it may be has a code of its own. */
export type DialingRefusal =
  | { readonly code: 'account_suspended'; readonly facts: { readonly sinceUs: string } }
  | { readonly code: 'insufficient_credit'; readonly facts: { readonly availableNanos: string; readonly creditToCallMinNanos: string } }
  | { readonly code: 'limit_reached' | 'card_in_use'; readonly facts: { readonly limit: LimitName; readonly max: string; readonly retryAtUs: string } };

/** Null where one more call may begin at `at`. */
export function refusalToBegin(
  rules: DialingRules, { usage, credit }: { readonly usage: Usage; readonly credit: Credit }, at: InstantUs, isCard: boolean,
): DialingRefusal | null {
  const refusal = refusalByRules(rules, usage, at, isCard);
  const [free, least] = [availableNanos(credit), rules.limits.creditToCallMinNanos];
  if (refusal !== null || least === null || free >= least) return refusal;
  return { code: 'insufficient_credit', facts: { availableNanos: String(free), creditToCallMinNanos: String(least) } };
}

/** Null where one more call may be up at `at`, whatever is free: one that begins, or one whose reservation had ended. */
export function refusalByRules({ limits, suspendedAt }: DialingRules, usage: Usage, at: InstantUs, isCard: boolean): DialingRefusal | null {
  if (suspendedAt !== null) return { code: 'account_suspended', facts: { sinceUs: String(suspendedAt) } };
  const reached = refusalByUse(usage, limits, at);
  if (reached === null || !isCard || reached.facts.limit !== 'concurrent_calls') return reached;
  return { code: 'card_in_use', facts: reached.facts };
}

/** The same for a call that is up: only the account may stop it. */
export function refusalToGoOn({ suspendedAt }: DialingRules): DialingRefusal | null {
  return suspendedAt === null ? null : { code: 'account_suspended', facts: { sinceUs: String(suspendedAt) } };
}

/** How far the rules let a call go, as `Reserve` and `Extend` take it. */
export function boundsOf(
  { limits, share }: DialingRules,
  account: { readonly usage: Usage; readonly credit: Credit; readonly otherCalls: number },
  policy: { readonly callSecMax: number; readonly graceSec: number },
  at: InstantUs,
): Omit<Stretch, 'schedule' | 'allowance'> {
  const { usage, credit, otherCalls } = account;
  return {
    callSecMax: Math.min(policy.callSecMax, limits.callSecMax ?? policy.callSecMax),
    graceSec: policy.graceSec,
    share,
    otherCalls,
    spendable: spendableAt(usage, limits, credit.reservedNanos, at),
    at,
  };
}

/** How an account is in use after what a command led to. */
export function usageAfter(usage: Usage, command: CreditCommand, event: CreditEvent): Usage {
  switch (event.type) {
    case 'CreditReserved':
      return command.type === 'Reserve' ? callOpened(usage, command.at) : usage;
    case 'CreditExtended':
      return command.type === 'Extend' && command.held === null ? { ...usage, openCalls: usage.openCalls + 1 } : usage;
    case 'ReservationReleased':
    case 'ReservationExpired':
      return callClosed(usage);
    case 'CallCharged': {
      if (command.type !== 'Settle') return usage;
      const left = command.openNanos === null ? usage : callClosed(usage);
      return amountSpent(left, event.postedNanos, command.at);
    }
    case 'CreditPosted':
    case 'CreditTaken':
      return usage;
    default:
      return unreachable(event);
  }
}
