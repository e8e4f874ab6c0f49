import { callKey } from '@tollwire/contracts';
import type { CallRef, CodedRefusal } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import { textOf } from './text.ts';

/** The key of the call that a message names. Refuses field_missing and field_malformed. */
export function callKeyOf(call: CallRef | undefined, field: string): Result<string, CodedRefusal> {
  if (call === undefined) return refuse({ code: 'field_missing', field, detail: 'Name the call by its switch and its id there.' });
  const switchId = textOf(call.switchId, `${field}.switchId`);
  if (!switchId.ok) return switchId;
  const callId = textOf(call.callId, `${field}.callId`, 256);
  return callId.ok ? ok(callKey(call)) : callId;
}
