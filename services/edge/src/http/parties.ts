import type { z } from 'zod';
import { accountCode, cardId, rowId } from './primitives.ts';

interface PartyFields {
  readonly cardId?: string | undefined;
  readonly accountCode?: string | undefined;
}

/** Who pays: exactly one of a card and an account code. */
export const partyFields = { cardId: cardId.optional(), accountCode: accountCode.optional() };

/** Refuses a body that names no payer, or two. */
export function onePayer<T extends PartyFields>(context: z.core.ParsePayload<T>): void {
  const { cardId, accountCode } = context.value;
  if ((cardId === undefined) !== (accountCode === undefined)) return;
  const message = cardId === undefined ? 'is missing: name a cardId or an accountCode' : 'must stand alone: name a cardId or an accountCode, not both';
  context.issues.push({ code: 'custom', message, input: cardId, path: ['cardId'] });
}

/** Refuses a body that names two payers. */
export function atMostOnePayer<T extends PartyFields>(context: z.core.ParsePayload<T>): void {
  if (context.value.cardId !== undefined && context.value.accountCode !== undefined) onePayer(context);
}

/** The charged party of a body that `onePayer` let through. */
export function partyOf({ cardId, accountCode }: PartyFields) {
  if (cardId !== undefined) return { party: { case: 'cardId' as const, value: cardId } };
  return { party: { case: 'accountCode' as const, value: accountCode ?? '' } };
}

/** Where a sell price comes from: exactly one of a tariff and a VoIP plan. */
export const planFields = { tariffId: rowId.optional(), voipPlanId: rowId.optional() };

interface PlanFields {
  readonly tariffId?: number | undefined;
  readonly voipPlanId?: number | undefined;
}

/** Refuses a body that names no plan, or two. */
export function onePlan<T extends PlanFields>(context: z.core.ParsePayload<T>): void {
  const { tariffId, voipPlanId } = context.value;
  if ((tariffId === undefined) !== (voipPlanId === undefined)) return;
  const message = tariffId === undefined ? 'is missing: name a tariffId or a voipPlanId' : 'must stand alone: name a tariffId or a voipPlanId, not both';
  context.issues.push({ code: 'custom', message, input: tariffId, path: ['tariffId'] });
}

/** Whether any of these was given. */
export function isNamed(...either: readonly unknown[]): boolean {
  return either.some((value) => value !== undefined);
}

/** The plan reference of a body that `onePlan` let through. */
export function planOf({ tariffId, voipPlanId }: PlanFields) {
  if (tariffId !== undefined) return { plan: { case: 'tariffId' as const, value: tariffId } };
  return { plan: { case: 'voipPlanId' as const, value: voipPlanId ?? 0 } };
}
