import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, ListRoutingPoliciesReplySchema, SetRoutingPolicyReplySchema, SetRoutingPolicyRequest } from '@tollwire/contracts';
import { assert, ok, refuse, type Result } from '@tollwire/core';
import type { EventMeta } from '@tollwire/event-store';
import { type KeptPolicy, loadPolicies, loadPolicyHistory } from '../live/load-policies.ts';
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

/** The policy of every plan that has one, and what it was before. */
export async function listRoutingPolicies({ database }: RoutingDeps): Promise<Result<MessageInitShape<typeof ListRoutingPoliciesReplySchema>, CodedRefusal>> {
  const [kept, history] = await Promise.all([loadPolicies(database), loadPolicyHistory(database)]);
  const isLast = (at: number) => history[at + 1]?.planKey !== history[at]?.planKey;
  return ok({
    policies: kept.map(planPolicyOf),
    past: history.filter((_, at) => !isLast(at)).map(planPolicyOf),
  });
}

function planPolicyOf({ planKey, terms, setBy, setAtUs }: KeptPolicy) {
  return { plan: planOfKey(planKey), policy: policyMessage(terms), setBy, setAtUs };
}
