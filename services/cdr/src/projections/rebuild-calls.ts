import { publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import type { Database, Sql } from '@tollwire/event-store';
import { type CallEvent, told } from '../domain/call.ts';
import { callEventOf } from '../wire/call-events.ts';
import { systemClock } from '@tollwire/platform';
import { NumberKeys } from '../numbers/number-keys.ts';
import { type LoggedRow, readable } from './call-log.ts';
import { CallFiling } from './call-filing.ts';
import { storeCalls, type Stores } from './call-store.ts';
import { Switches } from './switches.ts';
import { tellingsOf } from './tellings.ts';

interface LogRow extends LoggedRow {
  readonly source: string;
}

const typeOf: ReadonlyMap<number, string> = new Map([
  [told.started, publicEvents.CallStarted.type],
  [told.answered, publicEvents.CallAnswered.type],
  [told.ended, publicEvents.CallEnded.type],
  [told.rated, publicEvents.CallRated.type],
  [told.ringing, publicEvents.CallRinging.type],
  [told.abandoned, publicEvents.CallAbandoned.type],
]);

const pageSql = `
  SELECT event_id::text AS id, kind, numbers_day, source, bytes FROM call_event
  WHERE event_id > $1 ORDER BY event_id LIMIT $2`;

/**
 * Makes the calls anew from the log of their events, in one transaction, and returns how many events there were. The
 * order of reading does not matter, because the fold is commutative; the log alone is enough, wherever the events had
 * come from. Instances wait meanwhile. Nothing is published, because nothing is new. Run by the owner of the tables:
 * the service's own role may not empty them. A call gets another callid, which only numbers rows, and
 * is filed under the day of its start as it stands.
 */
export async function rebuildCalls(owner: Pick<Database, 'transaction'>, pageSize = 5000): Promise<number> {
  return await owner.transaction(async (tx) => {
    // As a carrier's number is learnt: `carrier` first, then `call`. The mode waits for those who learn, and for nobody else.
    await tx.query('LOCK TABLE carrier IN ACCESS SHARE MODE');
    await tx.query('LOCK TABLE call IN ACCESS EXCLUSIVE MODE');
    await tx.query('TRUNCATE call, call_place');
    const places = { switches: new Switches(), numbers: new NumberKeys(systemClock), filing: new CallFiling(systemClock, 0) };
    let after = '00000000-0000-0000-0000-000000000000';
    let count = 0;
    for (;;) {
      const rows = await tx.query<LogRow>(pageSql, [after, pageSize]);
      const last = rows.at(-1);
      if (last === undefined) return count;
      await foldPage(tx, places, (await readable(tx, places.numbers, rows)).map(eventOf));
      after = last.id;
      count += rows.length;
    }
  });
}

async function foldPage(tx: Sql, { switches, ...stores }: Stores & { switches: Switches }, events: readonly CallEvent[]): Promise<void> {
  const switchIds = await switches.idsOf(tx, events.map((event) => event.call.switchId));
  await storeCalls(tx, stores, tellingsOf(events, switchIds));
}

function eventOf(row: LogRow): CallEvent {
  const type = present(typeOf.get(row.kind), `an event of kind ${row.kind}`);
  const received: ReceivedEvent = { id: row.id, type, source: row.source, key: '', timeUs: 0, dataBytes: row.bytes };
  const event = callEventOf(received);
  if (!event.ok) throw new Error(`Event ${row.id} of the log cannot be read: ${event.refusal.detail}`);
  return event.value;
}
