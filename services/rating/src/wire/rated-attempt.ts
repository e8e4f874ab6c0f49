import { create, fromJsonString, type MessageInitShape, toJsonString } from '@bufbuild/protobuf';
import { CallRatedSchema, type RatedAttempt as Message, type RatedAttemptSchema, usedRateMessageOf, usedRatesOf } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { nanos } from '@tollwire/telecom';
import type { AttemptCost, RatedAttempt } from '../domain/attempts.ts';
import { isBuyRefusal } from '../domain/tables.ts';
import { moneyOf } from './margin.ts';

/** A failed attempt as messages tell it. */
export function attemptMessageOf({ carrierCode, startedAt, cost }: RatedAttempt): MessageInitShape<typeof RatedAttemptSchema> {
  const facts = { carrierCode, startedAtUs: BigInt(startedAt) };
  if (typeof cost === 'string') return { ...facts, refusal: cost };
  const { converted, ...charged } = cost;
  return { ...facts, ...charged, ...(converted === undefined ? {} : { converted: converted.amount, exchange: converted.rates.map(usedRateMessageOf) }) };
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

function attemptOf(message: Message): RatedAttempt {
  const { carrierCode, startedAtUs, amount, deckDigest, prefix, refusal } = message;
  const told = isBuyRefusal(refusal) ? refusal : 'no_buy_rate';
  const cost = amount === undefined ? told : { amount: { nanos: nanos(amount.nanos), currency: amount.currency }, deckDigest, prefix, ...convertedOf(message) };
  return { carrierCode, startedAt: instantUs(Number(startedAtUs)), cost };
}

function convertedOf({ converted, exchange }: Message): Pick<AttemptCost, 'converted'> {
  const [amount, rates] = [moneyOf(converted), usedRatesOf(exchange)];
  return amount === undefined || rates === undefined ? {} : { converted: { amount, rates } };
}
