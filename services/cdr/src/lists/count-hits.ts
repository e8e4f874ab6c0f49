import { dataOf, NumbersScreenedSchema, publicEvents } from '@tollwire/contracts';
import type { ParkedEvent, Reaction } from '@tollwire/event-store';
import { listNames } from '../domain/list-entry.ts';
import { queueListNotices } from './list-notices.ts';

const HOUR_US = 3_600_000_000n;

const addSql = `
  INSERT INTO list_hit (list, subject, at_hour, stopped, passed, last_hit_at_us)
  SELECT list, subject, at_hour, sum(stopped), sum(passed), max(last_hit_at_us)
  FROM unnest($1::text[], $2::text[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[]) AS h (list, subject, at_hour, stopped, passed, last_hit_at_us)
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (list, subject, at_hour) DO UPDATE SET
    stopped = list_hit.stopped + excluded.stopped, passed = list_hit.passed + excluded.passed,
    last_hit_at_us = greatest(list_hit.last_hit_at_us, excluded.last_hit_at_us)`;

/** Adds up how often calls met the entries of the lists, by the hour, and has those told who want to know of it. */
export function countListHits(): Reaction {
  return {
    name: 'count-list-hits',
    events: [publicEvents.NumbersScreened],
    handle: async (tx, events) => {
      const park: ParkedEvent[] = [];
      const hits = events.flatMap((event) => {
        const told = dataOf(NumbersScreenedSchema, event).hits;
        const isFit = told.every(({ list, subject, lastHitAtUs }) => listNames.some((name) => name === list) && !subject.includes('\0') && lastHitAtUs > 0n);
        if (!isFit) park.push({ eventId: event.id, code: 'field_malformed', detail: 'field: list, subject or last_hit_at_us' });
        return isFit ? told : [];
      });
      if (hits.length > 0) {
        await tx.query(addSql, [
          hits.map(({ list }) => list), hits.map(({ subject }) => subject), hits.map(({ lastHitAtUs }) => lastHitAtUs / HOUR_US),
          hits.map(({ stoppedCount }) => stoppedCount), hits.map(({ passedCount }) => passedCount), hits.map(({ lastHitAtUs }) => lastHitAtUs),
        ]);
        await queueListNotices(tx, hits.map((hit) => ({ ...hit, atUs: hit.lastHitAtUs })));
      }
      return { park };
    },
  };
}
