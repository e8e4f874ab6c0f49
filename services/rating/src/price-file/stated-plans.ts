import type { PlanRef, RatedDeck } from '../domain/tables.ts';
import type { PriceDocument, StatedPlan } from './document.schema.ts';

/** The plan as the engine knows it: one that is put together of others is a voip_plan, one with rates of its own a tariff. */
export function planRefOf({ plans }: PriceDocument, name: string): PlanRef | undefined {
  const at = plans.findIndex((plan) => plan.name === name);
  const plan = plans[at];
  return plan === undefined ? undefined : { kind: isVoipPlan(plan) ? 'voip_plan' : 'tariff', id: at + 1 };
}

/** The number of the retail plan that a voip_plan's own rates make: it sells by nothing but retail plans. */
export function ownRetailId({ retailPlans }: Pick<PriceDocument, 'retailPlans'>, planAt: number): number {
  return retailPlans.length + planAt + 1;
}

/** The name of the plan whose rates a deck holds: of a retail plan, or of the plan itself. */
export function ratePlanOf({ plans, retailPlans }: PriceDocument, { kind, ownerId }: Pick<RatedDeck, 'kind' | 'ownerId'>): string {
  const named = kind === 'retail' ? [...retailPlans, ...plans] : plans;
  return named[ownerId - 1]?.name ?? '';
}

/** Whether a plan is put together of others. */
export function isVoipPlan({ retailPlans, carriers }: StatedPlan): boolean {
  return retailPlans !== undefined || carriers !== undefined;
}
