/** Instants are microseconds in the code and timestamptz in the tables. Written so that PostgreSQL can inline them. */
const instantFunctions = [
  `CREATE OR REPLACE FUNCTION from_us(us bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
   AS $$ SELECT (timestamp '1970-01-01 00:00:00' + us * interval '1 microsecond') AT TIME ZONE 'UTC' $$`,
  `CREATE OR REPLACE FUNCTION to_us(instant timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
   AS $$ SELECT (extract(epoch FROM instant AT TIME ZONE 'UTC') * 1000000)::bigint $$`,
];

/**
 * Streams sort by their bytes, so that a prefix is a range. The index on (xid, position) is the order of readers:
 * a position alone is taken at insert and seen at commit, so it would skip what commits late.
 */
const eventTable = [
  `CREATE TABLE event (
     position bigint GENERATED ALWAYS AS IDENTITY,
     xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
     stream text COLLATE "C" NOT NULL,
     version int NOT NULL CHECK (version > 0),
     type text NOT NULL,
     data jsonb NOT NULL,
     meta jsonb NOT NULL,
     recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
     PRIMARY KEY (stream, version))`,
  `CREATE UNIQUE INDEX event_commit_order ON event (xid, position)`,
  `CREATE TABLE projection_checkpoint (
     name text PRIMARY KEY,
     xid xid8 NOT NULL,
     position bigint NOT NULL,
     updated_at timestamptz NOT NULL DEFAULT now())`,
];

/**
 * What is to be published is kept as it was written, in rows that are never updated: no bloat, however many millions
 * stay for re-drive. What is still to do is a small table of positions beside it, and what was done is one row for each
 * message. Payloads are not compressed: pglz costs more than it saves on packed protobuf.
 */
const outboxTables = [
  `CREATE TABLE outbox (
     position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     subject text NOT NULL,
     event_count int NOT NULL CHECK (event_count > 0),
     payload bytea NOT NULL,
     created_at timestamptz NOT NULL DEFAULT clock_timestamp())`,
  `ALTER TABLE outbox ALTER COLUMN payload SET STORAGE EXTERNAL`,
  `CREATE TABLE outbox_pending (
     position bigint PRIMARY KEY,
     byte_count int NOT NULL)
   WITH (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0, vacuum_truncate = off)`,
  `CREATE TABLE outbox_published (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     stream_created text NOT NULL,
     stream_seq bigint NOT NULL,
     message_id text NOT NULL,
     positions bigint[] NOT NULL,
     published_at timestamptz NOT NULL DEFAULT clock_timestamp())`,
];

/** A receipt is 56 bytes and its index entry 32: the consumer is a number, the event id sorts by time. */
const inboxTables = [
  `CREATE TABLE inbox_consumer (
     id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     name text NOT NULL UNIQUE)`,
  `CREATE TABLE inbox (
     received_at timestamptz NOT NULL DEFAULT now(),
     event_id uuid NOT NULL,
     consumer smallint NOT NULL,
     PRIMARY KEY (consumer, event_id))`,
  `CREATE INDEX inbox_received_at ON inbox USING brin (received_at) WITH (pages_per_range = 64, autosummarize = on)`,
];

const deadLetterTable = [
  `CREATE TABLE dead_letter (
     position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     consumer text NOT NULL,
     event_id uuid NOT NULL,
     type text NOT NULL,
     source text NOT NULL,
     key text NOT NULL,
     time_us bigint NOT NULL,
     traceparent text,
     data bytea NOT NULL,
     code text NOT NULL,
     detail text NOT NULL,
     tries int NOT NULL DEFAULT 1,
     parked_at timestamptz NOT NULL DEFAULT now(),
     UNIQUE (consumer, event_id))`,
];

/** The tables and functions of the event store, one statement each; the first migration of every service runs them. */
export const eventStoreMigrations: readonly string[] = [
  ...instantFunctions,
  ...eventTable,
  ...outboxTables,
  ...inboxTables,
  ...deadLetterTable,
];

/** What the service's role may do with them; `:app` stands for the role. Events and the outbox are never changed. */
export const eventStoreGrants: readonly string[] = [
  'GRANT SELECT, INSERT ON event, inbox_consumer TO :app',
  'GRANT SELECT, INSERT, DELETE ON outbox, outbox_pending, outbox_published, inbox TO :app',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON dead_letter, projection_checkpoint TO :app',
];
