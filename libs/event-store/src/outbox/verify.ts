import type { Sql } from '../sql/sql.ts';
import type { Publisher, StreamState } from './publisher.ts';

/** Where a message was published. */
interface Publication {
  readonly id: bigint;
  readonly stream_created: string;
  readonly stream_seq: bigint;
  readonly message_id: string;
  readonly age_ms: number;
}

/** What a look at the stream found. */
export interface Verified {
  readonly created: string;
  /** Sequence of the newest message known to be in the stream, 0 when none is. */
  readonly seqMax: number;
  /** Rows of the outbox that the stream has lost, and that are pending again. */
  readonly redriven: number;
}

const columns =
  'id, stream_created, stream_seq, message_id, extract(epoch FROM clock_timestamp() - published_at)::float8 * 1000 AS age_ms';

/** Slack for the time between a message's arrival in the stream and its record here. */
const AGE_SLACK_MS = 60_000;

/**
 * The newest publication and those 1, 2, 4, 8 … before it: no lost stretch hides behind a shorter new one. Then the
 * oldest, and the last one below the stream's first sequence: after a purge that one is gone before its time.
 */
const selectSamples = `
  SELECT ${columns} FROM outbox_published WHERE id IN (
    SELECT (SELECT p.id FROM outbox_published p WHERE p.id <= newest.id - back ORDER BY p.id DESC LIMIT 1)
    FROM (SELECT max(id) AS id FROM outbox_published) newest,
      (SELECT 0 AS back UNION ALL SELECT (2::numeric ^ n)::bigint FROM generate_series(0, 40) n) steps
    UNION ALL SELECT min(id) FROM outbox_published
    UNION ALL (SELECT id FROM outbox_published WHERE stream_seq < $1 ORDER BY stream_seq DESC LIMIT 1))
  ORDER BY id DESC`;

const selectAtOrBelow = `SELECT ${columns} FROM outbox_published WHERE id <= $1 ORDER BY id DESC LIMIT 1`;

const requeue = `
  WITH lost AS (DELETE FROM outbox_published WHERE id > $1 RETURNING positions),
  queued AS (
    INSERT INTO outbox_pending (position, byte_count)
    SELECT DISTINCT ON (o.position) o.position, octet_length(o.payload)
    FROM lost, unnest(lost.positions) AS p (position) JOIN outbox o ON o.position = p.position
    ON CONFLICT DO NOTHING
    RETURNING position)
  SELECT count(*)::int AS count FROM queued`;

/**
 * Compares what was published with the stream as it is, and makes pending again what the stream has lost: all of it
 * when the stream is another one than before, else all behind the last message that still stands at its sequence under
 * its id. Messages that the stream let go by its own limits are not lost. Repeats are the consumers' to absorb.
 */
export async function verifyStream(sql: Sql, publisher: Publisher): Promise<Verified> {
  const state = await publisher.streamState();
  const samples = await sql.query<Publication>(selectSamples, [state.firstSeq]);
  const kept = await Promise.all(samples.map((sample) => isKept(publisher, state, sample)));
  const oldestLost = kept.lastIndexOf(false);
  if (oldestLost === -1) return { created: state.created, seqMax: Number(samples[0]?.stream_seq ?? 0), redriven: 0 };
  const boundary = await lastKept(sql, publisher, state, samples[oldestLost + 1]?.id ?? 0n, samples[oldestLost]?.id ?? 0n);
  const [requeued] = await sql.query<{ count: number }>(requeue, [boundary]);
  const [newest] = await sql.query<Publication>(selectAtOrBelow, [boundary]);
  return { created: state.created, seqMax: Number(newest?.stream_seq ?? 0), redriven: requeued?.count ?? 0 };
}

/** Binary search between a publication that is kept (or none) and one that is lost: the id of the last one kept. */
async function lastKept(sql: Sql, publisher: Publisher, state: StreamState, keptId: bigint, lostId: bigint): Promise<bigint> {
  let [kept, lost] = [keptId, lostId];
  while (lost - kept > 1n) {
    const middle = (kept + lost) / 2n;
    const [publication] = await sql.query<Publication>(selectAtOrBelow, [middle]);
    if (publication === undefined || publication.id <= kept || (await isKept(publisher, state, publication))) kept = middle;
    else lost = publication.id;
  }
  return kept;
}

async function isKept(publisher: Publisher, state: StreamState, publication: Publication): Promise<boolean> {
  const seq = Number(publication.stream_seq);
  if (publication.stream_created !== state.created || seq > state.lastSeq) return false;
  if (seq >= state.firstSeq) return (await publisher.messageIdAt(seq)) === publication.message_id;
  // Below the first sequence it went by the stream's limits, or it was purged.
  const isEmpty = state.firstSeq > state.lastSeq;
  const wentBySize = state.isSizeLimited === true && !isEmpty;
  return wentBySize || publication.age_ms + AGE_SLACK_MS >= (state.ageMsMax ?? Number.POSITIVE_INFINITY);
}
