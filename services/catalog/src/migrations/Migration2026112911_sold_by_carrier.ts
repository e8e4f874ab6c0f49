import { Migration } from '@mikro-orm/migrations';

/** Over which carriers customers pay by a retail plan of their plan; null: over all that no other names. */
export class Migration2026112911SoldByCarrier extends Migration {
  override name = 'Migration2026112911_sold_by_carrier';

  override up(): void {
    this.addSql('alter table voip_plan_voip_retail_plan add column carrier_codes jsonb');
  }
}
