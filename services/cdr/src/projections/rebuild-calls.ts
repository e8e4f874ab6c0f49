import { publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import type { Database, Sql } from '@tollwire/event-store';
import { type CallEvent, told } from '../domain/call.ts';
import { callEventOf } from '../wire/call-events.ts';
import { systemClock } from '@tollwire/platform';
import { NumberKeys } from '../numbers/number-keys.ts';
import { type LoggedRow, readable } from './call-log.ts';
import { type FilesCalls, placeCalls, storeCalls } from './call-store.ts';
import { Switches } from './switches.ts';
import { tellingsOf } from './tellings.ts';

interface LogRow extends LoggedRow {
  readonly source: string;
  readonly filed_day: number;
  readonly received_us: bigint;
}

const typeOf: ReadonlyMap<number, string> = new Map([
  [told.started, publicEvents.CallStarted.type],
  [told.answered, publicEvents.CallAnswered.type],
  [told.ended, publicEvents.CallEnded.type],
  [told.rated, publicEvents.CallRated.type],
  [told.ringing, publicEvents.CallRinging.type],
  [told.abandoned, publicEvents.CallAbandoned.type],
]);

/** An id names an event within its partition, so what shares an id with the last one of a page comes with it. What is set aside is no call any more. */
const pageSql = `
  SELECT event_id::text AS id, filed_day, to_us(received_at) AS received_us, kind, numbers_day, source, bytes FROM call_event e
  WHERE event_id > $1 AND NOT EXISTS (SELECT FROM call_aside a WHERE e.filed_day >= a.first_day AND e.filed_day < a.until_day)
  ORDER BY event_id FETCH FIRST $2 ROWS WITH TIES`;
const keptPlacesSql = `
  INSERT INTO call_place (callid, filed_day, switch_id, leg, uniqueid) OVERRIDING SYSTEM VALUE
  SELECT c.callid, c.filed_day, c.switch_id, c.leg, c.uniqueid
  FROM call_past c JOIN call_aside a ON c.filed_day >= a.first_day AND c.filed_day < a.until_day AND c.callid > a.forgotten_until`;

/**
 * Makes the calls anew from the log of their events, in one transaction, and returns how many events there were. The
 * order of reading does not matter, because the fold is commutative; the log alone is enough, wherever the events had
 * come from. Instances wait meanwhile. Nothing is published, because nothing is new. Run by the owner of the tables:
 * the service's own role may not empty them. A call gets another callid, which only numbers rows, and
 * is filed where its events are.
 */
export async function rebuildCalls(owner: Pick<Database, 'transaction'>, pageSize = 5000): Promise<number> {
  return await owner.transaction(async (tx) => {
    // As a carrier's number is learnt: `carrier` first, then `call`. The mode waits for those who learn, and for nobody else. Who records finds places first.
    await tx.query('LOCK TABLE carrier IN ACCESS SHARE MODE');
    await tx.query('LOCK TABLE call_place IN ACCESS EXCLUSIVE MODE');
    await tx.query('LOCK TABLE call IN ACCESS EXCLUSIVE MODE');
    await tx.query('TRUNCATE call, call_place');
    await tx.query(keptPlacesSql);
    const stores = { switches: new Switches(), numbers: new NumberKeys(systemClock) };
    let after = '00000000-0000-0000-0000-000000000000';
    let count = 0;
    for (;;) {
      const rows = await tx.query<LogRow>(pageSql, [after, pageSize]);
      const last = rows.at(-1);
      if (last === undefined) return count;
      await foldPage(tx, stores, await readable(tx, stores.numbers, rows));
      after = last.id;
      count += rows.length;
    }
  });
}

async function foldPage(tx: Sql, { switches, numbers }: { switches: Switches; numbers: NumberKeys }, rows: readonly LogRow[]): Promise<void> {
  const rowOfEvent = new Map(rows.map((row) => [eventOf(row), row]));
  const rowOf = (event: CallEvent | undefined) => present(event === undefined ? undefined : rowOfEvent.get(event), 'the row of an event');
  const events = [...rowOfEvent.keys()];
  const switchIds = await switches.idsOf(tx, events.map((event) => event.call.switchId));
  const filing: FilesCalls = { daysOf: (_, calls) => Promise.resolve(calls.map((call) => rowOf(call.events[0]).filed_day)) };
  await storeCalls(tx, numbers, await placeCalls(tx, filing, tellingsOf(events, switchIds)), (event) => rowOf(event).received_us);
}

function eventOf(row: LogRow): CallEvent {
  const type = present(typeOf.get(row.kind), `an event of kind ${row.kind}`);
  const received: ReceivedEvent = { id: row.id, type, source: row.source, key: '', timeUs: 0, dataBytes: row.bytes };
  const event = callEventOf(received);
  if (!event.ok) throw new Error(`Event ${row.id} of the log cannot be read: ${event.refusal.detail}`);
  return event.value;
}
