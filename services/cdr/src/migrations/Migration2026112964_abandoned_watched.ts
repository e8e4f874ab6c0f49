import { Migration } from '@mikro-orm/migrations';

/** Calls that a rule closed, because their end never came, are watched as conversations no more. */
export class Migration2026112964AbandonedWatched extends Migration {
  override name = 'Migration2026112964_abandoned_watched';

  override up(): void {
    this.addSql('alter table fraud_call add column is_abandoned boolean not null default false');
  }
}
