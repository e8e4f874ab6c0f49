import type { PlanRef } from '../domain/tables.ts';
import type { PriceDocument, StatedPlan } from './document.schema.ts';

/** The plan as the engine knows it: one that is put together of others is a voip_plan, one with rates of its own a tariff. */
export function planRefOf({ plans }: PriceDocument, name: string): PlanRef | undefined {
  const at = plans.findIndex((plan) => plan.name === name);
  const plan = plans[at];
  return plan === undefined ? undefined : { kind: isVoipPlan(plan) ? 'voip_plan' : 'tariff', id: at + 1 };
}

/** Whether a plan is put together of others. */
export function isVoipPlan({ retailPlans, carriers }: StatedPlan): boolean {
  return retailPlans !== undefined || carriers !== undefined;
}
