import { callKey, type CallRef, type CdrService, type CodedRefusal, type GetCallRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { CdrDeps } from '../cdr.deps.ts';
import { revealedTo, shownTo } from '../numbers/unmasking.ts';
import { type CallReadRow, type CallReply, selectColumns } from './call-reply.ts';
import { removedPrefixes, setRemovedPrefixes } from './removed-prefixes.ts';
import { replayCdrs } from './replay-cdrs.ts';
import { searchCalls } from './search-calls.ts';
import { listSwitches, setSwitch } from './switches.ts';
import { totals } from './totals.ts';

/** The answers of CdrService. */
export function cdrAnswers(deps: Pick<CdrDeps, 'database' | 'clock' | 'numbers'>): ServiceImplementation<typeof CdrService> {
  return {
    getCall: (request) => getCall(deps, request),
    searchCalls: (request) => searchCalls(deps, request),
    replayCdrs: (request) => replayCdrs(deps, request),
    totals: (request) => totals(deps.database, request),
    listSwitches: async () => ok({ switches: await listSwitches(deps.database), removedPrefixes: await removedPrefixes(deps.database) }),
    setRemovedPrefixes: ({ prefixes }) => setRemovedPrefixes(deps.database, prefixes),
    setSwitch: (request) => setSwitch(deps.database, request),
  };
}

/** By the switch's id of the call, its leg and the name of the switch. */
export const getSql = `${selectColumns} FROM voip_switch s JOIN call_place p ON p.switch_id = s.id JOIN call c ON c.callid = p.callid AND c.filed_day = p.filed_day
  WHERE p.uniqueid = $1 AND p.leg = $2 AND s.name = $3`;

async function getCall(deps: Pick<CdrDeps, 'database' | 'clock' | 'numbers'>, { call, reveal }: GetCallRequest): Promise<Result<CallReply, CodedRefusal>> {
  const revealed = revealedTo(reveal);
  if (!revealed.ok) return revealed;
  if (call === undefined || call.switchId === '' || call.callId === '') return refuse({ code: 'field_missing', field: 'call' });
  const unknown = refuse({ code: 'unknown_call' as const, facts: { call: callKey(call) } });
  if (!isStorable(call)) return unknown;
  const rows = await deps.database.query<CallReadRow>(getSql, [call.callId, call.leg, call.switchId]);
  const [reply] = await shownTo(deps, revealed.value, { what: 'call' }, rows);
  return reply === undefined ? unknown : ok(reply);
}

/** No other call was ever recorded: PostgreSQL's text holds no NUL, and a leg is a smallint. */
function isStorable({ switchId, callId, leg }: CallRef): boolean {
  return !`${switchId}${callId}`.includes('\0') && leg <= 32_767;
}
