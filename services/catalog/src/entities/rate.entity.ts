import { defineEntity, p } from '@mikro-orm/core';

/** What the rows of all rate tables have beside their plan and rate. */
const rate = {
  deckId: p.bigint('bigint').fieldName('deck_id'),
  prefix: p.text(),
  connectFee: p.decimal('string').fieldName('connect_fee'),
  initialIncrementSec: p.integer().fieldName('initial_increment_sec'),
  incrementSec: p.integer().fieldName('increment_sec'),
  validFrom: p.datetime().fieldName('valid_from').nullable(),
  validUntil: p.datetime().fieldName('valid_until').nullable(),
  blocked: p.boolean(),
  profile: p.json().nullable(),
};

/** The documented table of what tariffs charge, in cents per minute, exact. */
export const TariffRate = defineEntity({
  name: 'TariffRate',
  tableName: 'tariffrate',
  readonly: true,
  properties: {
    tariffrateid: p.bigint('bigint').primary().autoincrement(),
    tariffid: p.integer(),
    countryprefixid: p.integer().nullable(),
    rate: p.decimal('string'),
    ...rate,
  },
});

/** What retail plans charge, in units of the plan's currency per minute. */
export const VoipRetailRate = defineEntity({
  name: 'VoipRetailRate',
  tableName: 'voip_retail_rate',
  readonly: true,
  properties: {
    id: p.bigint('bigint').primary().autoincrement(),
    voipRetailPlanId: p.integer().fieldName('voip_retail_plan_id'),
    retailRate: p.decimal('string').fieldName('retail_rate'),
    ...rate,
  },
});

/** What carriers charge, in units of the plan's currency per minute. */
export const VoipCarrierRate = defineEntity({
  name: 'VoipCarrierRate',
  tableName: 'voip_carrier_rate',
  readonly: true,
  properties: {
    id: p.bigint('bigint').primary().autoincrement(),
    voipCarrierPlanId: p.integer().fieldName('voip_carrier_plan_id'),
    carrierRate: p.decimal('string').fieldName('carrier_rate'),
    ...rate,
  },
});
