import { Migration } from '@mikro-orm/migrations';

/** What is left of the sell price when carriers are paid, in its currency; null of calls from before, and where it is not known. */
export class Migration2026112811Margins extends Migration {
  override name = 'Migration2026112811_margins';

  override up(): void {
    this.addSql('alter table call add column margin_nanos bigint');
  }
}
