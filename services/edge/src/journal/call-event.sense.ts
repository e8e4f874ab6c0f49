import type { CodedRefusal } from '@tollwire/contracts';
import { type InstantUs, unreachable } from '@tollwire/core';
import { callAtMin, callSecMax, callUsMax, clockAheadUsMax } from '@tollwire/telecom';
import type { CallMessage } from './call-event.schema.ts';

/**
 * What cannot be true in a call message although every field has its form: an instant before 2000 or more than a day
 * ahead of `nowUs`, an end before its beginning, a call of more than 7 days. Undefined where it makes sense.
 */
export function nonsenseIn(message: CallMessage, nowUs: InstantUs): CodedRefusal | undefined {
  const latestUs = BigInt(nowUs + clockAheadUsMax);
  switch (message.$typeName) {
    case 'tollwire.call.v1.CallStarted':
      return outside('startedAt', message.startedAtUs, latestUs);
    case 'tollwire.call.v1.CallRinging':
      return outside('ringingAt', message.ringingAtUs, latestUs);
    case 'tollwire.call.v1.CallAnswered':
      return outside('answeredAt', message.answeredAtUs, latestUs);
    case 'tollwire.call.v1.CallEnded':
      return (
        outside('startedAt', message.startedAtUs, latestUs) ??
        outside('endedAt', message.endedAtUs, latestUs) ??
        (message.answeredAtUs === 0n ? undefined : outside('answeredAt', message.answeredAtUs, latestUs)) ??
        outOfOrder(message) ??
        tooLong(message)
      );
    default:
      return unreachable(message);
  }
}

/** When it happened, as the message says: its own instant, the last one of a call that ended. */
export function happenedAtUs(message: CallMessage): number {
  switch (message.$typeName) {
    case 'tollwire.call.v1.CallStarted':
      return Number(message.startedAtUs);
    case 'tollwire.call.v1.CallRinging':
      return Number(message.ringingAtUs);
    case 'tollwire.call.v1.CallAnswered':
      return Number(message.answeredAtUs);
    case 'tollwire.call.v1.CallEnded':
      return Number(message.endedAtUs);
    default:
      return unreachable(message);
  }
}

function outside(field: string, us: bigint, latestUs: bigint): CodedRefusal | undefined {
  if (us === 0n) return { code: 'field_missing', field, detail: `${field} is missing.` };
  if (us >= callAtMin && us <= latestUs) return undefined;
  const detail = us < callAtMin ? `${field} lies before 2000.` : `${field} lies more than a day ahead of the clock here.`;
  return { code: 'field_out_of_range', field, detail };
}

interface Times {
  readonly startedAtUs: bigint;
  readonly answeredAtUs: bigint;
  readonly endedAtUs: bigint;
}

function outOfOrder({ startedAtUs, answeredAtUs, endedAtUs }: Times): CodedRefusal | undefined {
  if (answeredAtUs !== 0n && answeredAtUs < startedAtUs) {
    return { code: 'times_out_of_order', field: 'answeredAt', detail: 'answeredAt lies before startedAt.' };
  }
  const lastUs = answeredAtUs === 0n ? startedAtUs : answeredAtUs;
  if (endedAtUs >= lastUs) return undefined;
  const before = answeredAtUs === 0n ? 'startedAt' : 'answeredAt';
  return { code: 'times_out_of_order', field: 'endedAt', detail: `endedAt lies before ${before}: the duration would be negative.` };
}

function tooLong({ startedAtUs, endedAtUs }: Times): CodedRefusal | undefined {
  if (endedAtUs - startedAtUs <= BigInt(callUsMax)) return undefined;
  return { code: 'duration_malformed', field: 'endedAt', detail: `The call would have lasted more than ${callSecMax} seconds.` };
}
