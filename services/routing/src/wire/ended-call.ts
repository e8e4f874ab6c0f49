import { CallEndedSchema, callKey, CallRingingSchema, type CodedRefusal, dataOf, type ReceivedEvent } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { EndedCall } from '../domain/attempts.ts';

/** A call that is over, by its key; whether it rang is told elsewhere. */
export interface ReceivedEnd {
  readonly callKey: string;
  readonly call: Omit<EndedCall, 'ringingAtUs'>;
}

const TEXT_LENGTH_MAX = 255;
/** More than any switch hunts over. */
const ATTEMPTS_MAX = 255;

/** Reads a CallEnded. Refused where its bytes are no such message or nobody could keep what it names; never throws. */
export function receivedEndOf(event: ReceivedEvent): Result<ReceivedEnd, CodedRefusal> {
  return read(() => {
    const { call, calledNumber, startedAtUs, answeredAtUs, endedAtUs, q850Cause, carrierCode, attempts } = dataOf(CallEndedSchema, event);
    const codes = [carrierCode, ...attempts.map((attempt) => attempt.carrierCode)];
    if (attempts.length > ATTEMPTS_MAX) return refuse({ code: 'field_out_of_range', field: 'attempts' });
    if (!codes.every(isStorable)) return refuse({ code: 'field_malformed', field: 'carrierCode' });
    return ok({
      callKey: callKey(call),
      call: {
        calledNumber, startedAtUs: Number(startedAtUs), answeredAtUs: Number(answeredAtUs), endedAtUs: Number(endedAtUs), q850Cause, carrierCode,
        attempts: attempts.map((attempt) => ({
          carrierCode: attempt.carrierCode, startedAtUs: Number(attempt.startedAtUs), endedAtUs: Number(attempt.endedAtUs), q850Cause: attempt.q850Cause,
        })),
      },
    });
  });
}

/** Reads a CallRinging; the instant is in µs. */
export function receivedRingingOf(event: ReceivedEvent): Result<{ readonly callKey: string; readonly ringingAtUs: number }, CodedRefusal> {
  return read(() => {
    const { call, ringingAtUs } = dataOf(CallRingingSchema, event);
    const key = callKey(call);
    return key.includes('\0') ? refuse({ code: 'field_malformed', field: 'call' }) : ok({ callKey: key, ringingAtUs: Number(ringingAtUs) });
  });
}

function read<T>(parse: () => Result<T, CodedRefusal>): Result<T, CodedRefusal> {
  try {
    return parse();
  } catch (error) {
    return refuse({ code: 'message_malformed', detail: error instanceof Error ? error.message : String(error) });
  }
}

/** PostgreSQL's text holds no NUL. */
function isStorable(text: string): boolean {
  return text.length <= TEXT_LENGTH_MAX && !text.includes('\0');
}
