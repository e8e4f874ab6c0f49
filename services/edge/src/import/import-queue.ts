import type { Meter } from '@opentelemetry/api';
import type { CodedRefusal, PublicEvent } from '@tollwire/contracts';
import type { Clock, Result } from '@tollwire/core';
import { type Database, outboxEntries } from '@tollwire/event-store';
import { metricNames } from '@tollwire/platform';
import { attempt } from '../journal/journal.ts';

/** One parameter for all payloads, cut up by the server: it travels as bytes, where an array would travel as hex. */
const insertRows = `
  INSERT INTO import_queue (subject, event_count, payload)
  SELECT subject, event_count, substring($1::bytea FROM first_byte FOR byte_count)
  FROM unnest($2::text[], $3::int[], $4::int[], $5::int[]) AS r (subject, event_count, first_byte, byte_count)`;

/** The oldest rows that hold so many events, or one more row than that; whoever else feeds passes over them. */
const feedRows = `
  WITH oldest AS (
    SELECT position FROM (SELECT position, sum(event_count) OVER (ORDER BY position) - event_count AS before FROM (
      SELECT position, event_count FROM import_queue ORDER BY position LIMIT 1000) q) counted
    WHERE before < $1),
  due AS (SELECT position FROM import_queue WHERE position IN (SELECT position FROM oldest) FOR UPDATE SKIP LOCKED),
  taken AS (DELETE FROM import_queue q USING due WHERE q.position = due.position RETURNING q.position, q.subject, q.event_count, q.payload),
  queued AS (
    INSERT INTO outbox (subject, event_count, payload) SELECT subject, event_count, payload FROM taken ORDER BY position
    RETURNING position, event_count, octet_length(payload) AS byte_count),
  pending AS (INSERT INTO outbox_pending (position, byte_count) SELECT position, byte_count FROM queued)
  SELECT coalesce(sum(event_count), 0)::int AS count FROM queued`;

const countWith = `SELECT count(*)::int AS count FROM import_queue WHERE position(convert_to($1, 'UTF8') IN payload) > 0`;
const countWaiting = 'SELECT coalesce(sum(event_count), 0)::float8 AS count FROM import_queue';

/** What the queue is kept in, who is woken when some of it is to be published, and how fast that may be. */
export interface ImportQueueDeps {
  readonly database: Pick<Database, 'query'>;
  readonly root: string;
  readonly clock: Clock;
  readonly wakeRelay: () => void;
  /** Calls of files that are told of each second, by each instance. */
  readonly rowsPerSec: number;
}

/**
 * Calls of files: durable when they are answered, told of at a pace that leaves room for calls that go on now. A file of a million
 * rows put into the outbox at once would stand before every live call's end until all of it is rated.
 */
export class ImportQueue {
  readonly #deps: ImportQueueDeps;
  /** Calls that may be told of now; below zero after a packed row that held more. */
  #credit = 0;
  #fedAtUs: number;

  constructor(deps: ImportQueueDeps) {
    this.#deps = deps;
    this.#fedAtUs = deps.clock.nowUs();
  }

  /** How many messages that wait hold the digits of a number. */
  async countWith(digits: string): Promise<number> {
    const [found] = await this.#deps.database.query<{ count: number }>(countWith, [digits]);
    return found?.count ?? 0;
  }

  /** Resolves after COMMIT; refuses, with nothing kept, where the database is away. */
  async append(events: readonly PublicEvent[]): Promise<Result<undefined, CodedRefusal>> {
    const entries = outboxEntries(this.#deps.root, events);
    let firstByte = 1;
    const firstBytes = entries.map(({ bytes }) => (firstByte += bytes.length) - bytes.length);
    return await attempt(() => this.#deps.database.query(insertRows, [
      Buffer.concat(entries.map(({ bytes }) => bytes)),
      entries.map(({ subject }) => subject),
      entries.map(({ eventCount = 1 }) => eventCount),
      firstBytes,
      entries.map(({ bytes }) => bytes.length),
    ]));
  }

  /** Moves what is due by now into the outbox, in one transaction; what is not told of within a second is no debt. */
  async feed(): Promise<void> {
    const { database, clock, rowsPerSec, wakeRelay } = this.#deps;
    const nowUs = clock.nowUs();
    this.#credit = Math.min(this.#credit + ((nowUs - this.#fedAtUs) / 1e6) * rowsPerSec, rowsPerSec);
    this.#fedAtUs = nowUs;
    if (this.#credit <= 0) return;
    const [fed] = await database.query<{ count: number }>(feedRows, [Math.ceil(this.#credit)]);
    const count = fed?.count ?? 0;
    if (count === 0) return;
    this.#credit -= count;
    wakeRelay();
  }
}

/** Shows on a meter how many calls of files wait to be told of. */
export function watchQueue(meter: Pick<Meter, 'createObservableGauge'>, database: Pick<Database, 'query'>): void {
  meter.createObservableGauge(metricNames.importQueue, { description: 'Calls of CDR files that are durable and wait to be told of' }).addCallback(async (gauge) => {
    const [waiting] = await database.query<{ count: number }>(countWaiting);
    gauge.observe(waiting?.count ?? 0);
  });
}
