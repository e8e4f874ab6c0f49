import { present } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { type CallEvent, type CallRecord, evolve, untold } from '../domain/call.ts';
import type { NumberKeys } from '../numbers/number-keys.ts';
import { opened, sealed } from '../numbers/sealed-calls.ts';
import { recordOf } from './call-of-row.ts';
import { rowOf } from './call-row.ts';
import { type CallKey, findCalls, insertCalls, lockCalls, updateCalls } from './call-table.ts';

/** What a batch tells of one call. */
export interface Telling extends CallKey {
  readonly events: readonly CallEvent[];
}

/** A call before and after a batch. */
export interface Change {
  readonly before: CallRecord;
  readonly after: CallRecord;
}

/**
 * Records what is told of calls, each of them named once, and returns the changes. No update is lost and instances do
 * not deadlock: first every new call is inserted, in the order of keys, complete; a key that another instance inserted
 * meanwhile is not overwritten but joins the calls that were there. Those are then locked by ascending id, folded on
 * what they hold by now, and written. Who waits in the second step never holds up anybody in the first.
 */
export async function storeCalls(tx: Sql, numbers: NumberKeys, tellings: readonly Telling[]): Promise<Change[]> {
  const found = await findCalls(tx, tellings);
  const newcomers = tellings.filter((_, at) => !found.has(at)).sort(byKey);
  const known = tellings.filter((_, at) => found.has(at));
  const inserted = await insertNew(tx, numbers, newcomers);
  const ids = [...found.values()];
  if (inserted.late.length > 0) ids.push(...(await findCalls(tx, inserted.late)).values());
  return [...inserted.changes, ...(await foldOnto(tx, numbers, ids, [...known, ...inserted.late]))];
}

async function insertNew(tx: Sql, numbers: NumberKeys, tellings: readonly Telling[]): Promise<{ changes: Change[]; late: Telling[] }> {
  if (tellings.length === 0) return { changes: [], late: [] };
  const changes = tellings.map(({ call, events }) => ({ before: untold(call), after: events.reduce(evolve, untold(call)) }));
  const inserted = await insertCalls(tx, tellings, await sealed(tx, numbers, changes.map(({ after }) => rowOf(after))));
  if (inserted.length === tellings.length) return { changes, late: [] };
  const mine = new Set(inserted.map((row) => keyText(row.switch_id, row.uniqueid, row.leg)));
  const isMine = tellings.map((telling) => mine.has(keyTextOf(telling)));
  return { changes: changes.filter((_, at) => isMine[at]), late: tellings.filter((_, at) => !isMine[at]) };
}

async function foldOnto(tx: Sql, numbers: NumberKeys, ids: readonly bigint[], tellings: readonly Telling[]): Promise<Change[]> {
  if (tellings.length === 0) return [];
  const byKeyText = new Map(tellings.map((telling) => [keyTextOf(telling), telling]));
  const rows = await opened(tx, numbers, await lockCalls(tx, ids));
  const changes = rows.map((row) => {
    const { call, events } = present(byKeyText.get(keyText(row.switch_id, row.uniqueid, row.leg)), 'the telling of a call');
    const before = recordOf(call, row);
    return { before, after: events.reduce(evolve, before) };
  });
  await updateCalls(tx, rows.map((row) => row.callid), await sealed(tx, numbers, changes.map(({ after }) => rowOf(after))));
  return changes;
}

function keyTextOf({ switchDbId, call }: CallKey): string {
  return keyText(switchDbId, call.callId, call.leg);
}

function keyText(switchDbId: number, callId: string, leg: number): string {
  return `${switchDbId}/${leg}/${callId}`;
}

/** Any order will do, if it is the same for all instances. */
function byKey(a: Telling, b: Telling): number {
  const [one, other] = [keyTextOf(a), keyTextOf(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}
