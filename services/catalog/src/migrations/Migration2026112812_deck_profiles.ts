import { Migration } from '@mikro-orm/migrations';

/** What a rate says beyond an amount per minute: its time window, further steps, charges; and a way to remove what imports left. */
export class Migration2026112812DeckProfiles extends Migration {
  override name = 'Migration2026112812_deck_profiles';

  override up(): void {
    for (const { table, kind, id, owner, rate } of rates) {
      this.addSql(`alter table ${table} add column profile jsonb`);
      this.addSql(`create or replace view ${table}_in_force as
        select r.${id}, r.${owner}, d.version, r.prefix, r.${rate}, r.connect_fee, r.initial_increment_sec, r.increment_sec, r.blocked,
          greatest(r.valid_from, a.valid_from) as valid_from, least(r.valid_until, a.valid_until) as valid_until, r.profile
        from ${table} r
        join rate_deck d on d.deck_id = r.deck_id and d.kind = '${kind}'
        join deck_activation a on a.kind = d.kind and a.owner_id = d.owner_id and a.version = d.version
        where greatest(r.valid_from, a.valid_from) < coalesce(least(r.valid_until, a.valid_until), 'infinity')`);
    }
    this.addSql(discardUnusedChunks);
    // Those from before say less of a rate, and nothing of what is unchanged; they are worked out again when somebody asks.
    this.addSql('delete from deck_diff');
  }
}

/**
 * The only way in which content is ever removed: that of no version, and of no import that is still under way. An import notes
 * the digest before it stores the content; it waits here, so that what it finds stored is not removed after that.
 */
const discardUnusedChunks = `
  create function discard_unused_chunks(named text) returns bigint
  language plpgsql security definer set search_path from current as $$
  declare
    removed bigint;
  begin
    lock table deck_import in share row exclusive mode;
    delete from deck_chunk c where c.digest = named
      and not exists (select from rate_deck d where d.digest = named)
      and not exists (select from deck_import i where i.digest = named and i.status <> 'finished');
    get diagnostics removed = row_count;
    return removed;
  end $$`;

const rates = [
  { kind: 'tariff', table: 'tariffrate', id: 'tariffrateid', owner: 'tariffid', rate: 'rate' },
  { kind: 'retail', table: 'voip_retail_rate', id: 'id', owner: 'voip_retail_plan_id', rate: 'retail_rate' },
  { kind: 'carrier', table: 'voip_carrier_rate', id: 'id', owner: 'voip_carrier_plan_id', rate: 'carrier_rate' },
] as const;
