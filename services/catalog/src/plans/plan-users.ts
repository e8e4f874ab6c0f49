import type { CodedRefusal } from '@tollwire/contracts';
import { ok, type Result } from '@tollwire/core';
import type { CatalogDeps } from '../catalog.deps.ts';
import type { PlanKind } from './plan-kind.ts';

const usersHere: Readonly<Record<Exclude<PlanKind, 'tariff' | 'voip'>, string>> = {
  retail: `select 'voip_plan ' || voip_plan_id as "user" from voip_plan_voip_retail_plan where voip_retail_plan_id = $1 order by voip_plan_id limit 20`,
  carrier: `
    select "user" from (
      select 'voip_plan ' || voip_plan_id as "user", 0 as part, voip_plan_id as id from voip_plan_voip_carrier_plan where voip_carrier_plan_id = $1
      union all
      select 'retail_plan ' || voip_retail_plan_id, 1, voip_retail_plan_id from voip_retail_plan_voip_carrier_plan where voip_carrier_plan_id = $1
    ) users order by part, id limit 20`,
  ban: `select 'voip_plan ' || voip_plan_id as "user" from voip_plan_ban_plan where ban_plan_id = $1 order by voip_plan_id limit 20`,
};

/**
 * What uses a plan, the first 20: plans here, card types and customers of the card service, which is asked. Refused where
 * card does not answer: a plan is not deleted on a guess.
 */
export async function usersOf({ database, card }: Pick<CatalogDeps, 'database' | 'card'>, kind: PlanKind, id: number): Promise<Result<readonly string[], CodedRefusal>> {
  if (kind !== 'tariff' && kind !== 'voip') return ok((await database.query<{ user: string }>(usersHere[kind], [id])).map(({ user }) => user));
  const plan = kind === 'tariff' ? { case: 'tariffId' as const, value: id } : { case: 'voipPlanId' as const, value: id };
  const asked = await card.listPlanUsers({ plan: { plan } });
  if (!asked.ok) return asked;
  const { cardTypeIds, customerIds } = asked.value;
  return ok([...cardTypeIds.map((cardTypeId) => `card_type ${cardTypeId}`), ...customerIds.map((customerId) => `account ${customerId}`)]);
}
