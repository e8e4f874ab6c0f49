import { setImmediate as turn } from 'node:timers/promises';
import type { Database } from '@tollwire/event-store';
import type { FloorOutbox } from './outbox.ts';
import { type EventSizes, pack } from './shape.ts';

/** Calls whose events share a commit: about what the door packs into one of its own when six requests are under way. */
const callsPerCommit = 200;

/** Rows that may wait for the stream before the journal holds still: as much as a relay reads at a time. */
const waitingMax = 2000;

/** The share of calls that warms everything up: code is compiled and statements are prepared on them. */
export const warmShare = 1 / 11;

/** Journals three events for each call, packed by subject, and publishes them; a call's end comes two commits after its start. Tells when all is `warm`. */
export async function journal(database: Database, outbox: FloorOutbox, sizes: EventSizes, calls: number, warm: () => void): Promise<void> {
  const groups = Array.from({ length: Math.ceil(calls / callsPerCommit) }, (_, at) =>
    Array.from({ length: Math.min(callsPerCommit, calls - at * callsPerCommit) }, (_each, number) => at * callsPerCommit + number),
  );
  const warmGroups = Math.floor(groups.length * warmShare);
  for (let at = 0; at < groups.length + 2; at += 1) {
    if (at === warmGroups) warm();
    const packed = [
      ...pack('started', sizes, groups[at] ?? []),
      ...pack('answered', sizes, groups[at - 1] ?? []),
      ...pack('ended', sizes, groups[at - 2] ?? []),
    ];
    outbox.publish(await database.transaction((tx) => outbox.insert(tx, packed)));
    while (outbox.waitingCount > waitingMax) await turn();
  }
}
