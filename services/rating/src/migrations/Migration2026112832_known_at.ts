import { Migration } from '@mikro-orm/migrations';

/** What was known when: of direct rates, the instant that they were told at; of a re-rating, the instant whose knowledge counts. */
export class Migration2026112832KnownAt extends Migration {
  override name = 'Migration2026112832_known_at';

  override up(): void {
    // Null on what was told before this was kept: known at every instant.
    this.addSql('alter table direct_rate add column recorded_at_us bigint');
    this.addSql('alter table rerating add column known_at_us bigint');
  }
}
