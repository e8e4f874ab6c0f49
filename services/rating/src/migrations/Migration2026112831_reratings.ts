import { Migration } from '@mikro-orm/migrations';

/** Re-ratings: who asked for which, how far each is, and what it found; and the way to calls by the time of their set-up. */
export class Migration2026112831Reratings extends Migration {
  override name = 'Migration2026112831_reratings';

  override up(): void {
    this.addSql(`create table rerating (
      rerating_id text collate "C" primary key,
      requested_by text not null,
      reason text not null,
      apply boolean not null,
      from_us bigint not null,
      until_us bigint not null check (until_us >= from_us),
      plan_kind text check (plan_kind in ('tariff', 'voip_plan')),
      plan_id integer,
      party_key text,
      carrier_code text,
      destination_prefix text,
      include_pre_rated boolean not null,
      status text not null check (status in ('running', 'done', 'cancelled')),
      requested_at_us bigint not null,
      finished_at_us bigint,
      reached_us bigint not null,
      reached_call_key text collate "C" not null,
      slice_us bigint not null check (slice_us > 0),
      call_count bigint not null,
      changed_count bigint not null,
      refused_count bigint not null,
      findings bytea not null
    )`);
    this.addSql(`create index rerating_running on rerating (requested_at_us, rerating_id) where status = 'running'`);
    this.addSql(`create table rerating_difference (
      rerating_id text collate "C" not null references rerating,
      party_key text collate "C" not null,
      currency text not null,
      changed_count bigint not null,
      sell_difference_nanos numeric not null,
      buy_difference_nanos numeric not null,
      primary key (rerating_id, party_key, currency)
    )`);
    // Calls are rated about in the order of their set-up, so ranges of pages tell them apart; a b-tree would cost every insert.
    this.addSql('create index rated_call_started_at on rated_call using brin (started_at_us) with (pages_per_range = 32, autosummarize = on)');
  }
}
