import type { CatalogService, CodedRefusal, PlanKind as WireKind } from '@tollwire/contracts';
import { ok, refuse, type Result, unreachable } from '@tollwire/core';
import type { EventMeta, Sql } from '@tollwire/event-store';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { Aggregates, CatalogDeps } from '../catalog.deps.ts';
import type { LifeCommand } from '../domain/plan-life.ts';
import { byField, nameField } from '../wire/fields.ts';
import { metaOf } from '../wire/meta.ts';
import { planRefusalOf } from '../wire/refusals.ts';
import { isNameRace } from './create-plan.ts';
import { listPlans, PLANS_MAX } from './list-plans.ts';
import { type PlanKind, planKindOf, wirePlanKindOf } from './plan-kind.ts';
import { handleOneIn, underLinkLock } from './link-lock.ts';
import { type LinkedKind, linksTo, payersOf } from './plan-users.ts';

type LifeMethods = 'listPlans' | 'renamePlan' | 'deletePlan';

/** Answers what is about plans that are there. */
export function planLifeAnswers(deps: CatalogDeps, aggregates: Aggregates): Pick<ServiceImplementation<typeof CatalogService>, LifeMethods> {
  const { database, clock } = deps;
  return {
    async listPlans({ kind, afterId, id }) {
      const named = kindField(kind);
      if (!named.ok) return named;
      const plans = await listPlans(database, named.value, afterId, id);
      return ok({ plans, nextAfterId: plans.length < PLANS_MAX ? 0 : (plans.at(-1)?.id ?? 0) });
    },

    async renamePlan({ id, ...request }, context) {
      const [kind, name, by] = [kindField(request.kind), nameField(request.name), byField(request.by)];
      if (!kind.ok) return kind;
      if (!name.ok) return name;
      if (!by.ok) return by;
      const command = { type: 'RenamePlan', name: name.value, by: by.value, at: clock.nowUs() } as const;
      try {
        const handled = await handle(aggregates, kind.value, id, command, metaOf(context));
        return handled.ok ? ok({ kind: wirePlanKindOf(kind.value), id, name: name.value }) : handled;
      } catch (error) {
        if (!isNameRace(error)) throw error;
        return refuse({ code: 'name_taken', field: 'name', detail: 'Another plan has this name; choose one that is free.' });
      }
    },

    async deletePlan({ id, ...request }, context) {
      const [kind, by] = [kindField(request.kind), byField(request.by)];
      if (!kind.ok) return kind;
      if (!by.ok) return by;
      const handled = await deletion(deps, aggregates, kind.value, id, by.value, metaOf(context));
      return handled.ok ? ok({ kind: wirePlanKindOf(kind.value), id }) : handled;
    },
  };
}

/** Deletes a plan that nothing uses. What links to it here is looked for under the lock of links; who pays by it is known to card alone. */
async function deletion(deps: CatalogDeps, aggregates: Aggregates, kind: PlanKind, id: number, by: string, meta: EventMeta): Promise<Result<unknown, CodedRefusal>> {
  const commandFor = (users: readonly string[]) => ({ type: 'DeletePlan', users, by, at: deps.clock.nowUs() }) as const;
  if (kind === 'tariff' || kind === 'voip') {
    const payers = await payersOf(deps, kind, id);
    return payers.ok ? handle(aggregates, kind, id, commandFor(payers.value), meta) : payers;
  }
  return await underLinkLock(deps, async (tx) => {
    const command = commandFor(await linksTo(tx, kind, id));
    const handled = await linkedBy(aggregates, tx, kind, id, command, meta);
    return handled.ok ? handled : refuse(planRefusalOf(handled.refusal));
  });
}

function linkedBy(aggregates: Aggregates, tx: Sql, kind: LinkedKind, id: number, command: LifeCommand, meta: EventMeta) {
  switch (kind) {
    case 'retail':
      return handleOneIn(aggregates.retailPlans, tx, id, { ...command, retailPlanId: id }, meta);
    case 'carrier':
      return handleOneIn(aggregates.carrierPlans, tx, id, { ...command, carrierPlanId: id }, meta);
    case 'ban':
      return handleOneIn(aggregates.banPlans, tx, id, { ...command, banPlanId: id }, meta);
    default:
      return unreachable(kind);
  }
}

function kindField(kind: WireKind): Result<PlanKind, CodedRefusal> {
  const named = planKindOf(kind);
  return named === undefined ? refuse({ code: 'field_missing', field: 'kind', detail: 'Give kind as tariff, retail, carrier, ban or voip.' }) : ok(named);
}

/** Hands the command to the aggregate of the kind. */
async function handle(aggregates: Aggregates, kind: PlanKind, id: number, command: LifeCommand, meta: EventMeta): Promise<Result<unknown, CodedRefusal>> {
  const handled = await handledBy(aggregates, kind, id, command, meta);
  return handled.ok ? handled : refuse(planRefusalOf(handled.refusal));
}

function handledBy(aggregates: Aggregates, kind: PlanKind, id: number, command: LifeCommand, meta: EventMeta) {
  switch (kind) {
    case 'tariff':
      return aggregates.tariffs.handle(String(id), { ...command, tariffId: id }, meta);
    case 'retail':
      return aggregates.retailPlans.handle(String(id), { ...command, retailPlanId: id }, meta);
    case 'carrier':
      return aggregates.carrierPlans.handle(String(id), { ...command, carrierPlanId: id }, meta);
    case 'ban':
      return aggregates.banPlans.handle(String(id), { ...command, banPlanId: id }, meta);
    case 'voip':
      return aggregates.voipPlans.handle(String(id), { ...command, voipPlanId: id }, meta);
    default:
      return unreachable(kind);
  }
}
