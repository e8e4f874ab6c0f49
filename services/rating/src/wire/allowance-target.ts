import type { MessageInitShape } from '@bufbuild/protobuf';
import { type AllowanceGrantSchema, type ChargedParty, type CodedRefusal, partyKey, type SellPlanRef } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { planKey, type PlanRef } from '../domain/tables.ts';
import { partyOfKey } from './call-rated.ts';
import { planOfRef, refOfPlan } from './plan-ref.ts';

/** Whom free seconds are for: one card or account code, or everyone who pays by a plan. */
export type Target =
  | { readonly kind: 'party'; readonly key: string; readonly unknownCode: 'unknown_card' | 'unknown_account' }
  | { readonly kind: 'plan'; readonly key: string; readonly plan: PlanRef };

type TargetMessage =
  | { readonly case: 'party'; readonly value: ChargedParty }
  | { readonly case: 'plan'; readonly value: SellPlanRef }
  | { readonly case: undefined; readonly value?: undefined };

/** A party or plan of a message. Refused with the field at fault where there is none, or none that can be. */
export function targetOf(to: TargetMessage): Result<Target, CodedRefusal> {
  if (to.case === 'plan') {
    const plan = planOfRef(to.value);
    return plan === undefined ? refuse({ code: 'field_missing', field: 'plan' }) : ok({ kind: 'plan', key: planKey(plan), plan });
  }
  if (to.case !== 'party' || to.value.party.case === undefined) return refuse({ code: 'field_missing', field: 'party' });
  const { case: kind, value } = to.value.party;
  if (!isName(value)) return refuse({ code: 'field_malformed', field: `party.${kind}` });
  return ok({ kind: 'party', key: partyKey(to.value), unknownCode: kind === 'cardId' ? 'unknown_card' : 'unknown_account' });
}

/** A target as messages tell it. */
export function targetMessage(key: string): MessageInitShape<typeof AllowanceGrantSchema>['to'] & object {
  const [kind = '', id = ''] = key.split(':', 2);
  if (kind === 'tariff' || kind === 'voip_plan') return { case: 'plan', value: refOfPlan({ kind, id: Number(id) }) };
  return { case: 'party', value: partyOfKey(key) };
}

/** What can be the name of something: 1 to 128 characters, and none that controls a terminal or cannot be stored. */
export function isName(text: string): boolean {
  return text.length > 0 && text.length <= 128 && !/\p{Cc}/u.test(text);
}
