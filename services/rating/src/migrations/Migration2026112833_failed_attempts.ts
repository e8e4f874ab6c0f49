import { Migration } from '@mikro-orm/migrations';

/** Attempts over carriers that did not connect a call, with what each takes for it; null where there were none, or they were not kept yet. */
export class Migration2026112833FailedAttempts extends Migration {
  override name = 'Migration2026112833_failed_attempts';

  override up(): void {
    this.addSql('alter table rated_call add column failed_attempts text');
  }
}
