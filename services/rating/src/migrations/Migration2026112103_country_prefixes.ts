import { Migration } from '@mikro-orm/migrations';

/** What the prefix of a rate is in the catalog's number plan; null on ratings from before, and where it is unknown. */
export class Migration2026112103CountryPrefixes extends Migration {
  override name = 'Migration2026112103_country_prefixes';

  override up(): void {
    this.addSql('alter table rated_call add column sell_country_prefix_id integer, add column buy_country_prefix_id integer');
  }
}
