import { unreachable } from '@tollwire/core';
import type { InstantUs } from '@tollwire/core';
import type { Projection } from '@tollwire/event-store';
import { streamPrefixes } from '../cards/card-projections.ts';
import type { AccountEvent } from '../domain/account.ts';

/** A row of the documented `user_profile`, as far as the account tells it. */
export interface AccountRow {
  readonly customerId: string;
  readonly accountCode: string;
  readonly voipPlanId: number;
  readonly currency: string;
  readonly postpaid: boolean;
  readonly creditLimitNanos: bigint;
  readonly companyName: string;
  readonly openedAt: InstantUs;
  readonly dialerSettingId: number | null;
  readonly suspendedAt: InstantUs | null;
}

export const accountList: Projection<AccountRow, AccountEvent> = {
  name: 'account-list',
  table: 'user_profile',
  streamPrefix: streamPrefixes.account,
  columns: {
    customerId: 'customer_id text',
    accountCode: 'accountcode text',
    voipPlanId: 'voip_plan_id int',
    currency: 'currency text',
    postpaid: 'postpaid boolean',
    creditLimitNanos: 'credit_limit bigint',
    companyName: 'company_name text',
    openedAt: 'opened_at instant_us',
    dialerSettingId: 'dialersetting_id int',
    suspendedAt: 'suspended instant_us',
  },
  key: ['customerId'],
  keyOf: ({ event }) => [event.type === 'AccountOpened' ? event.terms.customerId : event.customerId],
  evolve(row, { event }) {
    if (event.type === 'AccountOpened') {
      return { ...event.terms, accountCode: event.terms.accountCodes[0] ?? '', openedAt: event.at, dialerSettingId: null, suspendedAt: null };
    }
    if (row === undefined) return undefined;
    switch (event.type) {
      case 'DiallingLimited':
        return { ...row, dialerSettingId: event.dialerSettingId };
      case 'GatewaysAllowed':
        return row;
      case 'AccountSuspended':
        return { ...row, suspendedAt: event.at };
      case 'AccountResumed':
        return { ...row, suspendedAt: null };
      default:
        return unreachable(event);
    }
  },
};
