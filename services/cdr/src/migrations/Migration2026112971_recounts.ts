import { Migration } from '@mikro-orm/migrations';

/**
 * Since when no call was dropped by its age, so that a recount of the reports leaves alone what only their sums know. Where calls were dropped before this was
 * noted, there are hours that have sums and no call: a day after the last of them.
 */
export class Migration2026112971Recounts extends Migration {
  override name = 'Migration2026112971_recounts';

  override up(): void {
    this.addSql('create table report_kept_since (one boolean primary key default true check (one), since_us bigint not null)');
    this.addSql(`insert into report_kept_since (since_us)
      select coalesce(max(b.at_min) + 60 + 1440, 0)::bigint * 60000000 from report_bucket b
      where b.dimension = 'all' and b.grain = 'hour' and b.calls > 0
        and not exists (select from call c where c.started_at_us >= b.at_min::bigint * 60000000 and c.started_at_us < (b.at_min + 60)::bigint * 60000000)`);
  }
}
