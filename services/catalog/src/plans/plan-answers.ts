import type { CatalogService } from '@tollwire/contracts';
import type { Sql } from '@tollwire/event-store';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { Aggregates, CatalogDeps } from '../catalog.deps.ts';
import { byField, currencyField, distinctIds, nameField, prefixFields, termsFields, timeZoneField } from '../wire/fields.ts';
import { planRefusalOf } from '../wire/refusals.ts';
import { composeVoipPlan } from './compose-voip-plan.ts';
import { createNamed, planTables } from './create-plan.ts';
import { handleOneIn, underLinkLock } from './link-lock.ts';
import { metaOf } from '../wire/meta.ts';

type PlanMethods = 'createTariff' | 'createRetailPlan' | 'createCarrierPlan' | 'createBanPlan' | 'composeVoipPlan';

/** Answers what makes plans. */
export function planAnswers(deps: CatalogDeps, aggregates: Aggregates): Pick<ServiceImplementation<typeof CatalogService>, PlanMethods> {
  const { database, clock } = deps;
  return {
    async createTariff(request, context) {
      const [name, terms, by] = [nameField(request.name), termsFields(request), byField(request.by)];
      const zone = timeZoneField(request.timeZone);
      if (!name.ok) return name;
      if (!terms.ok) return terms;
      if (!zone.ok) return zone;
      if (!by.ok) return by;
      const create = (tariffId: number) => aggregates.tariffs.handle(String(tariffId), {
        type: 'CreateTariff', tariffId, name: name.value, ...terms.value, ...zone.value, by: by.value, at: clock.nowUs(),
      }, metaOf(context));
      return await createNamed(database, planTables.tariff, name.value, create, planRefusalOf);
    },

    async createRetailPlan(request, context) {
      const [name, currency, by] = [nameField(request.name), currencyField(request.currency), byField(request.by)];
      const zone = timeZoneField(request.timeZone);
      if (!name.ok) return name;
      if (!currency.ok) return currency;
      if (!zone.ok) return zone;
      if (!by.ok) return by;
      const carrierPlanIds = distinctIds(request.carrierPlanIds);
      const create = (retailPlanId: number) => underLinkLock(deps, async (tx) => handleOneIn(aggregates.retailPlans, tx, retailPlanId, {
        type: 'CreateRetailPlan', retailPlanId, name: name.value, currency: currency.value, ...zone.value, carrierPlanIds,
        unknownCarrierPlanIds: await unknownCarrierPlans(tx, carrierPlanIds), by: by.value, at: clock.nowUs(),
      }, metaOf(context)));
      return await createNamed(database, planTables.retailPlan, name.value, create, planRefusalOf);
    },

    async createCarrierPlan(request, context) {
      const [name, currency, by] = [nameField(request.name), currencyField(request.currency), byField(request.by)];
      const carrierCode = nameField(request.carrierCode, 'carrierCode');
      const zone = timeZoneField(request.timeZone);
      if (!name.ok) return name;
      if (!zone.ok) return zone;
      if (!currency.ok) return currency;
      if (!carrierCode.ok) return carrierCode;
      if (!by.ok) return by;
      const create = (carrierPlanId: number) => aggregates.carrierPlans.handle(String(carrierPlanId), {
        type: 'CreateCarrierPlan', carrierPlanId, name: name.value, currency: currency.value, ...zone.value, carrierCode: carrierCode.value,
        by: by.value, at: clock.nowUs(),
      }, metaOf(context));
      return await createNamed(database, planTables.carrierPlan, name.value, create, planRefusalOf);
    },

    async createBanPlan(request, context) {
      const [name, prefixes, by] = [nameField(request.name), prefixFields(request.prefixes), byField(request.by)];
      if (!name.ok) return name;
      if (!prefixes.ok) return prefixes;
      if (!by.ok) return by;
      const create = (banPlanId: number) => aggregates.banPlans.handle(String(banPlanId), {
        type: 'CreateBanPlan', banPlanId, name: name.value, prefixes: prefixes.value, by: by.value, at: clock.nowUs(),
      }, metaOf(context));
      return await createNamed(database, planTables.banPlan, name.value, create, planRefusalOf);
    },

    composeVoipPlan: (request, context) => composeVoipPlan(deps, aggregates, request, metaOf(context)),
  };
}

/** Those of these carrier plans that there are none of. */
async function unknownCarrierPlans(sql: Sql, ids: readonly number[]): Promise<number[]> {
  const known = await sql.query<{ id: number }>('select id from voip_carrier_plan where id = any($1::bigint[]) and deleted_at is null', [ids]);
  return ids.filter((id) => !known.some((plan) => plan.id === id));
}
