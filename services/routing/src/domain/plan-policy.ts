import { accept, type Decider, type Decision, type InstantUs } from '@tollwire/core';
import type { RoutingPolicy } from './routing-policy.ts';
import { sameContent } from './same-content.ts';

/** A policy as it is kept: lists instead of maps. */
export type PolicyTerms = Omit<RoutingPolicy, 'metrics' | 'weights'> & {
  readonly metrics: readonly { readonly carrierPlanId: number; readonly metric: number }[];
  readonly weights: readonly { readonly carrierCode: string; readonly weight: number }[];
};

export interface PlanPolicyCommand {
  readonly type: 'SetPolicy';
  /** `tariff:3`, `voip_plan:7`. */
  readonly planKey: string;
  readonly policy: PolicyTerms;
  readonly by: string;
  readonly at: InstantUs;
}

export interface PlanPolicyEvent {
  readonly type: 'RoutingPolicySet';
  readonly planKey: string;
  readonly policy: PolicyTerms;
  readonly by: string;
  readonly at: InstantUs;
}

/** Undefined: nobody has said anything, so the plan goes by least cost. */
export interface PlanPolicyState {
  readonly policy: PolicyTerms | undefined;
}

/** How the calls of a plan are routed, as one stream: set as a whole, the last one counts; the same again is no event. */
export const planPolicy: Decider<PlanPolicyState, PlanPolicyCommand, PlanPolicyEvent, never> = {
  name: 'planPolicy',
  initial: { policy: undefined },
  decide({ planKey, policy, by, at }, state): Decision<PlanPolicyEvent, never> {
    if (state.policy !== undefined && sameContent(state.policy, policy)) return accept();
    return accept<PlanPolicyEvent>({ type: 'RoutingPolicySet', planKey, policy, by, at });
  },
  evolve: (_state, { policy }) => ({ policy }),
};

/** The policy as the decision reads it. */
export function policyOf({ metrics, weights, ...terms }: PolicyTerms): RoutingPolicy {
  return {
    ...terms,
    metrics: new Map(metrics.map(({ carrierPlanId, metric }) => [carrierPlanId, metric])),
    weights: new Map(weights.map(({ carrierCode, weight }) => [carrierCode, weight])),
  };
}
