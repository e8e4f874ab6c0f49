import { defineEntity, p } from '@mikro-orm/core';

/** The documented table of kinds of cards; `value` in whole cents of `currency`. */
export const CardType = defineEntity({
  name: 'CardType',
  tableName: 'cardtype',
  properties: {
    cardtypeid: p.integer().primary(),
    value: p.integer(),
    description: p.text(),
    active: p.boolean(),
    tariffid: p.integer(),
    lifetime: p.integer(),
    frequency: p.integer(),
    startpulse: p.integer(),
    incoming_leg: p.boolean(),
    currency: p.text(),
    expires_from: p.text(),
    expires: p.datetime().nullable(),
    activates_on_use: p.boolean(),
  },
});

/** The documented card, a view: its credit in whole cents is read from the ledger. Written through commands only. */
export const Card = defineEntity({
  name: 'Card',
  tableName: 'card',
  readonly: true,
  properties: {
    cardid: p.text().primary(),
    cidid: p.integer(),
    payed: p.boolean(),
    cardtypeid: p.integer(),
    resellerid: p.integer(),
    credit: p.bigint('bigint'),
    activated: p.boolean(),
    deactivated: p.datetime().nullable(),
    expires: p.datetime().nullable(),
    status: p.text(),
    sold: p.boolean(),
    batchId: p.text().fieldName('batch_id'),
    currency: p.text(),
    suspension: p.text().nullable(),
    firstUsed: p.datetime().fieldName('first_used').nullable(),
  },
});

/** The documented table of caller identifications; row 1 stands for "none". A caller calls with one card. */
export const Cid = defineEntity({
  name: 'Cid',
  tableName: 'cid',
  properties: {
    cidid: p.integer().primary().autoincrement(),
    cid: p.bigint('bigint').nullable(),
    resellerid: p.integer(),
    createtime: p.datetime(),
    cardid: p.text().nullable(),
  },
});

/** The documented table of resellers; row 1 is the own company. `userpass` is a scrypt hash. */
export const Reseller = defineEntity({
  name: 'Reseller',
  tableName: 'reseller',
  properties: {
    resellerid: p.integer().primary().autoincrement(),
    username: p.text().unique(),
    userpass: p.text().nullable().lazy(),
    registeredAt: p.datetime().fieldName('registered_at'),
  },
});

/** The documented table of orders: one row for each card. */
export const Order = defineEntity({
  name: 'Order',
  tableName: 'order',
  properties: { orderid: p.integer().primary().autoincrement(), cardid: p.text(), ordertime: p.datetime() },
});

/** The documented table of sales. */
export const Sale = defineEntity({
  name: 'Sale',
  tableName: 'sale',
  properties: { saleid: p.integer().primary().autoincrement(), cardid: p.text(), saletime: p.datetime() },
});
