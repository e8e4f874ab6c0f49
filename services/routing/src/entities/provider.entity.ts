import { defineEntity, p } from '@mikro-orm/core';

/** The documented table of carriers that calls can be sent to, with what their gateway needs. */
export const Provider = defineEntity({
  name: 'Provider',
  tableName: 'provider',
  properties: {
    providerid: p.integer().primary().autoincrement(),
    carriercode: p.text().unique(),
    providertech: p.text(),
    providerip: p.text(),
    providername: p.text(),
    stripDigits: p.integer().fieldName('strip_digits').default(0),
    addPrefix: p.text().fieldName('add_prefix').default(''),
    timeoutSec: p.integer().fieldName('timeout_sec'),
    portability: p.text().default(''),
    callerId: p.json().fieldName('caller_id').nullable(),
    priority: p.integer().default(0),
    active: p.boolean().default(true),
    limits: p.json().nullable(),
    locks: p.json().default('[]'),
    gateways: p.json().default('[]'),
    balanceNanos: p.bigint('bigint').fieldName('balance_nanos').nullable(),
    balanceCurrency: p.text().fieldName('balance_currency').nullable(),
    balanceSince: p.datetime().fieldName('balance_since').nullable(),
  },
});

/** The documented table of the destinations that a provider can reach. */
export const ProviderDestination = defineEntity({
  name: 'ProviderDestination',
  tableName: 'providerdestination',
  properties: {
    providerdestinationid: p.integer().primary().autoincrement(),
    countryprefixid: p.integer(),
    providerid: p.integer(),
  },
});

/** The documented table of a provider's direct rates, in cents per minute, with their half-open validity. */
export const ProviderRate = defineEntity({
  name: 'ProviderRate',
  tableName: 'providerrate',
  properties: {
    providerrateid: p.integer().primary().autoincrement(),
    providerid: p.integer(),
    countryprefixid: p.integer(),
    rate: p.decimal('string').precision(20).scale(9),
    prefix: p.text(),
    currency: p.text(),
    validFrom: p.datetime().fieldName('valid_from'),
    validUntil: p.datetime().fieldName('valid_until').nullable(),
  },
});

/** Groups of gateways, documented as server groups; the gateways themselves say which they are in. */
export const GatewayGroup = defineEntity({
  name: 'GatewayGroup',
  tableName: 'gateway_group',
  properties: { groupId: p.integer().primary().autoincrement().fieldName('group_id'), name: p.text().unique() },
});
