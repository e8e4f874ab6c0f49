import { defineEntity, p } from '@mikro-orm/core';

/** The documented table of calls. Written by set-based SQL (projections/call-table.ts), read here for ordinary queries. */
export const Call = defineEntity({
  name: 'Call',
  tableName: 'call',
  properties: {
    callid: p.bigint('bigint').primary().autoincrement(),
    countryprefixid: p.integer().nullable(),
    providerid: p.integer().nullable(),
    cardid: p.text().nullable(),
    tariffid: p.integer().nullable(),
    channel: p.text(),
    uniqueid: p.text(),
    starttime: p.datetime().generated('virtual'),
    stoptime: p.datetime().nullable().generated('virtual'),
    sessiontime: p.integer().nullable().generated('virtual'),
    pulsetime: p.integer().nullable(),
    callednumber: p.text(),
    startdelay: p.integer().nullable().generated('virtual'),
    stopdelay: p.integer(),
    terminatecause: p.text().nullable(),
    sessionbill: p.bigint('bigint').nullable().generated('virtual'),
    switchId: p.integer().fieldName('switch_id'),
    leg: p.smallint(),
    status: p.text(),
    accountCode: p.text().fieldName('account_code').nullable(),
    carrierCode: p.text().fieldName('carrier_code'),
    q850Cause: p.integer().fieldName('q850_cause').nullable(),
    sellNanos: p.bigint('bigint').fieldName('sell_nanos').nullable(),
    buyNanos: p.bigint('bigint').fieldName('buy_nanos').nullable(),
    currency: p.text().nullable(),
  },
});

/** The documented table of switches, registered when they are seen first. */
export const VoipSwitch = defineEntity({
  name: 'VoipSwitch',
  tableName: 'voip_switch',
  properties: {
    id: p.integer().primary().autoincrement(),
    name: p.text().unique(),
    ipaddress: p.text().nullable(),
    firstSeenAt: p.datetime().fieldName('first_seen_at'),
    zone: p.text(),
    skewUs: p.bigint().fieldName('skew_us'),
    setBy: p.text().fieldName('set_by'),
  },
});

/** The documented table of hangup causes: ITU-T Q.850 and the switches' own. */
export const HangupCause = defineEntity({
  name: 'HangupCause',
  tableName: 'hangup_cause',
  properties: {
    code: p.integer().primary(),
    enumeration: p.text().unique(),
    cause: p.text(),
    description: p.text().default(''),
  },
});
