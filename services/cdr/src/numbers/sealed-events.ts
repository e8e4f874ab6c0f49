import { unreachable } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { type CallEvent, told } from '../domain/call.ts';
import { clearBytes, movedByte, numberFieldsIn } from './number-fields.ts';
import { blocksUnder, type DayKeys, dayOf, keysIn, type KeysByDay, type NumberKeys, wordsOf } from './number-keys.ts';

/** An event of the log within the bytes of a batch. */
export interface LoggedBytes {
  readonly id: string;
  /** Bit of `told`. */
  readonly kind: number;
  /** Of its call; null: it is not sealed. */
  readonly day: number | null;
  readonly begin: number;
  readonly end: number;
}

/** The numbers of the fields that name people, by kind of event. */
const fieldsOf: ReadonlyMap<number, readonly number[]> = new Map([
  [told.started, [3, 4, 6]],
  [told.ended, [3, 4, 11]],
  [told.rated, [4]],
]);

/** The day by whose key an event is sealed; null of events that name nobody. */
export function sealingDayOf(event: CallEvent): number | null {
  switch (event.type) {
    case 'CallStarted':
    case 'CallEnded':
    case 'CallRated':
      return dayOf(event.facts.startedAtUs);
    case 'CallRinging':
    case 'CallAnswered':
    case 'CallAbandoned':
      return null;
    default:
      return unreachable(event);
  }
}

/** Seals events within `bytes`, in place; what they say of people, and nothing else. Of an erased day it is starred out. Returns the day that each was sealed for. */
export async function sealEvents(tx: Sql, keys: NumberKeys, events: readonly LoggedBytes[], bytes: Buffer): Promise<(number | null)[]> {
  const byDay = await keys.forDays(tx, events.flatMap(({ day }) => day ?? []));
  turn(byDay, events, bytes, 1);
  return events.map(({ day }) => (day === null || keysIn(byDay, day) === null ? null : day));
}

/** Opens events within `bytes`, in place; of an erased day what they said of people is starred out. */
export async function openEvents(sql: Sql, keys: NumberKeys, events: readonly LoggedBytes[], bytes: Buffer): Promise<void> {
  turn(await keys.forDays(sql, events.flatMap(({ day }) => day ?? [])), events, bytes, -1);
}

/** Stars out within `bytes`, in place, what events of erased days say of people; the others stay as they are. */
export async function starErased(sql: Sql, keys: NumberKeys, events: readonly LoggedBytes[], bytes: Buffer): Promise<void> {
  const byDay = await keys.forDays(sql, events.flatMap(({ day }) => day ?? []));
  turn(byDay, events.filter(({ day }) => day !== null && keysIn(byDay, day) === null), bytes, 1);
}

/** A place in the bytes, and how much of the key stream of its event goes before it. */
interface Span {
  readonly begin: number;
  readonly end: number;
  readonly before: number;
}

/** What is sealed is found again: how long a field is and how it begins stays as it was. */
function turn(byDay: KeysByDay, events: readonly LoggedBytes[], bytes: Buffer, by: 1 | -1): void {
  for (const [day, ofDay] of Map.groupBy(events, (event) => event.day)) {
    if (day === null) continue;
    const spans = ofDay.map((event) => spansOf(event, bytes));
    const keys = keysIn(byDay, day);
    if (keys === null) for (const { begin, end } of spans.flat()) bytes.fill('*', begin, end);
    else turnUnder(keys, ofDay, spans, bytes, by);
  }
}

function spansOf({ kind, begin, end }: LoggedBytes, bytes: Buffer): Span[] {
  let before = 0;
  return numberFieldsIn(bytes, begin, end, fieldsOf.get(kind) ?? []).map((field) => {
    const span = { begin: field.begin + clearBytes(bytes, field), end: field.end, before };
    before += span.end - span.begin;
    return span;
  });
}

const blockSize = 16;
const stepsPerBlock = 4;

function turnUnder({ event: key }: DayKeys, events: readonly LoggedBytes[], spans: readonly (readonly Span[])[], bytes: Buffer, by: 1 | -1): void {
  const blocks = spans.map((all) => Math.ceil(all.reduce((sum, { begin, end }) => sum + end - begin, 0) / stepsPerBlock));
  const steps = wordsOf(blocksUnder(key, countersOf(events, blocks)));
  let from = 0;
  spans.forEach((all, each) => {
    for (const { begin, end, before } of all) {
      for (let at = begin; at < end; at += 1) bytes[at] = movedByte(bytes[at] ?? 0, by * (steps[from + before + at - begin] ?? 0));
    }
    from += (blocks[each] ?? 0) * stepsPerBlock;
  });
}

/** An id is never used for two contents, so it is the nonce; the counter is laid over its last two bytes. */
function countersOf(events: readonly LoggedBytes[], blocks: readonly number[]): Buffer {
  const counters = Buffer.alloc(blocks.reduce((sum, count) => sum + count, 0) * blockSize);
  let at = 0;
  events.forEach(({ id }, each) => {
    const first = at;
    if ((blocks[each] ?? 0) > 0) counters.write(id.replaceAll('-', ''), first, blockSize, 'hex');
    for (let counter = 0; counter < (blocks[each] ?? 0); counter += 1, at += blockSize) {
      if (counter > 0) counters.copy(counters, at, first, first + blockSize);
      counters.writeUInt16BE(counters.readUInt16BE(at + 14) ^ counter, at + 14);
    }
  });
  return counters;
}
