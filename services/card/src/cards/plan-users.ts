import type { CodedRefusal, SellPlanRef } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';

/** Enough to know what to look at. */
const USERS_MAX = 20;

/** Which card types sell by a tariff, or which customers by a voip_plan: the first 20. Refuses a question about no plan. */
export async function planUsers(sql: Sql, plan: SellPlanRef | undefined): Promise<Result<{ cardTypeIds: number[]; customerIds: string[] }, CodedRefusal>> {
  switch (plan?.plan.case) {
    case 'tariffId': {
      const rows = await sql.query<{ id: number }>('select cardtypeid as id from cardtype where tariffid = $1::bigint order by 1 limit $2', [plan.plan.value, USERS_MAX]);
      return ok({ cardTypeIds: rows.map(({ id }) => id), customerIds: [] });
    }
    case 'voipPlanId': {
      const rows = await sql.query<{ id: string }>('select customer_id as id from user_profile where voip_plan_id = $1::bigint order by 1 limit $2', [plan.plan.value, USERS_MAX]);
      return ok({ cardTypeIds: [], customerIds: rows.map(({ id }) => id) });
    }
    case undefined:
      return refuse({ code: 'field_missing', field: 'plan' });
  }
}
