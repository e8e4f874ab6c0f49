import { Migration } from '@mikro-orm/migrations';

/** What plans charge beside their rates, and the zone whose clocks the windows of those go by. */
export class Migration2026112801PlanCharges extends Migration {
  override name = 'Migration2026112801_plan_charges';

  override up(): void {
    for (const table of ['tariff', 'voip_plan']) {
      this.addSql(`alter table ${table} add column charges text, add column windows_by_start boolean not null default false`);
    }
    for (const table of ['tariff', 'voip_retail_plan', 'voip_carrier_plan']) {
      this.addSql(`alter table ${table} add column time_zone text not null default ''`);
    }
  }
}
