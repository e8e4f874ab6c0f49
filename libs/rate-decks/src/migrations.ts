/**
 * Every revision of a plan is kept, not the newest alone: a call that is rated late is charged by the plan of its time. For
 * a database that has the tables below already.
 */
export const planHistoryMigrations: readonly string[] = [
  'alter table plan_fact drop constraint plan_fact_pkey',
  'alter table plan_fact add primary key (plan_key, revision)',
];

/** The tables of a replica, for a service's own database. Content is immutable and named by its digest. */
export const rateDeckMigrations: readonly string[] = [
  `create table deck_activation (
    kind integer not null,
    owner_id integer not null,
    activation integer not null,
    version integer not null,
    digest text not null,
    currency text not null,
    carrier_code text not null,
    chunk_count integer not null,
    rate_count bigint not null,
    valid_from_us bigint,
    withdrawn_at_us bigint,
    primary key (kind, owner_id, activation)
  )`,
  `create table deck_chunk (
    digest text not null,
    chunk integer not null,
    content bytea not null,
    primary key (digest, chunk)
  )`,
  // Already compressed as well as it gets: digits and small numbers in protobuf. Reading it back must be fast.
  'alter table deck_chunk alter column content set storage external',
  `create table plan_fact (
    plan_key text primary key,
    revision integer not null,
    content bytea not null
  )`,
  `create table replica_revision (
    singleton boolean primary key default true check (singleton),
    revision bigint not null
  )`,
  'insert into replica_revision (revision) values (0)',
];
