import { Migration } from '@mikro-orm/migrations';

/**
 * Attempts over carriers that came before the one that a call counts under, and how many of them were effective. A new installation has the columns from
 * the beginning. Sums from before know of none until Migration2026112965_reroutes_counted.
 */
export class Migration2026112963Reroutes extends Migration {
  override name = 'Migration2026112963_reroutes';

  override up(): void {
    for (const name of ['reroutes', 'reroutes_effective']) this.addSql(`alter table report_bucket add column if not exists ${name} bigint not null default 0`);
  }
}
