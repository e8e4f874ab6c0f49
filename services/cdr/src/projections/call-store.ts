import { present } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { type CallEvent, type CallRecord, evolve, untold } from '../domain/call.ts';
import type { NumberKeys } from '../numbers/number-keys.ts';
import { opened, sealed } from '../numbers/sealed-calls.ts';
import { recordOf } from './call-of-row.ts';
import { type CallRow, rowOf } from './call-row.ts';
import { type CallKey, type CallPlace, findCalls, insertCalls, lockCalls, type SealedRow, type StoredRow, takePlaces, updateCalls } from './call-table.ts';
import { type ReceivedAt, receiptsOf } from './receipts.ts';

/** What a batch tells of one call. */
export interface Telling extends CallKey {
  readonly events: readonly CallEvent[];
}

/** A call that is not filed yet, and the row that it makes. */
export interface UnfiledCall extends Telling {
  readonly row: CallRow;
}

/** Says under which day each new call is filed. */
export interface FilesCalls {
  daysOf(tx: Sql, calls: readonly UnfiledCall[]): Promise<number[]>;
}

/** What is told of a call that had its place before. */
export interface KnownCall extends Telling {
  readonly place: CallPlace;
}

/** What is told of a call that has just got its place: the whole call, as far as anybody knows. */
export interface NewCall extends KnownCall, UnfiledCall {
  readonly change: Change;
}

/** The calls of a batch, each with its place. */
export interface PlacedCalls {
  readonly taken: readonly NewCall[];
  readonly known: readonly KnownCall[];
}

/** A call before and after a batch. */
export interface Change {
  /** How many events the call is made of by now: of what is told of it to others, that with the higher number holds. */
  readonly eventCount: number;
  readonly before: CallRecord;
  readonly after: CallRecord;
}

/**
 * Finds the place of each call, named once; a call that has none takes one, in the order of keys, and waits for who is taking it for the same call,
 * which is then known. So instances meet here, before anything else is written of a call, and nobody who is past this waits for anybody in it.
 */
export async function placeCalls(tx: Sql, filing: FilesCalls, tellings: readonly Telling[]): Promise<PlacedCalls> {
  const found = await findCalls(tx, tellings);
  const known = tellings.flatMap((telling, at) => {
    const place = found.get(at);
    return place === undefined ? [] : [{ ...telling, place }];
  });
  if (known.length === tellings.length) return { taken: [], known };
  const { taken, late } = await take(tx, filing, tellings.filter((_, at) => !found.has(at)).sort(byKey));
  if (late.length === 0) return { taken, known };
  const others = await placeCalls(tx, filing, late);
  return { taken: [...taken, ...others.taken], known: [...known, ...others.known] };
}

async function take(tx: Sql, filing: FilesCalls, tellings: readonly Telling[]): Promise<{ taken: NewCall[]; late: Telling[] }> {
  const calls = tellings.map((telling) => {
    const change = { eventCount: telling.events.length, before: untold(telling.call), after: telling.events.reduce(evolve, untold(telling.call)) };
    return { ...telling, change, row: rowOf(change.after) };
  });
  const places = await takePlaces(tx, tellings, await filing.daysOf(tx, calls));
  const placeOf = new Map(places.map((place) => [keyText(place.switch_id, place.uniqueid, place.leg), place]));
  const taken = calls.flatMap((call) => {
    const place = placeOf.get(keyTextOf(call));
    return place === undefined ? [] : [{ ...call, place }];
  });
  return { taken, late: tellings.filter((telling) => !placeOf.has(keyTextOf(telling))) };
}

/**
 * Records what is told of calls that have their places, and returns the changes. No update is lost and instances do not deadlock: new calls are inserted,
 * complete; those that were known are locked by ascending id, folded on what they hold by now, and written. What is told of a call that is past its time
 * and gone changes nothing.
 */
export async function storeCalls(tx: Sql, numbers: NumberKeys, { taken, known }: PlacedCalls, receivedAt: ReceivedAt): Promise<Change[]> {
  if (taken.length > 0) {
    const rows = withReceipts(await sealed(tx, numbers, taken.map(({ row }) => row)), taken, receivedAt);
    await insertCalls(tx, taken.map(({ place }) => place), taken, rows);
  }
  return [...taken.map(({ change }) => change), ...(await foldOnto(tx, numbers, known, receivedAt))];
}

async function foldOnto(tx: Sql, numbers: NumberKeys, tellings: readonly KnownCall[], receivedAt: ReceivedAt): Promise<Change[]> {
  if (tellings.length === 0) return [];
  const byKeyText = new Map(tellings.map((telling) => [keyTextOf(telling), telling]));
  const rows = await opened(tx, numbers, await lockCalls(tx, tellings.map(({ place }) => place)));
  if (rows.length === 0) return [];
  const told = rows.map((row) => present(byKeyText.get(keyText(row.switch_id, row.uniqueid, row.leg)), 'the telling of a call'));
  const changes = told.map(({ call, events }, at) => {
    const row = present(rows[at], 'the row of a call');
    const before = recordOf(call, row);
    return { eventCount: row.event_count + events.length, before, after: events.reduce(evolve, before) };
  });
  await updateCalls(tx, rows, withReceipts(await sealed(tx, numbers, changes.map(({ after }) => rowOf(after))), told, receivedAt));
  return changes;
}

function withReceipts(rows: readonly SealedRow[], tellings: readonly Telling[], receivedAt: ReceivedAt): StoredRow[] {
  return rows.map((row, at) => ({ row, receipts: receiptsOf(tellings[at]?.events ?? [], receivedAt) }));
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
