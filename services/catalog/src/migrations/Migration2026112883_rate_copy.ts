import { Migration } from '@mikro-orm/migrations';

/**
 * Versions whose rates are still to be copied into their documented tables: a version counts when it is recorded, and its rows
 * follow. The views of rates in force leave out what is not whole.
 */
export class Migration2026112883RateCopy extends Migration {
  override name = 'Migration2026112883_rate_copy';

  override up(): void {
    this.addSql(`create table rate_copy (
      deck_id bigint primary key,
      kind text not null check (kind in ('tariff', 'retail', 'carrier')),
      owner_id integer not null,
      digest text not null,
      chunk_count integer not null check (chunk_count > 0),
      copied_chunks integer not null default 0 check (copied_chunks between 0 and chunk_count - 1),
      imported_at timestamptz not null
    )`);
    for (const { table, kind, id, owner, rate } of rates) {
      this.addSql(`create or replace view ${table}_in_force as
        select r.${id}, r.${owner}, d.version, r.prefix, r.${rate}, r.connect_fee, r.initial_increment_sec, r.increment_sec, r.blocked,
          greatest(r.valid_from, a.valid_from) as valid_from, least(r.valid_until, a.valid_until) as valid_until, r.profile
        from ${table} r
        join rate_deck d on d.deck_id = r.deck_id and d.kind = '${kind}'
        join deck_activation a on a.kind = d.kind and a.owner_id = d.owner_id and a.version = d.version
        where greatest(r.valid_from, a.valid_from) < coalesce(least(r.valid_until, a.valid_until), 'infinity')
          and not exists (select from rate_copy c where c.deck_id = r.deck_id)`);
    }
  }
}

const rates = [
  { kind: 'tariff', table: 'tariffrate', id: 'tariffrateid', owner: 'tariffid', rate: 'rate' },
  { kind: 'retail', table: 'voip_retail_rate', id: 'id', owner: 'voip_retail_plan_id', rate: 'retail_rate' },
  { kind: 'carrier', table: 'voip_carrier_rate', id: 'id', owner: 'voip_carrier_plan_id', rate: 'carrier_rate' },
] as const;
