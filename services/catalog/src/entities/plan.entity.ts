import { defineEntity, p } from '@mikro-orm/core';

const terms = {
  currency: p.text(),
  roundingDecimals: p.smallint().fieldName('rounding_decimals'),
  roundingMode: p.text().fieldName('rounding_mode'),
  charges: p.text().nullable(),
  windowsByStart: p.boolean().fieldName('windows_by_start'),
};

const timeZone = p.text().fieldName('time_zone');

const place = p.integer();

/** The documented table of tariffs: what cards pay. */
export const Tariff = defineEntity({
  name: 'Tariff',
  tableName: 'tariff',
  properties: { tariffid: p.integer().primary(), tariffname: p.text().unique(), ...terms, timeZone },
});

export const VoipPlan = defineEntity({
  name: 'VoipPlan',
  tableName: 'voip_plan',
  properties: { id: p.integer().primary(), name: p.text().unique(), ...terms, revision: p.integer() },
});

export const VoipRetailPlan = defineEntity({
  name: 'VoipRetailPlan',
  tableName: 'voip_retail_plan',
  properties: { id: p.integer().primary(), name: p.text().unique(), currency: p.text(), timeZone },
});

export const VoipCarrierPlan = defineEntity({
  name: 'VoipCarrierPlan',
  tableName: 'voip_carrier_plan',
  properties: { id: p.integer().primary(), name: p.text().unique(), currency: p.text(), carrierCode: p.text().fieldName('carrier_code'), timeZone },
});

export const BanPlan = defineEntity({
  name: 'BanPlan',
  tableName: 'ban_plan',
  properties: { id: p.integer().primary(), name: p.text().unique() },
});

export const BanPrefix = defineEntity({
  name: 'BanPrefix',
  tableName: 'ban_prefix',
  properties: { banPlanId: p.integer().fieldName('ban_plan_id').primary(), prefix: p.text().primary(), place },
});

export const VoipPlanBanPlan = defineEntity({
  name: 'VoipPlanBanPlan',
  tableName: 'voip_plan_ban_plan',
  properties: { voipPlanId: p.integer().fieldName('voip_plan_id').primary(), banPlanId: p.integer().fieldName('ban_plan_id').primary(), place },
});

export const VoipPlanVoipRetailPlan = defineEntity({
  name: 'VoipPlanVoipRetailPlan',
  tableName: 'voip_plan_voip_retail_plan',
  properties: {
    voipPlanId: p.integer().fieldName('voip_plan_id').primary(),
    voipRetailPlanId: p.integer().fieldName('voip_retail_plan_id').primary(),
    place,
  },
});

export const VoipPlanVoipCarrierPlan = defineEntity({
  name: 'VoipPlanVoipCarrierPlan',
  tableName: 'voip_plan_voip_carrier_plan',
  properties: {
    voipPlanId: p.integer().fieldName('voip_plan_id').primary(),
    voipCarrierPlanId: p.integer().fieldName('voip_carrier_plan_id').primary(),
    place,
  },
});

/** The carrier plans that calls of a retail plan are bought from, in whatever voip_plan it is. */
export const VoipRetailPlanVoipCarrierPlan = defineEntity({
  name: 'VoipRetailPlanVoipCarrierPlan',
  tableName: 'voip_retail_plan_voip_carrier_plan',
  properties: {
    voipRetailPlanId: p.integer().fieldName('voip_retail_plan_id').primary(),
    voipCarrierPlanId: p.integer().fieldName('voip_carrier_plan_id').primary(),
    place,
  },
});
