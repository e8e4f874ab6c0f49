import { defineEntity, p } from '@mikro-orm/core';

/** The documented profile of a customer, with the terms of the account. */
export const UserProfile = defineEntity({
  name: 'UserProfile',
  tableName: 'user_profile',
  properties: {
    customerId: p.text().primary().fieldName('customer_id'),
    userId: p.integer().fieldName('user_id').nullable(),
    accountcode: p.text(),
    address: p.text(),
    city: p.text(),
    state: p.text(),
    country: p.text(),
    zipCode: p.text().fieldName('zip_code'),
    phoneNo: p.text().fieldName('phone_no'),
    fax: p.text(),
    companyName: p.text().fieldName('company_name'),
    companyWebsite: p.text().fieldName('company_website'),
    language: p.text(),
    note: p.text(),
    dialersettingId: p.integer().fieldName('dialersetting_id').nullable(),
    voipPlanId: p.integer().fieldName('voip_plan_id'),
    currency: p.text(),
    postpaid: p.boolean(),
    creditLimit: p.bigint('bigint').fieldName('credit_limit'),
    openedAt: p.datetime().fieldName('opened_at'),
    suspended: p.datetime().nullable(),
  },
});

/** The account codes of customers: every one charges its customer's account. */
export const AccountCode = defineEntity({
  name: 'AccountCode',
  tableName: 'account_code',
  properties: { code: p.text().primary(), customerId: p.text().fieldName('customer_id') },
});

/** The documented dialling limits; null means without limit. */
export const DialerSetting = defineEntity({
  name: 'DialerSetting',
  tableName: 'dialer_setting',
  properties: {
    id: p.integer().primary().autoincrement(),
    name: p.text().unique(),
    concurrentCallsMax: p.integer().fieldName('concurrent_calls_max').nullable(),
    callsPerSecMax: p.integer().fieldName('calls_per_sec_max').nullable(),
    callSecMax: p.integer().fieldName('call_sec_max').nullable(),
    spendPerHourMax: p.bigint('bigint').fieldName('spend_per_hour_max').nullable(),
    spendPerDayMax: p.bigint('bigint').fieldName('spend_per_day_max').nullable(),
    creditToCallMin: p.bigint('bigint').fieldName('credit_to_call_min').nullable(),
    currency: p.text().nullable(),
    creditPolicy: p.text().fieldName('credit_policy'),
    sliceSec: p.integer().fieldName('slice_sec').nullable(),
    sliceAmount: p.bigint('bigint').fieldName('slice_amount').nullable(),
  },
});
