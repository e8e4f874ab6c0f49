import type { InstantUs } from '@tollwire/core';
import type { Projection } from '@tollwire/event-store';
import { streamPrefixes } from '../cards/card-projections.ts';
import type { AccountEvent } from '../domain/account.ts';

/** A row of the documented `user_profile`, as far as an account is opened with it. */
export interface AccountRow {
  readonly customerId: string;
  readonly accountCode: string;
  readonly voipPlanId: number;
  readonly currency: string;
  readonly postpaid: boolean;
  readonly creditLimitNanos: bigint;
  readonly companyName: string;
  readonly openedAt: InstantUs;
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
  },
  key: ['customerId'],
  keyOf: ({ event }) => [event.terms.customerId],
  evolve: (_row, { event: { terms, at } }) => ({ ...terms, accountCode: terms.accountCodes[0] ?? '', openedAt: at }),
};
