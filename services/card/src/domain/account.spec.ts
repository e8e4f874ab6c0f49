import { describe, it, expect } from '@jest/globals';
import { given, instant } from '@tollwire/testing';
import { account } from './account.ts';
import type { AccountTerms } from './account.ts';

const at = instant('2024-01-01T00:00:00Z');
const later = instant('2024-02-01T00:00:00Z');
const terms: AccountTerms = {
  customerId: 'acme', accountCodes: ['a1', 'a2'], voipPlanId: 1, currency: 'EUR', postpaid: true, creditLimitNanos: 10n, companyName: 'Acme',
};

describe('an account', () => {
  it('is opened once, and again on the same terms changes nothing', () => {
    given(account, []).when({ type: 'Open', terms, at }).then([{ type: 'AccountOpened', terms, at }]);
    given(account, [{ type: 'AccountOpened', terms, at }]).when({ type: 'Open', terms, at: later }).then([]);
  });

  it.each<[string, Partial<AccountTerms>]>([
    ['other codes', { accountCodes: ['a1'] }],
    ['another plan', { voipPlanId: 2 }],
    ['another currency', { currency: 'USD' }],
    ['another limit', { creditLimitNanos: 11n }],
    ['another way to pay', { postpaid: false, creditLimitNanos: 0n }],
    ['another name', { companyName: 'Emca' }],
  ])('is refused when opened again with %s', (_what, other) => {
    given(account, [{ type: 'AccountOpened', terms, at }]).when({ type: 'Open', terms: { ...terms, ...other }, at }).then({ code: 'account_exists' });
  });

  it.each<[string, string, Partial<AccountTerms>]>([
    ['no account code', 'accountCodes', { accountCodes: [] }],
    ['one code twice', 'accountCodes', { accountCodes: ['a1', 'a1'] }],
    ['too many codes', 'accountCodes', { accountCodes: Array.from({ length: 101 }, (_, code) => String(code)) }],
    ['a limit below zero', 'creditLimit', { creditLimitNanos: -1n }],
    ['a limit on prepaid', 'creditLimit', { postpaid: false }],
  ])('is refused with %s', (_what, field, wrong) => {
    const decision = account.decide({ type: 'Open', terms: { ...terms, ...wrong }, at }, account.initial);
    expect(decision).toMatchObject({ accepted: false, refusal: { field } });
  });
});

describe('an account that is open', () => {
  const opened = { type: 'AccountOpened', terms, at } as const;
  const limited = { type: 'DiallingLimited', customerId: 'acme', dialerSettingId: 7, at } as const;
  const suspended = { type: 'AccountSuspended', customerId: 'acme', reason: 'unpaid', at } as const;

  it('is put under limits, suspended and resumed, each once', () => {
    given(account, [opened]).when({ type: 'Limit', dialerSettingId: 7, at }).then([limited]);
    given(account, [opened, limited]).when({ type: 'Limit', dialerSettingId: 7, at }).then([]);
    given(account, [opened, limited]).when({ type: 'Limit', dialerSettingId: null, at }).then([{ ...limited, dialerSettingId: null }]);
    given(account, [opened]).when({ type: 'Suspend', reason: 'unpaid', at }).then([suspended]);
    given(account, [opened, suspended]).when({ type: 'Suspend', reason: 'again', at }).then([]);
    given(account, [opened, suspended]).when({ type: 'Resume', at }).then([{ type: 'AccountResumed', customerId: 'acme', at }]);
    given(account, [opened]).when({ type: 'Resume', at }).then([]);
  });

  it('may use certain gateways, all or those of groups, each time it is said anew', () => {
    const allowed = { type: 'GatewaysAllowed', customerId: 'acme', gatewayIds: [7], gatewayGroupIds: [1, 2], at } as const;
    const allow = { type: 'AllowGateways', gatewayIds: [7], gatewayGroupIds: [2, 1], at } as const;
    given(account, [opened]).when({ ...allow, gatewayIds: [], gatewayGroupIds: [] }).then([]);
    given(account, [opened]).when({ ...allow, gatewayGroupIds: [1, 2] }).then([allowed]);
    given(account, [opened, allowed]).when(allow).then([]);
    given(account, [opened, allowed]).when({ ...allow, gatewayGroupIds: [] }).then([{ ...allowed, gatewayGroupIds: [] }]);
  });

  it('must be opened first', () => {
    given(account, []).when({ type: 'Suspend', reason: 'unpaid', at }).then({ code: 'unknown_account' });
  });
});
