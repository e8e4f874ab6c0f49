import { Migration } from '@mikro-orm/migrations';

/** What a price follows from beyond a rate per minute, its increments and connect fee; null where there is nothing beyond. */
export class Migration2026112801Schedules extends Migration {
  override name = 'Migration2026112801_schedules';

  override up(): void {
    this.addSql('alter table rated_call add column sell_further_facts text, add column buy_further_facts text');
    this.addSql('alter table subscriber_plan add column incoming_leg boolean not null default false');
  }
}
