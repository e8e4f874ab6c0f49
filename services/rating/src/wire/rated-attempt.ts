import { create, fromJsonString, type MessageInitShape, toJsonString } from '@bufbuild/protobuf';
import { CallRatedSchema, type RatedAttempt as Message, type RatedAttemptSchema } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { nanos } from '@tollwire/telecom';
import type { RatedAttempt } from '../domain/attempts.ts';
import { isBuyRefusal } from '../domain/tables.ts';

/** A failed attempt as messages tell it. */
export function attemptMessageOf({ carrierCode, startedAt, cost }: RatedAttempt): MessageInitShape<typeof RatedAttemptSchema> {
  const facts = { carrierCode, startedAtUs: BigInt(startedAt) };
  return typeof cost === 'string' ? { ...facts, refusal: cost } : { ...facts, ...cost };
}

/** Failed attempts as text for a column, JSON of the public CallRated; null where there were none. */
export function attemptsText(attempts: readonly RatedAttempt[] = []): string | null {
  if (attempts.length === 0) return null;
  return toJsonString(CallRatedSchema, create(CallRatedSchema, { failedAttempts: attempts.map(attemptMessageOf) }));
}

/** Reads the attempts that `attemptsText` wrote. */
export function attemptsOfText(text: string | null): readonly RatedAttempt[] {
  return text === null ? [] : fromJsonString(CallRatedSchema, text).failedAttempts.map(attemptOf);
}

function attemptOf({ carrierCode, startedAtUs, amount, deckDigest, prefix, refusal }: Message): RatedAttempt {
  const told = isBuyRefusal(refusal) ? refusal : 'no_buy_rate';
  const cost = amount === undefined ? told : { amount: { nanos: nanos(amount.nanos), currency: amount.currency }, deckDigest, prefix };
  return { carrierCode, startedAt: instantUs(Number(startedAtUs)), cost };
}
