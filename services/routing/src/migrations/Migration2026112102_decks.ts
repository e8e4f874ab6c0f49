import { Migration } from '@mikro-orm/migrations';
import { rateDeckMigrations } from '@tollwire/rate-decks';

/** The own copy of the carrier decks and plans that are in force. */
export class Migration2026112102Decks extends Migration {
  override name = 'Migration2026112102_decks';

  override up(): void {
    for (const sql of rateDeckMigrations) this.addSql(sql);
  }
}
