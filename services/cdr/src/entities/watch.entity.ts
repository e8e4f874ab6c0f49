import { defineEntity, p } from '@mikro-orm/core';

/** The documented table of alarms: what is measured over which period, and when it is worth a notice. */
export const Alarm = defineEntity({
  name: 'Alarm',
  tableName: 'alarm',
  properties: {
    id: p.integer().primary().autoincrement(),
    userId: p.integer().fieldName('user_id').nullable(),
    name: p.text(),
    period: p.text().default('day'),
    type: p.text().default('ALOC'),
    alertCondition: p.text().fieldName('alert_condition').default('less_than'),
    alertValue: p.decimal('string').precision(12).scale(3).fieldName('alert_value'),
    alertConditionAddOn: p.text().fieldName('alert_condition_add_on').default('same_day'),
    status: p.text().default('active'),
    emailToSendAlarm: p.text().fieldName('email_to_send_alarm').nullable(),
    createdDate: p.datetime().fieldName('created_date'),
    updatedDate: p.datetime().fieldName('updated_date'),
  },
});

/** The documented table of alarm reports: each run's measure beside the threshold that it was held against. */
export const AlarmReport = defineEntity({
  name: 'AlarmReport',
  tableName: 'alarm_report',
  properties: {
    id: p.bigint('bigint').primary().autoincrement(),
    alarm: () => p.manyToOne(Alarm).fieldName('alarm_id').deleteRule('cascade'),
    calculatedvalue: p.decimal('string').precision(24).scale(3).nullable(),
    threshold: p.decimal('string').precision(12).scale(3),
    status: p.text(),
    daterun: p.datetime(),
  },
});

/** The documented table of prefixes that are taken off a dialled number before it is looked up. */
export const AlertRemovePrefix = defineEntity({
  name: 'AlertRemovePrefix',
  tableName: 'alert_remove_prefix',
  properties: {
    id: p.integer().primary().autoincrement(),
    label: p.text(),
    prefix: p.text().unique(),
    createdDate: p.datetime().fieldName('created_date'),
    updatedDate: p.datetime().fieldName('updated_date'),
  },
});

/** The documented table of prefixes that an operator's calls may not reach. */
export const Blacklist = defineEntity({ name: 'Blacklist', tableName: 'blacklist', properties: { ...listed() } });

/** The documented table of prefixes that an operator's calls may reach. */
export const Whitelist = defineEntity({ name: 'Whitelist', tableName: 'whitelist', properties: { ...listed() } });

function listed() {
  return {
    id: p.integer().primary().autoincrement(),
    userId: p.integer().fieldName('user_id').nullable(),
    phonenumberPrefix: p.text().fieldName('phonenumber_prefix'),
    country: p.text().nullable(),
    createdDate: p.datetime().fieldName('created_date'),
  };
}
