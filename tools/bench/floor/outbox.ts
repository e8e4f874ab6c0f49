import { hash } from 'node:crypto';
import type { Database, Sql } from '@tollwire/event-store';
import type { Bus } from '@tollwire/messaging';
import { headers } from '@nats-io/transport-node';
import { batchContentType } from '@tollwire/contracts';
import type { Packed } from './shape.ts';

/** The statements of libs/event-store's outbox: one row for each subject, and one small row that says it is to be done. */
const insertRows = `
  WITH queued AS (
    INSERT INTO outbox (subject, event_count, payload)
    SELECT subject, event_count, substring($1::bytea FROM first_byte FOR byte_count)
    FROM unnest($2::text[], $3::int[], $4::int[], $5::int[]) AS r (subject, event_count, first_byte, byte_count)
    RETURNING position, subject, octet_length(payload) AS byte_count),
  pending AS (INSERT INTO outbox_pending (position, byte_count) SELECT position, byte_count FROM queued)
  SELECT position, subject FROM queued`;

const markRows = `
  WITH done AS (
    INSERT INTO outbox_published (stream_created, stream_seq, message_id, positions)
    SELECT 'floor', seq, id, string_to_array(positions, ',')::bigint[]
    FROM unnest($1::bigint[], $2::text[], $3::text[]) AS m (seq, id, positions))
  DELETE FROM outbox_pending WHERE position = ANY($4::bigint[])`;

const messageBytesMax = 512 * 1024;

interface Row extends Packed {
  readonly position: bigint;
}

/** An outbox and its relay with nothing but the writes: rows go from memory to the stream, and are marked. */
export class FloorOutbox {
  readonly #database: Database;
  readonly #bus: Bus;
  #waiting: Row[] = [];
  #publishing: Promise<void> | undefined;

  constructor(database: Database, bus: Bus) {
    this.#database = database;
    this.#bus = bus;
  }

  /** Writes rows in the caller's transaction; hand what comes back to `publish` when it has committed. */
  async insert(tx: Sql, packed: readonly Packed[]): Promise<readonly Row[]> {
    let firstByte = 1;
    const rows = await tx.query<{ position: bigint; subject: string }>(insertRows, [
      Buffer.concat(packed.map(({ payload }) => payload)),
      packed.map(({ subject }) => subject),
      packed.map(({ eventCount }) => eventCount),
      packed.map(({ payload }) => (firstByte += payload.length) - payload.length),
      packed.map(({ payload }) => payload.length),
    ]);
    const positions = new Map(rows.map(({ subject, position }) => [subject, position]));
    return packed.map((each) => ({ ...each, position: positions.get(each.subject) ?? 0n }));
  }

  /** Publishes beside whatever goes on; what waits meanwhile is packed into the same messages. */
  publish(rows: readonly Row[]): void {
    this.#waiting.push(...rows);
    this.#publishing ??= this.#run().finally(() => {
      this.#publishing = undefined;
    });
  }

  /** How many rows wait for the stream. */
  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Resolves when everything is in the stream and marked. */
  async drained(): Promise<void> {
    await this.#publishing;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const messages = packed(this.#waiting);
      this.#waiting = [];
      const acks = await Promise.all(messages.map((message) => this.#send(message)));
      await this.#database.query(markRows, [
        acks.map(({ seq }) => seq),
        acks.map(({ id }) => id),
        messages.map((rows) => rows.map(({ position }) => position).join(',')),
        messages.flatMap((rows) => rows.map(({ position }) => position)),
      ]);
    }
  }

  async #send(rows: readonly Row[]): Promise<{ seq: number; id: string }> {
    const payload = Buffer.concat(rows.map((row) => row.payload));
    const id = `floor:${rows[0]?.position ?? 0}-${rows.at(-1)?.position ?? 0}.${hash('sha1', payload, 'hex').slice(0, 12)}`;
    const type = headers();
    type.set('content-type', batchContentType);
    const { seq } = await this.#bus.jetstream.publish(rows[0]?.subject ?? '', payload, { msgID: id, headers: type, timeout: 30_000 });
    return { seq, id };
  }
}

function packed(rows: readonly Row[]): Row[][] {
  const messages: Row[][] = [];
  for (const own of Map.groupBy(rows, ({ subject }) => subject).values()) {
    let bytes = Infinity;
    for (const row of own) {
      if (bytes + row.payload.length > messageBytesMax) {
        messages.push([]);
        bytes = 0;
      }
      messages.at(-1)?.push(row);
      bytes += row.payload.length;
    }
  }
  return messages;
}
