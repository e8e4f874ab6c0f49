import type { Sql } from '@tollwire/event-store';
import type { PolicyTerms } from '../domain/plan-policy.ts';

/** A policy as its table has it. */
export interface KeptPolicy {
  readonly planKey: string;
  readonly terms: PolicyTerms;
  readonly setBy: string;
  readonly setAtUs: bigint;
}

/** Every policy that was set, by its plan. */
export async function loadPolicies(sql: Sql): Promise<KeptPolicy[]> {
  return await sql.query<KeptPolicy>(
    `select plan_key as "planKey", terms, set_by as "setBy", to_us(set_at) as "setAtUs" from routing_policy order by plan_key collate "C"`,
  );
}

/** Everything that policies were and are, by plan and the instant they were set. */
export async function loadPolicyHistory(sql: Sql): Promise<KeptPolicy[]> {
  return await sql.query<KeptPolicy>(
    `select plan_key as "planKey", terms, set_by as "setBy", to_us(set_at) as "setAtUs" from routing_policy_history order by plan_key collate "C", revision`,
  );
}
