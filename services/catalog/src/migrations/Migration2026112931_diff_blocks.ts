import { Migration } from '@mikro-orm/migrations';

/** Rows of a difference that are compressed together; those from before have as many as a reply. */
export class Migration2026112931DiffBlocks extends Migration {
  override name = 'Migration2026112931_diff_blocks';

  override up(): void {
    this.addSql('alter table deck_diff add column rows_per_block integer not null default 1000 check (rows_per_block > 0 and rows_per_block % 1000 = 0)');
  }
}
