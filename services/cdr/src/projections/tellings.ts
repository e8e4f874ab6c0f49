import { callKey } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import type { CallEvent } from '../domain/call.ts';
import type { Telling } from './call-store.ts';

/** What events tell, by call. */
export function tellingsOf(events: readonly CallEvent[], switchIds: ReadonlyMap<string, number>): Telling[] {
  const byCall = Map.groupBy(events, ({ call }) => callKey(call));
  return [...byCall.values()].map((told) => {
    const { call } = present(told[0], 'an event of the call');
    return { switchDbId: present(switchIds.get(call.switchId), `switch ${call.switchId}`), call, events: told };
  });
}
