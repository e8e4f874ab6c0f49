import { describe, expect, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import { given } from '@tollwire/testing';
import { planPolicy, type PlanPolicyEvent, policyOf, type PolicyTerms } from './plan-policy.ts';
import { LEAST_COST } from './routing-policy.ts';

const terms: PolicyTerms = { ...LEAST_COST, metrics: [{ carrierPlanId: 2, metric: 5 }], weights: [{ carrierCode: 'A', weight: 3 }] };
const { weights, metrics, staticRoutes, marginNanosMin, marginPpmMin, lossAllowed, expectedSec, prefixMode } = terms;
const reordered: PolicyTerms = {
  weights, metrics, staticRoutes, marginNanosMin, marginPpmMin, lossAllowed, expectedSec, order: { deltaPpm: 0, deltaNanos: 0, by: 'least_cost' }, prefixMode,
};
const said = { planKey: 'tariff:1', by: 'ops', at: instantUs(5) } as const;
const wasSet = (policy: PolicyTerms): PlanPolicyEvent => ({ type: 'RoutingPolicySet', policy, ...said });

describe('the policy of a plan', () => {
  it('is set as a whole; the same again, its fields in whatever order, is nothing new', () => {
    given(planPolicy, []).when({ type: 'SetPolicy', policy: terms, ...said }).then([wasSet(terms)]);
    given(planPolicy, [wasSet(terms)]).when({ type: 'SetPolicy', policy: { ...terms, metrics: [] }, ...said }).then([wasSet({ ...terms, metrics: [] })]);
    given(planPolicy, [wasSet(terms)]).when({ type: 'SetPolicy', policy: reordered, ...said }).then([]);
    given(planPolicy, [wasSet(LEAST_COST_TERMS), wasSet(terms)]).when({ type: 'SetPolicy', policy: LEAST_COST_TERMS, ...said }).then([wasSet(LEAST_COST_TERMS)]);
  });

  it('reads as the decision wants it', () => {
    expect(policyOf(terms)).toEqual({ ...LEAST_COST, metrics: new Map([[2, 5]]), weights: new Map([['A', 3]]) });
  });
});

const LEAST_COST_TERMS: PolicyTerms = { ...LEAST_COST, metrics: [], weights: [] };
