import { Migration } from '@mikro-orm/migrations';

/**
 * What is left of the sell price when carriers are paid, in its currency; with the exchange rates, where the buy price is in
 * another one, or why there is no margin. Both are null of calls that were rated before, and where there is no buy price.
 */
export class Migration2026112811Margins extends Migration {
  override name = 'Migration2026112811_margins';

  override up(): void {
    this.addSql('alter table rated_call add column margin_nanos bigint, add column margin_facts text');
  }
}
