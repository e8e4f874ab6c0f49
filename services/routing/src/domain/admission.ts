import type { E164 } from '@tollwire/telecom';
import type { RoutingPlan } from './routing-plan.ts';
import type { ListedPrefix, Screening } from './screening.ts';

/** A call before any carrier is looked at. */
export interface CallToAdmit {
  /** The called number; a number portability result does not lead past bans and lists. */
  readonly called: E164;
  readonly atUs: number;
  readonly plan: RoutingPlan;
  readonly screening: Pick<Screening, 'screen'> | undefined;
}

export type AdmissionRefusal =
  | { readonly code: 'plan_not_in_force' }
  | { readonly code: 'destination_banned'; readonly prefix: string; readonly banPlanId: number }
  | { readonly code: 'number_blacklisted'; readonly entry: ListedPrefix };

/** A list that says something of the number without stopping the call. */
export interface Notice {
  readonly list: 'whitelist' | 'blacklist';
  readonly entry: ListedPrefix;
}

export type Admission = { readonly admitted: true; readonly notice: Notice | undefined } | { readonly admitted: false; readonly refusal: AdmissionRefusal };

/**
 * Whether a call may be looked at further: the plan is in force, then no ban prefix fits, then the lists, the whitelist first.
 * A number that is on the whitelist is not on the blacklist, but may be banned.
 */
export function admit({ called, atUs, plan, screening }: CallToAdmit): Admission {
  if (!plan.isInForceAt(atUs)) return refused({ code: 'plan_not_in_force' });
  const ban = plan.banOf(called);
  if (ban !== undefined) return refused({ code: 'destination_banned', ...ban });
  const screened = screening?.screen(called);
  if (screened === undefined || screened.list === 'none') return { admitted: true, notice: undefined };
  const { list, entry, stops } = screened;
  return stops ? refused({ code: 'number_blacklisted', entry }) : { admitted: true, notice: { list, entry } };
}

function refused(refusal: AdmissionRefusal): Admission {
  return { admitted: false, refusal };
}
