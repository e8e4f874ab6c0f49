import { accept, reject, unreachable } from '@tollwire/core';
import type { Decider, Decision, InstantUs } from '@tollwire/core';

/** A customer's account as it is opened. */
export interface AccountTerms {
  readonly customerId: string;
  /** The first is the documented `accountcode`; all of them charge this account. */
  readonly accountCodes: readonly string[];
  readonly voipPlanId: number;
  readonly currency: string;
  readonly postpaid: boolean;
  /** How far below zero the credit of a postpaid account may go. */
  readonly creditLimitNanos: bigint;
  readonly companyName: string;
}

export type AccountCommand =
  | { readonly type: 'Open'; readonly terms: AccountTerms; readonly at: InstantUs }
  /** Puts the account under dialling limits; null takes them away. */
  | { readonly type: 'Limit'; readonly dialerSettingId: number | null; readonly at: InstantUs }
  /** Which gateways its calls may use; both empty: all. */
  | { readonly type: 'AllowGateways'; readonly gatewayIds: readonly number[]; readonly gatewayGroupIds: readonly number[]; readonly at: InstantUs }
  | { readonly type: 'Suspend'; readonly reason: string; readonly at: InstantUs }
  | { readonly type: 'Resume'; readonly at: InstantUs };
export type AccountEvent =
  | { readonly type: 'AccountOpened'; readonly terms: AccountTerms; readonly at: InstantUs }
  | { readonly type: 'DiallingLimited'; readonly customerId: string; readonly dialerSettingId: number | null; readonly at: InstantUs }
  | ({ readonly type: 'GatewaysAllowed'; readonly customerId: string; readonly at: InstantUs } & AllowedGateways)
  | { readonly type: 'AccountSuspended'; readonly customerId: string; readonly reason: string; readonly at: InstantUs }
  | { readonly type: 'AccountResumed'; readonly customerId: string; readonly at: InstantUs };
export type AccountRefusal =
  | { readonly code: 'account_exists' | 'unknown_account' }
  | { readonly code: 'field_missing' | 'field_out_of_range'; readonly field: string; readonly detail: string };
export type AccountState =
  | { readonly phase: 'none' }
  | { readonly phase: 'open'; readonly terms: AccountTerms; readonly dialerSettingId: number | null; readonly suspended: boolean; readonly gateways: AllowedGateways };

/** By routing's ids. Both empty: all gateways. */
export interface AllowedGateways {
  readonly gatewayIds: readonly number[];
  readonly gatewayGroupIds: readonly number[];
}

const ALL_GATEWAYS: AllowedGateways = { gatewayIds: [], gatewayGroupIds: [] };

const accountCodesMax = 100;

/** A customer's account: opened once; opened again on the same terms it stays as it is, as does one that is suspended twice. */
export const account: Decider<AccountState, AccountCommand, AccountEvent, AccountRefusal> = {
  name: 'account',
  initial: { phase: 'none' },
  decide: (command, state) => (command.type === 'Open' ? open(command, state) : change(command, state)),
  evolve(state, event) {
    if (event.type === 'AccountOpened') return { phase: 'open', terms: event.terms, dialerSettingId: null, suspended: false, gateways: ALL_GATEWAYS };
    if (state.phase === 'none') return state;
    switch (event.type) {
      case 'DiallingLimited':
        return { ...state, dialerSettingId: event.dialerSettingId };
      case 'GatewaysAllowed':
        return { ...state, gateways: { gatewayIds: event.gatewayIds, gatewayGroupIds: event.gatewayGroupIds } };
      case 'AccountSuspended':
        return { ...state, suspended: true };
      case 'AccountResumed':
        return { ...state, suspended: false };
      default:
        return unreachable(event);
    }
  },
};

function open({ terms, at }: Extract<AccountCommand, { type: 'Open' }>, state: AccountState): Decision<AccountEvent, AccountRefusal> {
  if (state.phase === 'open') return sameTerms(state.terms, terms) ? accept() : reject({ code: 'account_exists' });
  const refusal = refusalOf(terms);
  return refusal === null ? accept({ type: 'AccountOpened', terms, at }) : reject(refusal);
}

function change(command: Exclude<AccountCommand, { type: 'Open' }>, state: AccountState): Decision<AccountEvent, AccountRefusal> {
  if (state.phase === 'none') return reject({ code: 'unknown_account' });
  const { customerId } = state.terms;
  const { at } = command;
  switch (command.type) {
    case 'Limit': {
      const { dialerSettingId } = command;
      return dialerSettingId === state.dialerSettingId ? accept() : accept({ type: 'DiallingLimited', customerId, dialerSettingId, at });
    }
    case 'AllowGateways': {
      const { gatewayIds, gatewayGroupIds } = command;
      const same = sameIds(gatewayIds, state.gateways.gatewayIds) && sameIds(gatewayGroupIds, state.gateways.gatewayGroupIds);
      return same ? accept() : accept({ type: 'GatewaysAllowed', customerId, gatewayIds, gatewayGroupIds, at });
    }
    case 'Suspend':
      return state.suspended ? accept() : accept({ type: 'AccountSuspended', customerId, reason: command.reason, at });
    case 'Resume':
      return state.suspended ? accept({ type: 'AccountResumed', customerId, at }) : accept();
    default:
      return unreachable(command);
  }
}

function sameIds(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((id) => other.includes(id));
}

function refusalOf(terms: AccountTerms): AccountRefusal | null {
  if (terms.accountCodes.length === 0) {
    return { code: 'field_missing', field: 'accountCodes', detail: 'Give the account at least one account code.' };
  }
  if (terms.accountCodes.length > accountCodesMax || new Set(terms.accountCodes).size !== terms.accountCodes.length) {
    return { code: 'field_out_of_range', field: 'accountCodes', detail: `Give at most ${accountCodesMax} account codes, each once.` };
  }
  if (terms.creditLimitNanos < 0n || (!terms.postpaid && terms.creditLimitNanos !== 0n)) {
    return { code: 'field_out_of_range', field: 'creditLimit', detail: 'Only a postpaid account has a credit limit, of 0 or more.' };
  }
  return null;
}

function sameTerms(a: AccountTerms, b: AccountTerms): boolean {
  const { accountCodes: codesA, ...restA } = a;
  const { accountCodes: codesB, ...restB } = b;
  const valuesB = new Map<string, unknown>(Object.entries(restB));
  return codesA.join('\n') === codesB.join('\n') && Object.entries(restA).every(([name, value]) => valuesB.get(name) === value);
}
