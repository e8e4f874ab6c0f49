import { type CallAbandonedSchema, callKey, encodeData, publicEventOf, publicEvents, type PublicEvent } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import type { AbandonedFacts, CallEvent } from '../domain/call.ts';
import type { OpenCallRow } from '../projections/abandon-walk.ts';
import type { ToldEvent } from '../projections/call-log.ts';

const { CallAbandoned } = publicEvents;

/** What the world is told of a call that a rule closed. Made of the call and the rule's instant alone, so found again it is the same event. */
export function callAbandoned(row: OpenCallRow, { reason, abandonedAtUs }: AbandonedFacts): PublicEvent<typeof CallAbandonedSchema> {
  const call = callOf(row);
  const data = {
    call,
    charged: { party: partyOf(row) },
    startedAtUs: row.started_at_us,
    answeredAtUs: row.answered_at_us ?? 0n,
    reason,
    abandonedAtUs: BigInt(abandonedAtUs),
  };
  return publicEventOf(CallAbandoned, { source: 'tollwire/cdr', timeUs: abandonedAtUs, parts: [callKey(call), reason], data });
}

/** The same as this service logs and folds it. */
export function toldOf(event: PublicEvent<typeof CallAbandonedSchema>, row: OpenCallRow, facts: AbandonedFacts): ToldEvent {
  const { id, source, key, timeUs, definition, data } = event;
  const told: CallEvent = { type: 'CallAbandoned', call: callOf(row), facts };
  return { received: { id, type: definition.type, source, key, timeUs, dataBytes: encodeData(definition.schema, data) }, event: told };
}

/** When the call was set up and answered. */
export function timesOf({ started_at_us: startedAtUs, answered_at_us: answeredAtUs }: OpenCallRow) {
  return { startedAtUs: instantUs(Number(startedAtUs)), answeredAtUs: answeredAtUs === null ? (0 as const) : instantUs(Number(answeredAtUs)) };
}

function callOf({ switch_name: switchId, uniqueid: callId, leg }: OpenCallRow) {
  return { switchId, callId, leg };
}

function partyOf({ cardid, account_code: code }: OpenCallRow) {
  if (cardid !== null) return { case: 'cardId', value: cardid } as const;
  if (code !== null) return { case: 'accountCode', value: code } as const;
  return { case: undefined };
}
