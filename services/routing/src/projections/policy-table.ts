import type { ReadModel } from '@tollwire/event-store';
import type { PlanPolicyEvent } from '../domain/plan-policy.ts';

const keep = `
  insert into routing_policy (plan_key, terms, set_by, set_at) values ($1, $2::jsonb, $3, from_us($4))
  on conflict (plan_key) do update set terms = excluded.terms, set_by = excluded.set_by, set_at = excluded.set_at`;

/** The policy of every plan that has one. */
export const policyTable: ReadModel<PlanPolicyEvent> = {
  name: 'policy-table',
  table: 'routing_policy',
  streamPrefix: 'policy-',
  async apply(tx, recorded) {
    for (const { event: { planKey, policy, by, at } } of recorded) await tx.query(keep, [planKey, JSON.stringify(policy), by, at]);
  },
  async clear(tx) {
    await tx.query('lock table routing_policy in exclusive mode');
    await tx.query('delete from routing_policy');
  },
};

const note = `
  insert into routing_policy_history (plan_key, revision, terms, set_by, set_at) values ($1, $2, $3::jsonb, $4, from_us($5))`;

/** Everything that the policies of plans were. */
export const policyHistory: ReadModel<PlanPolicyEvent> = {
  name: 'policy-history',
  table: 'routing_policy_history',
  streamPrefix: 'policy-',
  async apply(tx, recorded) {
    for (const { version, event: { planKey, policy, by, at } } of recorded) await tx.query(note, [planKey, version, JSON.stringify(policy), by, at]);
  },
  async clear(tx) {
    await tx.query('lock table routing_policy_history in exclusive mode');
    await tx.query('delete from routing_policy_history');
  },
};
