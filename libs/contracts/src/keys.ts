import type { CallRef } from './gen/tollwire/call/v1/call_events_pb.ts';
import type { ChargedParty } from './gen/tollwire/common/v1/common_pb.ts';

/**
 * The key of who pays: `card:<id>` or `account:<code>`. A message without a party has the key `unknown`, so that it
 * reaches the consumer that refuses it with a reason.
 */
export function partyKey(charged: Pick<ChargedParty, 'party'> | undefined): string {
  switch (charged?.party.case) {
    case 'cardId':
      return `card:${charged.party.value}`;
    case 'accountCode':
      return `account:${charged.party.value}`;
    case undefined:
    default:
      return 'unknown';
  }
}

/** The key of a call, `switch/call/leg`, printable and unambiguous: `%` and `/` inside a part are escaped. */
export function callKey(call: Pick<CallRef, 'switchId' | 'callId' | 'leg'> | undefined): string {
  if (call === undefined) return 'unknown';
  return `${escaped(call.switchId)}/${escaped(call.callId)}/${call.leg}`;
}

/** The call that a key names, or undefined where the text is not a call key. */
export function callOfKey(key: string): { switchId: string; callId: string; leg: number } | undefined {
  const match = /^([^/]*)\/([^/]*)\/(\d{1,10})$/.exec(key);
  if (match === null) return undefined;
  const [, switchId = '', callId = '', leg = ''] = match;
  return { switchId: unescaped(switchId), callId: unescaped(callId), leg: Number(leg) };
}

function escaped(part: string): string {
  return part.includes('%') || part.includes('/') ? part.replaceAll('%', '%25').replaceAll('/', '%2F') : part;
}

function unescaped(part: string): string {
  return part.includes('%') ? part.replaceAll('%2F', '/').replaceAll('%25', '%') : part;
}
