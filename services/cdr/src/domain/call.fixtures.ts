import { instantUs } from '@tollwire/core';
import { nanos } from '@tollwire/telecom';
import type { AbandonedFacts, AnsweredFacts, CallEvent, CallId, EndedFacts, RatedFacts, RingingFacts, StartedFacts } from './call.ts';

/** Times in the specs are seconds after this instant. */
export const noonUs = instantUs(Date.parse('2026-03-01T12:00:00Z') * 1000);

export function atSec(sec: number) {
  return instantUs(noonUs + Math.round(sec * 1_000_000));
}

export const theCall: CallId = { switchId: 'fs1', callId: 'a1b2', leg: 0 };

export const startedFacts: StartedFacts = {
  cardId: '0012345678901234',
  accountCode: '',
  cli: '4315550100',
  calledNumber: '442071838750',
  channel: 'sofia/external/1000',
  startedAtUs: atSec(0),
};

export const ringingFacts: RingingFacts = { ringingAtUs: atSec(2) };

export const answeredFacts: AnsweredFacts = { answeredAtUs: atSec(4.5), carrierCode: 'C1' };

export const endedFacts: EndedFacts = {
  ...startedFacts,
  answeredAtUs: atSec(4.5),
  endedAtUs: atSec(65.2),
  q850Cause: 16,
  carrierCode: 'C1',
  attempts: [
    { carrierCode: 'C2', startedAtUs: atSec(0.1), endedAtUs: atSec(1), q850Cause: 34 },
    { carrierCode: 'C1', startedAtUs: atSec(1), endedAtUs: atSec(63), q850Cause: 16 },
  ],
  preRatedSell: undefined,
};

export const ratedFacts: RatedFacts = {
  cardId: startedFacts.cardId,
  accountCode: '',
  startedAtUs: atSec(0),
  answeredAtUs: atSec(4.5),
  endedAtUs: atSec(65.2),
  q850Cause: 16,
  carrierCode: 'C1',
  calledE164: '442071838750',
  sellPrefix: '4420',
  countryPrefixId: 44,
  tariffId: 7,
  voipPlanId: 0,
  durationSec: 61,
  billedSec: 66,
  sell: { nanos: nanos(13_200_000n), currency: 'EUR' },
  buy: { nanos: nanos(5_500_000n), currency: 'EUR' },
  margin: { nanos: nanos(-1_500_000n), currency: 'EUR' },
  buyRefusal: '',
  preRated: false,
  ratedAtUs: atSec(65.9),
  revision: 1,
};

export const abandonedFacts: AbandonedFacts = { reason: 'max_duration', abandonedAtUs: atSec(7800) };

export const started: CallEvent = { type: 'CallStarted', call: theCall, facts: startedFacts };
export const ringing: CallEvent = { type: 'CallRinging', call: theCall, facts: ringingFacts };
export const answered: CallEvent = { type: 'CallAnswered', call: theCall, facts: answeredFacts };
export const ended: CallEvent = { type: 'CallEnded', call: theCall, facts: endedFacts };
export const rated: CallEvent = { type: 'CallRated', call: theCall, facts: ratedFacts };
export const abandoned: CallEvent = { type: 'CallAbandoned', call: theCall, facts: abandonedFacts };

/** Every order of `items`. */
export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}
