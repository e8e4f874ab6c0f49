import type { CodedRefusal } from '@tollwire/contracts';
import { ok, type Refusal, type Result } from '@tollwire/core';
import { present } from '@tollwire/core';
import { type Database, isUniqueViolation } from '@tollwire/event-store';

/** Where plans of a kind are listed, and where their ids come from. */
export interface PlanTable {
  readonly table: 'tariff' | 'voip_retail_plan' | 'voip_carrier_plan' | 'ban_plan' | 'voip_plan';
  readonly id: 'tariffid' | 'id';
  readonly name: 'tariffname' | 'name';
  readonly sequence: string;
}

export const planTables = {
  tariff: { table: 'tariff', id: 'tariffid', name: 'tariffname', sequence: 'tariff_id' },
  retailPlan: { table: 'voip_retail_plan', id: 'id', name: 'name', sequence: 'voip_retail_plan_id' },
  carrierPlan: { table: 'voip_carrier_plan', id: 'id', name: 'name', sequence: 'voip_carrier_plan_id' },
  banPlan: { table: 'ban_plan', id: 'id', name: 'name', sequence: 'ban_plan_id' },
  voipPlan: { table: 'voip_plan', id: 'id', name: 'name', sequence: 'voip_plan_id' },
} as const satisfies Record<string, PlanTable>;

/**
 * Makes a plan under a name. The id of the plan that has the name already is asked instead of a new one, so that the
 * same plan asked for twice is one plan. Two that race for a name: the second is decided again, upon the first.
 */
export async function createNamed<R extends Refusal>(
  database: Database,
  { table, id, name, sequence }: PlanTable,
  plan: string,
  handle: (id: number) => Promise<Result<unknown, R>>,
  refusalOf: (refusal: R) => CodedRefusal,
): Promise<Result<{ id: number }, CodedRefusal>> {
  for (let attempt = 1; ; attempt += 1) {
    const [row] = await database.query<{ id: number }>(
      `select coalesce((select ${id} from ${table} where ${name} = $1 and deleted_at is null), nextval('${sequence}')::int) as id`,
      [plan],
    );
    const planId = present(row, 'an id for a plan').id;
    try {
      const handled = await handle(planId);
      return handled.ok ? ok({ id: planId }) : { ok: false, refusal: refusalOf(handled.refusal) };
    } catch (error) {
      if (!isNameRace(error) || attempt === 2) throw error;
    }
  }
}

/** Another command took the name meanwhile. */
export const isNameRace = isUniqueViolation;
