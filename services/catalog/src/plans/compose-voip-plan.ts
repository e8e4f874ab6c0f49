import type { CodedRefusal, ComposeVoipPlanRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { EventMeta, Sql } from '@tollwire/event-store';
import type { Aggregates, CatalogDeps } from '../catalog.deps.ts';
import type { KnownParts, RetailLink } from '../domain/voip-plan.ts';
import { byField, distinctIds, inForceFields, nameField, retailLinkFields, termsFields } from '../wire/fields.ts';
import { planRefusalOf } from '../wire/refusals.ts';
import { createNamed, isNameRace, planTables } from './create-plan.ts';
import { handleOneIn, underLinkLock } from './link-lock.ts';

/** Puts a voip_plan together, or gives one that exists another composition. */
export async function composeVoipPlan(
  deps: CatalogDeps,
  { voipPlans }: Aggregates,
  request: ComposeVoipPlanRequest,
  meta: EventMeta,
): Promise<Result<{ id: number }, CodedRefusal>> {
  const [name, terms, by] = [nameField(request.name), termsFields(request), byField(request.by)];
  if (!name.ok) return name;
  if (!terms.ok) return terms;
  if (!by.ok) return by;
  const [links, inForce] = [retailLinkFields(request), inForceFields(request, '')];
  if (!links.ok) return links;
  if (!inForce.ok) return inForce;
  const parts = {
    retailLinks: links.value,
    carrierPlanIds: distinctIds(request.carrierPlanIds),
    banPlanIds: distinctIds(request.banPlanIds),
  };
  const replaces = request.voipPlanId !== 0;
  const compose = (voipPlanId: number) => underLinkLock(deps, async (tx) => handleOneIn(voipPlans, tx, voipPlanId, {
    type: 'ComposeVoipPlan', replaces, voipPlanId, name: name.value, ...parts, ...terms.value, ...inForce.value,
    known: await knownParts(tx, parts), by: by.value, at: deps.clock.nowUs(),
  }, meta));
  if (!replaces) return await createNamed(deps.database, planTables.voipPlan, name.value, compose, planRefusalOf);
  try {
    const handled = await compose(request.voipPlanId);
    return handled.ok ? ok({ id: request.voipPlanId }) : refuse(planRefusalOf(handled.refusal));
  } catch (error) {
    if (!isNameRace(error)) throw error;
    return refuse({ code: 'name_taken', field: 'name', detail: 'Another plan has this name; choose one that is free.' });
  }
}

/** The parts that there are, of those that a composition names. */
async function knownParts(
  sql: Sql,
  { retailLinks, carrierPlanIds, banPlanIds }: { retailLinks: readonly RetailLink[]; carrierPlanIds: number[]; banPlanIds: number[] },
): Promise<KnownParts> {
  const retailPlanIds = retailLinks.map(({ retailPlanId }) => retailPlanId);
  const [retailPlans, carrierPlans, banPlans] = await Promise.all([
    sql.query<{ id: number; carrierPlanIds: number[] }>(
      `select id, array(select voip_carrier_plan_id from voip_retail_plan_voip_carrier_plan
        where voip_retail_plan_id = id order by place) as "carrierPlanIds"
       from voip_retail_plan where id = any($1::bigint[]) and deleted_at is null`,
      [retailPlanIds],
    ),
    sql.query<{ id: number }>('select id from voip_carrier_plan where id = any($1::bigint[]) and deleted_at is null', [carrierPlanIds]),
    sql.query<{ id: number; prefixes: string[] }>(
      `select id, array(select prefix from ban_prefix where ban_plan_id = id order by place) as prefixes
       from ban_plan where id = any($1::bigint[]) and deleted_at is null order by id`,
      [banPlanIds],
    ),
  ]);
  return { retailPlans, carrierPlanIds: carrierPlans.map(({ id }) => id), banPlans };
}
