import type { MessageInitShape } from '@bufbuild/protobuf';
import { type CallRatedSchema, callOfKey, type ChargedPartySchema, type PublicEvent, publicEventOf, publicEvents, type RatedSideSchema, scheduleMessageOf } from '@tollwire/contracts';
import type { RatedSide } from '../domain/price-at.ts';
import type { RatedRecord } from '../domain/rated-record.ts';
import { refOfPlan } from './plan-ref.ts';
import { marginMessageOf } from './margin.ts';
import { attemptMessageOf } from './rated-attempt.ts';

/** The public event of a rating; the same record always gives the same event. */
export function callRatedEvent(record: RatedRecord, traceparent: string | undefined): PublicEvent {
  return publicEventOf(publicEvents.CallRated, {
    source: 'tollwire/rating',
    timeUs: record.ratedAt,
    parts: [record.callKey, String(record.revision)],
    traceparent,
    data: callRatedOf(record),
  });
}

/** A rating as messages tell it. */
export function callRatedOf(record: RatedRecord): MessageInitShape<typeof CallRatedSchema> {
  const { rated, plan } = record;
  return {
    call: callOfKey(record.callKey) ?? {},
    charged: partyOfKey(record.partyKey),
    ...(plan === undefined ? {} : { plan: refOfPlan(plan) }),
    calledE164: rated.calledE164,
    routedBy: rated.routedBy ?? '',
    startedAtUs: BigInt(record.startedAt),
    answeredAtUs: BigInt(record.answeredAt ?? 0),
    endedAtUs: BigInt(record.endedAt),
    q850Cause: record.q850Cause,
    durationSec: rated.durationSec,
    sell: sideOf(rated.sell),
    ...(rated.buy === undefined ? {} : { buy: sideOf(rated.buy) }),
    carrierCode: record.carrierCode,
    buyRefusal: rated.buyRefusal ?? '',
    ratedAtUs: BigInt(record.ratedAt),
    revision: record.revision,
    preRated: rated.preRated,
    ...marginMessageOf(rated.margin),
    ...(rated.attempts === undefined ? {} : { failedAttempts: rated.attempts.map(attemptMessageOf) }),
    countryPrefixId: rated.sell.derivation?.countryPrefixId || rated.buy?.derivation?.countryPrefixId || 0,
  };
}

/** One side of a rated call as messages tell it. */
export function sideOf({ amount, derivation }: RatedSide): MessageInitShape<typeof RatedSideSchema> {
  if (derivation === undefined) return { amount };
  const { deckDigest, prefix, terms, billedSec, freeSec, allowances, failedAttemptCount, rounding, schedule } = derivation;
  return {
    amount,
    deckDigest,
    prefix,
    ...terms,
    billedSec,
    roundingDecimals: rounding.decimals,
    roundingMode: rounding.mode,
    ...(schedule === undefined ? {} : { schedule: scheduleMessageOf(schedule), freeSec, allowances: [...allowances], failedAttemptCount }),
  };
}

/** Who pays, of a party key. */
export function partyOfKey(partyKey: string): MessageInitShape<typeof ChargedPartySchema> {
  const value = partyKey.slice(partyKey.indexOf(':') + 1);
  return { party: partyKey.startsWith('card:') ? { case: 'cardId', value } : { case: 'accountCode', value } };
}
