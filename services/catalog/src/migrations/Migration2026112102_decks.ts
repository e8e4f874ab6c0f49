import { Migration } from '@mikro-orm/migrations';

/**
 * Versions of rate decks, when each is in force, and the documented rate tables with the rows of every version. Rates
 * are append-only: a version's rows count exactly while the version is in force, and no row is ever changed.
 */
export class Migration2026112102Decks extends Migration {
  override name = 'Migration2026112102_decks';

  override up(): void {
    for (const sql of [...versions, ...rates.flatMap(rateTable), ...imports, discardUnfinishedRates]) this.addSql(sql);
  }
}

const kind = `kind text not null check (kind in ('tariff', 'retail', 'carrier'))`;

const versions = [
  'create sequence deck_id',
  `create table rate_deck (
    ${kind},
    owner_id integer not null,
    version integer not null check (version > 0),
    deck_id bigint not null unique,
    digest text collate "C" not null,
    rate_count integer not null check (rate_count > 0),
    chunk_count integer not null,
    currency text not null,
    carrier_code text not null,
    base_version integer not null,
    imported_at timestamptz not null,
    imported_by text not null,
    primary key (kind, owner_id, version)
  )`,
  'create unique index rate_deck_digest on rate_deck (kind, owner_id, digest)',
  `create table deck_activation (
    ${kind},
    owner_id integer not null,
    activation integer not null,
    version integer not null,
    valid_from timestamptz not null,
    valid_until timestamptz check (valid_until >= valid_from),
    activated_at timestamptz not null,
    activated_by text not null,
    withdrawn_at timestamptz,
    withdrawn_by text,
    primary key (kind, owner_id, activation)
  )`,
  `create table deck_chunk (
    digest text collate "C" not null,
    chunk integer not null,
    content bytea not null,
    primary key (digest, chunk)
  )`,
  // Digits and small numbers in protobuf: compressing them again costs more than it saves.
  'alter table deck_chunk alter column content set storage external',
];

interface RateTable {
  readonly kind: string;
  readonly table: string;
  readonly id: string;
  /** The column that names the plan, and what it refers to. */
  readonly owner: string;
  readonly ownerOf: string;
  /** The documented column of the rate. */
  readonly rate: string;
  readonly more: string;
}

const rates: readonly RateTable[] = [
  {
    kind: 'tariff', table: 'tariffrate', id: 'tariffrateid', owner: 'tariffid', ownerOf: 'tariff (tariffid)', rate: 'rate',
    // Empty where the rate's prefix is only the beginning of known ones.
    more: 'countryprefixid integer references countryprefix (countryprefixid),',
  },
  {
    kind: 'retail', table: 'voip_retail_rate', id: 'id', owner: 'voip_retail_plan_id', ownerOf: 'voip_retail_plan (id)', rate: 'retail_rate', more: '',
  },
  {
    kind: 'carrier', table: 'voip_carrier_rate', id: 'id', owner: 'voip_carrier_plan_id', ownerOf: 'voip_carrier_plan (id)', rate: 'carrier_rate',
    more: '',
  },
];

/** tariffrate has its amounts in cents, as documented; the others in units of the plan's currency. All are exact. */
function rateTable({ kind, table, id, owner, ownerOf, rate, more }: RateTable): string[] {
  return [
    `create table ${table} (
      ${id} bigint generated always as identity primary key,
      ${owner} integer not null references ${ownerOf} deferrable initially deferred,
      ${more}
      deck_id bigint not null,
      prefix text collate "C" not null,
      ${rate} numeric not null,
      connect_fee numeric not null,
      initial_increment_sec integer not null,
      increment_sec integer not null,
      valid_from timestamptz,
      valid_until timestamptz,
      blocked boolean not null
    )`,
    `create index ${table}_deck on ${table} (deck_id, prefix)`,
    // Every rate with the time in which it really counts; rows of an import that is not finished are not among them.
    `create view ${table}_in_force as
      select r.${id}, r.${owner}, d.version, r.prefix, r.${rate}, r.connect_fee, r.initial_increment_sec, r.increment_sec, r.blocked,
        greatest(r.valid_from, a.valid_from) as valid_from, least(r.valid_until, a.valid_until) as valid_until
      from ${table} r
      join rate_deck d on d.deck_id = r.deck_id and d.kind = '${kind}'
      join deck_activation a on a.kind = d.kind and a.owner_id = d.owner_id and a.version = d.version
      where greatest(r.valid_from, a.valid_from) < coalesce(least(r.valid_until, a.valid_until), 'infinity')`,
  ];
}

const imports = [
  `create table deck_import (
    import_id uuid primary key,
    ${kind},
    owner_id integer not null,
    imported_by text not null,
    amends boolean not null,
    status text not null check (status in ('open', 'closed', 'finished')),
    format jsonb,
    next_sequence integer not null default 0,
    rest bytea not null default '',
    next_line bigint not null default 1,
    rows_read bigint not null default 0,
    deck_id bigint not null,
    digest text,
    copied_rates integer not null default 0,
    outcome jsonb,
    touched_at timestamptz not null
  )`,
  `create table deck_import_piece (
    import_id uuid not null references deck_import (import_id) on delete cascade,
    sequence integer not null,
    csv_sha256 bytea not null,
    rates bytea not null,
    primary key (import_id, sequence)
  )`,
  'alter table deck_import_piece alter column rates set storage external',
  `create table deck_import_error (
    import_id uuid not null references deck_import (import_id) on delete cascade,
    line bigint not null,
    column_name text not null,
    code text not null,
    value text not null,
    primary key (import_id, line)
  )`,
];

/** The only way in which rates are ever removed: those of an import that never became a version. */
const discardUnfinishedRates = `
  create function discard_unfinished_rates(deck bigint, rows_max integer) returns bigint
  language plpgsql security definer set search_path from current as $$
  declare
    removed bigint := 0;
    step bigint;
  begin
    if exists (select from rate_deck where deck_id = deck) then
      raise exception 'deck % is a version; its rates stay', deck;
    end if;
    ${rates.map(({ table }) => `
    delete from ${table} where ctid in (select ctid from ${table} where deck_id = deck limit rows_max);
    get diagnostics step = row_count;
    removed := removed + step;`).join('')}
    return removed;
  end $$`;
