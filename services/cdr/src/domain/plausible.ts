import { type InstantUs, unreachable } from '@tollwire/core';
import { callUsMax, isPlausibleInstant } from '@tollwire/telecom';
import type { CallEvent, CallId, CourseFacts } from './call.ts';

/** Why an event cannot be believed. The event is parked with this; the flow behind it goes on. */
export type Implausible =
  | { readonly code: 'field_missing'; readonly field: string }
  | { readonly code: 'field_malformed'; readonly field: string }
  | { readonly code: 'field_out_of_range'; readonly field: string; readonly value: number }
  | { readonly code: 'times_out_of_order'; readonly field: string; readonly value: number; readonly before: string }
  | { readonly code: 'duration_malformed'; readonly field: string; readonly value: number };

const textLengthMax = 255;
const int2Max = 32_767;
const int4Max = 2_147_483_647;

/** The reason why `event`, received at `nowUs`, is not believed; undefined where it is. */
export function implausible(event: CallEvent, nowUs: InstantUs): Implausible | undefined {
  return ofCall(event.call) ?? ofFields(event.facts) ?? ofMoney(event) ?? ofAttempts(event) ?? ofTimes(event, nowUs);
}

function ofCall({ switchId, callId, leg }: CallId): Implausible | undefined {
  if (switchId === '') return { code: 'field_missing', field: 'call.switchId' };
  if (callId === '') return { code: 'field_missing', field: 'call.callId' };
  if (leg > int2Max) return { code: 'field_out_of_range', field: 'call.leg', value: leg };
  return ofField('call.switchId', switchId) ?? ofField('call.callId', callId);
}

function ofFields(facts: object): Implausible | undefined {
  for (const [field, value] of Object.entries(facts)) {
    const found = ofField(field, value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** PostgreSQL's text holds no NUL; no number, code or channel is longer, no count larger than this. */
function ofField(field: string, value: unknown): Implausible | undefined {
  if (typeof value === 'string') {
    return value.length > textLengthMax || value.includes('\0') ? { code: 'field_malformed', field } : undefined;
  }
  if (typeof value !== 'number' || value <= int4Max || field.endsWith('Us')) return undefined;
  return { code: 'field_out_of_range', field, value };
}

function ofMoney(event: CallEvent): Implausible | undefined {
  if (event.type === 'CallEnded') return ofField('preRatedSell.currency', event.facts.preRatedSell?.currency);
  if (event.type !== 'CallRated') return undefined;
  return ofField('sell.currency', event.facts.sell?.currency) ?? ofField('buy.currency', event.facts.buy?.currency);
}

function ofAttempts(event: CallEvent): Implausible | undefined {
  if (event.type !== 'CallEnded') return undefined;
  for (const attempt of event.facts.attempts) {
    const found = ofFields(attempt);
    if (found !== undefined) return { ...found, field: `attempts.${found.field}` };
  }
  return undefined;
}

function ofTimes(event: CallEvent, nowUs: InstantUs): Implausible | undefined {
  switch (event.type) {
    case 'CallStarted':
      return absurd('startedAtUs', event.facts.startedAtUs, nowUs);
    case 'CallRinging':
      return absurd('ringingAtUs', event.facts.ringingAtUs, nowUs);
    case 'CallAnswered':
      return absurd('answeredAtUs', event.facts.answeredAtUs, nowUs);
    case 'CallAbandoned':
      return absurd('abandonedAtUs', event.facts.abandonedAtUs, nowUs);
    case 'CallEnded':
    case 'CallRated':
      return ofCourse(event.facts, nowUs);
    default:
      return unreachable(event);
  }
}

function ofCourse(course: CourseFacts, nowUs: InstantUs): Implausible | undefined {
  const { startedAtUs, answeredAtUs, endedAtUs } = course;
  const odd = absurd('startedAtUs', startedAtUs, nowUs) ?? absurd('endedAtUs', endedAtUs, nowUs);
  if (odd !== undefined) return odd;
  if (endedAtUs < startedAtUs) return outOfOrder('endedAtUs', endedAtUs, 'startedAtUs');
  if (answeredAtUs !== 0 && answeredAtUs < startedAtUs) return outOfOrder('answeredAtUs', answeredAtUs, 'startedAtUs');
  if (endedAtUs < answeredAtUs) return outOfOrder('endedAtUs', endedAtUs, 'answeredAtUs');
  const durationUs = endedAtUs - startedAtUs;
  if (durationUs <= callUsMax) return undefined;
  return { code: 'duration_malformed', field: 'endedAtUs', value: endedAtUs };
}

function outOfOrder(field: string, value: number, before: string): Implausible {
  return { code: 'times_out_of_order', field, value, before };
}

function absurd(field: string, atUs: number, nowUs: InstantUs): Implausible | undefined {
  if (atUs === 0) return { code: 'field_missing', field };
  return isPlausibleInstant(atUs, nowUs) ? undefined : { code: 'field_out_of_range', field, value: atUs };
}
