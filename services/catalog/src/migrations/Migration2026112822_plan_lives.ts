import { Migration } from '@mikro-orm/migrations';

/** Plans that are renamed and deleted, links with a metric and dates, and what a version was made from. */
export class Migration2026112822PlanLives extends Migration {
  override name = 'Migration2026112822_plan_lives';

  override up(): void {
    for (const [table, name] of plans) {
      this.addSql(`alter table ${table} add column deleted_at timestamptz`);
      // A name is free again once its plan is deleted; its id, and the rates and calls that have it, stay.
      this.addSql(`alter table ${table} drop constraint ${table}_${name}_key`);
      this.addSql(`create unique index ${table}_${name}_alive on ${table} (${name}) where deleted_at is null`);
    }
    this.addSql('alter table voip_plan add column valid_from timestamptz, add column valid_until timestamptz, add column composed_at timestamptz');
    this.addSql(`alter table voip_plan_voip_retail_plan
      add column metric bigint not null default 0, add column valid_from timestamptz, add column valid_until timestamptz`);
    this.addSql('alter table rate_deck add column origin text');
  }
}

const plans = [
  ['tariff', 'tariffname'], ['voip_plan', 'name'], ['voip_retail_plan', 'name'], ['voip_carrier_plan', 'name'], ['ban_plan', 'name'],
] as const;
