import { present } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { type CallEvent, type CallRecord, evolve, untold } from '../domain/call.ts';
import type { NumberKeys } from '../numbers/number-keys.ts';
import { opened, sealed } from '../numbers/sealed-calls.ts';
import { recordOf } from './call-of-row.ts';
import { rowOf } from './call-row.ts';
import type { CallFiling } from './call-filing.ts';
import { type CallKey, type CallPlace, findCalls, insertCalls, lockCalls, takePlaces, updateCalls } from './call-table.ts';

/** What a batch tells of one call. */
export interface Telling extends CallKey {
  readonly events: readonly CallEvent[];
}

/** What calls are stored by: the keys of their numbers, and which day each is filed under. */
export interface Stores {
  readonly numbers: NumberKeys;
  readonly filing: CallFiling;
}

/** A call before and after a batch. */
export interface Change {
  readonly before: CallRecord;
  readonly after: CallRecord;
}

/**
 * Records what is told of calls, each of them named once, and returns the changes. No update is lost and instances do
 * not deadlock: first every new call takes its place, in the order of keys, and is inserted, complete; a key for which
 * another instance took one meanwhile joins the calls that were there. Those are then locked by ascending id, folded on
 * what they hold by now, and written. Who waits in the second step never holds up anybody in the first. What is told of a
 * call that is past its time and gone changes nothing.
 */
export async function storeCalls(tx: Sql, { numbers, filing }: Stores, tellings: readonly Telling[]): Promise<Change[]> {
  const found = await findCalls(tx, tellings);
  const newcomers = tellings.filter((_, at) => !found.has(at)).sort(byKey);
  const known = tellings.filter((_, at) => found.has(at));
  const inserted = await insertNew(tx, { numbers, filing }, newcomers);
  const places = [...found.values()];
  if (inserted.late.length > 0) places.push(...(await findCalls(tx, inserted.late)).values());
  return [...inserted.changes, ...(await foldOnto(tx, numbers, places, [...known, ...inserted.late]))];
}

async function insertNew(tx: Sql, { numbers, filing }: Stores, tellings: readonly Telling[]): Promise<{ changes: Change[]; late: Telling[] }> {
  if (tellings.length === 0) return { changes: [], late: [] };
  const changes = tellings.map(({ call, events }) => ({ before: untold(call), after: events.reduce(evolve, untold(call)) }));
  const rows = changes.map(({ after }) => rowOf(after));
  const taken = await takePlaces(tx, tellings, await filing.daysOf(tx, rows));
  const placeOf = new Map(taken.map((place) => [keyText(place.switch_id, place.uniqueid, place.leg), place]));
  const places = tellings.map((telling) => placeOf.get(keyTextOf(telling)));
  const mine = <Item>(items: readonly Item[]) => items.filter((_, at) => places[at] !== undefined);
  if (taken.length > 0) await insertCalls(tx, places.filter((place) => place !== undefined), mine(tellings), await sealed(tx, numbers, mine(rows)));
  return { changes: mine(changes), late: tellings.filter((_, at) => places[at] === undefined) };
}

async function foldOnto(tx: Sql, numbers: NumberKeys, places: readonly CallPlace[], tellings: readonly Telling[]): Promise<Change[]> {
  if (tellings.length === 0) return [];
  const byKeyText = new Map(tellings.map((telling) => [keyTextOf(telling), telling]));
  const rows = await opened(tx, numbers, await lockCalls(tx, places));
  if (rows.length === 0) return [];
  const changes = rows.map((row) => {
    const { call, events } = present(byKeyText.get(keyText(row.switch_id, row.uniqueid, row.leg)), 'the telling of a call');
    const before = recordOf(call, row);
    return { before, after: events.reduce(evolve, before) };
  });
  await updateCalls(tx, rows, await sealed(tx, numbers, changes.map(({ after }) => rowOf(after))));
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
