import { Migration } from '@mikro-orm/migrations';

/** Who was to pay for a refused call, and why it was refused, so that calls are found by them. Of those that were refused before, and go within a week, nobody wrote it down. */
export class Migration2026113002RefusedCalls extends Migration {
  override name = 'Migration2026113002_refused_calls';

  override up(): void {
    this.addSql(`alter table refused_route add column payer text collate "C" not null default '', add column code text collate "C" not null default ''`);
    this.addSql('create index refused_route_payer on refused_route (payer, refused_at_us)');
  }
}
