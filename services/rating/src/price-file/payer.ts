import { ok, refuse, type Result } from '@tollwire/core';
import type { Subscriber } from '../domain/rate-call.ts';
import type { PriceDocument, StatedCall, StatedPlan } from './document.schema.ts';
import { planRefOf } from './stated-plans.ts';

/** Who pays, by which plan of the document. */
export interface Payer {
  readonly plan: StatedPlan;
  readonly subscriber: Subscriber;
}

export interface UnknownPayer {
  readonly code: 'unknown_plan' | 'unknown_account' | 'unknown_card';
  readonly field: 'plan' | 'account' | 'card';
}

/** The plan that a call is charged by: its own, that of its account, or the tariff of its card's type with the pulses of that. */
export function payerOf(document: PriceDocument, { plan, account, card }: StatedCall): Result<Payer, UnknownPayer> {
  if (card !== undefined) {
    const type = document.cards.find((each) => each.card === card)?.cardType;
    const cardType = document.cardTypes.find(({ name }) => name === type);
    return cardType === undefined ? refuse({ code: 'unknown_card', field: 'card' }) : payer(document, cardType.plan, cardType.pulses, 'card');
  }
  if (account === undefined) return payer(document, plan ?? '', undefined, 'plan');
  const named = document.accounts.find((each) => each.account === account);
  return named === undefined ? refuse({ code: 'unknown_account', field: 'account' }) : payer(document, named.plan, undefined, 'account');
}

function payer(document: PriceDocument, name: string, pulses: Subscriber['pulses'], field: UnknownPayer['field']): Result<Payer, UnknownPayer> {
  const plan = document.plans.find((each) => each.name === name);
  const ref = planRefOf(document, name);
  return plan === undefined || ref === undefined ? refuse({ code: 'unknown_plan', field }) : ok({ plan, subscriber: { plan: ref, pulses } });
}
