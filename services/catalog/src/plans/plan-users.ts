import type { CodedRefusal } from '@tollwire/contracts';
import { ok, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { CatalogDeps } from '../catalog.deps.ts';
import type { PlanKind } from './plan-kind.ts';

/** Plans that other plans link to; the others are what somebody pays by. */
export type LinkedKind = Exclude<PlanKind, 'tariff' | 'voip'>;

const linksHere: Readonly<Record<LinkedKind, string>> = {
  retail: `select 'voip_plan ' || voip_plan_id as "user" from voip_plan_voip_retail_plan where voip_retail_plan_id = $1 order by voip_plan_id limit 20`,
  carrier: `
    select "user" from (
      select 'voip_plan ' || voip_plan_id as "user", 0 as part, voip_plan_id as id from voip_plan_voip_carrier_plan where voip_carrier_plan_id = $1
      union all
      select 'retail_plan ' || voip_retail_plan_id, 1, voip_retail_plan_id from voip_retail_plan_voip_carrier_plan where voip_carrier_plan_id = $1
    ) users order by part, id limit 20`,
  ban: `select 'voip_plan ' || voip_plan_id as "user" from voip_plan_ban_plan where ban_plan_id = $1 order by voip_plan_id limit 20`,
};

/** The plans here that link to a plan, the first 20. */
export async function linksTo(sql: Sql, kind: LinkedKind, id: number): Promise<readonly string[]> {
  return (await sql.query<{ user: string }>(linksHere[kind], [id])).map(({ user }) => user);
}

/** Card types and customers that pay by a plan. Refused where card does not answer: a plan is not deleted on a guess. */
export async function payersOf({ card }: Pick<CatalogDeps, 'card'>, kind: Exclude<PlanKind, LinkedKind>, id: number): Promise<Result<readonly string[], CodedRefusal>> {
  const plan = kind === 'tariff' ? { case: 'tariffId' as const, value: id } : { case: 'voipPlanId' as const, value: id };
  const asked = await card.listPlanUsers({ plan: { plan } });
  if (!asked.ok) return asked;
  const { cardTypeIds, customerIds } = asked.value;
  return ok([...cardTypeIds.map((cardTypeId) => `card_type ${cardTypeId}`), ...customerIds.map((customerId) => `account ${customerId}`)]);
}
