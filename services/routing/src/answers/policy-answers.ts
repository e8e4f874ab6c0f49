import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, ListRoutingPoliciesReplySchema, SetRoutingPolicyReplySchema, SetRoutingPolicyRequest } from '@tollwire/contracts';
import { assert, ok, refuse, type Result } from '@tollwire/core';
import type { EventMeta } from '@tollwire/event-store';
import { loadPolicies } from '../live/load-policies.ts';
import type { RoutingDeps } from '../routing.deps.ts';
import { planKeyOf, planOfKey, policyFields, policyMessage } from '../wire/policy-fields.ts';

/** Sets the policy of a plan as a whole. Answers when this instance routes by it; the others follow within their polling time. */
export async function setRoutingPolicy(
  deps: RoutingDeps, { plan, policy, by }: SetRoutingPolicyRequest, meta: EventMeta,
): Promise<Result<MessageInitShape<typeof SetRoutingPolicyReplySchema>, CodedRefusal>> {
  const planKey = planKeyOf(plan);
  if (planKey === undefined) return refuse({ code: 'field_missing', field: 'plan', detail: 'Say whose calls are routed so: a tariff or a VoIP plan' });
  if (policy === undefined) return refuse({ code: 'field_missing', field: 'policy', detail: 'Say how the calls are routed; an empty policy is least cost' });
  const terms = policyFields(policy);
  if (!terms.ok) return terms;
  const handled = await deps.policies.handle(planKey, { type: 'SetPolicy', planKey, policy: terms.value, by, at: deps.clock.nowUs() }, meta);
  assert(handled.ok, 'a policy that can be read is never refused');
  await deps.replica.refresh();
  return ok({ policy: policyMessage(terms.value) });
}

/** Every policy that was set, by its plan. */
export async function listRoutingPolicies({ database }: RoutingDeps): Promise<Result<MessageInitShape<typeof ListRoutingPoliciesReplySchema>, CodedRefusal>> {
  const kept = await loadPolicies(database);
  return ok({
    policies: kept.map(({ planKey, terms, setBy, setAtUs }) => ({ plan: planOfKey(planKey), policy: policyMessage(terms), setBy, setAtUs })),
  });
}
