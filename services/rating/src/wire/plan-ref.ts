import type { MessageInitShape } from '@bufbuild/protobuf';
import type { SellPlanRef, SellPlanRefSchema } from '@tollwire/contracts';
import type { PlanRef } from '../domain/tables.ts';

/** The plan that a message names; undefined where it names none. */
export function planOfRef(ref: SellPlanRef | undefined): PlanRef | undefined {
  const plan = ref?.plan;
  switch (plan?.case) {
    case 'tariffId':
      return plan.value === 0 ? undefined : { kind: 'tariff', id: plan.value };
    case 'voipPlanId':
      return plan.value === 0 ? undefined : { kind: 'voip_plan', id: plan.value };
    case undefined:
    default:
      return undefined;
  }
}

/** A plan as messages name it. */
export function refOfPlan({ kind, id }: PlanRef): MessageInitShape<typeof SellPlanRefSchema> {
  return { plan: kind === 'tariff' ? { case: 'tariffId', value: id } : { case: 'voipPlanId', value: id } };
}
