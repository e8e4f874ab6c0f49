import { CallRatedSchema, callKey, dataOf, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { type Database, isTransient } from '@tollwire/event-store';
import { BatchConsumer, type Bus, streamSpecOf, subscriptionsOf } from '@tollwire/messaging';
import { present } from '@tollwire/core';

/** The tables of a service that keeps what calls cost, such as one that writes invoices; it makes them in its own database. */
export const tables: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS rated_call (call_key text PRIMARY KEY, revision integer NOT NULL, party text NOT NULL, sell_nanos bigint, currency text)`,
  `CREATE TABLE IF NOT EXISTS not_taken (reason text NOT NULL, detail text NOT NULL, bytes bytea NOT NULL, parked_at timestamptz NOT NULL DEFAULT now())`,
];

export interface RatedCallsOptions {
  readonly bus: Bus;
  /** First token of every subject: `tollwire`, unless it was configured. */
  readonly root: string;
  /** Names what was taken so far: the same name goes on where it was, by any number of instances; a new name begins anew. */
  readonly durable: string;
  /** Where a new name begins; all that the stream holds, where none is given. */
  readonly since?: Date;
  readonly database: Database;
}

/**
 * A consumer of rated calls that loses nothing and counts nothing twice. A batch is one transaction, and is acknowledged
 * after it: what breaks before that comes again. It may come twice, and in any order, so a call is kept under its key with
 * its highest revision; a repeat changes nothing. What cannot be read is kept aside with its reason, and the rest goes on.
 */
export function ratedCalls({ bus, root, durable, since, database }: RatedCallsOptions): BatchConsumer {
  const [subscription] = subscriptionsOf(root, [publicEvents.CallRated]);
  return new BatchConsumer({
    bus,
    stream: streamSpecOf(root, publicEvents.CallRated.service),
    filters: present(subscription, 'the subjects of rated calls').filters,
    durable,
    ...(since === undefined ? {} : { since }),
    handle: (events) => keep(database, events),
    park: async (parked) => {
      const bytes = parked.kind === 'event' ? parked.event.dataBytes : parked.bytes;
      await database.query('INSERT INTO not_taken (reason, detail, bytes) VALUES ($1, $2, $3)', [parked.reason, parked.detail, bytes]);
    },
    isTransient,
  });
}

const keepSql = `
  INSERT INTO rated_call AS kept (call_key, revision, party, sell_nanos, currency)
  SELECT DISTINCT ON (call_key) * FROM unnest($1::text[], $2::integer[], $3::text[], $4::bigint[], $5::text[]) AS told (call_key, revision, party, sell_nanos, currency)
  ORDER BY call_key, revision DESC
  ON CONFLICT (call_key) DO UPDATE SET revision = excluded.revision, party = excluded.party, sell_nanos = excluded.sell_nanos, currency = excluded.currency
  WHERE kept.revision < excluded.revision`;

async function keep(database: Database, events: readonly ReceivedEvent[]): Promise<void> {
  const calls = events.map((event) => ({ key: event.key, rated: dataOf(CallRatedSchema, event) }));
  await database.transaction(async (tx) => {
    await tx.query(keepSql, [
      calls.map(({ rated }) => callKey(rated.call)),
      calls.map(({ rated }) => rated.revision),
      calls.map(({ key }) => key),
      calls.map(({ rated }) => rated.sell?.amount?.nanos ?? null),
      calls.map(({ rated }) => rated.sell?.amount?.currency ?? null),
    ]);
  });
}
