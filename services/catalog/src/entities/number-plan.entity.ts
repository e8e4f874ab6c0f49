import { defineEntity, p } from '@mikro-orm/core';

/** The documented table of countries. */
export const Country = defineEntity({
  name: 'Country',
  tableName: 'country',
  properties: {
    countrycode: p.text().primary(),
    countryname: p.text(),
  },
});

/** The documented table of prefixes; `subcode` is FIX, MOB, or empty where the plan does not tell. */
export const CountryPrefix = defineEntity({
  name: 'CountryPrefix',
  tableName: 'countryprefix',
  properties: {
    countryprefixid: p.integer().primary().autoincrement(),
    prefix: p.text().unique(),
    countrycode: p.text(),
    subcode: p.text(),
  },
});
