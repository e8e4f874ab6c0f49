import { Migration } from '@mikro-orm/migrations';
import { planHistoryMigrations } from '@tollwire/rate-decks';

/** Every revision of a plan is kept, not the newest alone. */
export class Migration2026112823PlanHistory extends Migration {
  override name = 'Migration2026112823_plan_history';

  override up(): void {
    for (const sql of planHistoryMigrations) this.addSql(sql);
  }
}
