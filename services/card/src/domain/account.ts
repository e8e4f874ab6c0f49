import { accept, reject } from '@tollwire/core';
import type { Decider, InstantUs } from '@tollwire/core';

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

export type AccountCommand = { readonly type: 'Open'; readonly terms: AccountTerms; readonly at: InstantUs };
export type AccountEvent = { readonly type: 'AccountOpened'; readonly terms: AccountTerms; readonly at: InstantUs };
export type AccountRefusal =
  | { readonly code: 'account_exists' }
  | { readonly code: 'field_missing' | 'field_out_of_range'; readonly field: string; readonly detail: string };
export type AccountState = { readonly phase: 'none' } | { readonly phase: 'open'; readonly terms: AccountTerms };

const accountCodesMax = 100;

/** A customer's account: opened once; opened again on the same terms it stays as it is. */
export const account: Decider<AccountState, AccountCommand, AccountEvent, AccountRefusal> = {
  name: 'account',
  initial: { phase: 'none' },
  decide({ terms, at }, state) {
    if (state.phase === 'open') return sameTerms(state.terms, terms) ? accept() : reject({ code: 'account_exists' });
    const refusal = refusalOf(terms);
    return refusal === null ? accept({ type: 'AccountOpened', terms, at }) : reject(refusal);
  },
  evolve: (_state, event) => ({ phase: 'open', terms: event.terms }),
};

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
