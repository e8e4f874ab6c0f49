import { Migration } from '@mikro-orm/migrations';

/** Which caller id the gateway of a provider wants; null: the caller's, as it is. Those of `gateways` say it themselves. */
export class Migration2026112916CallerId extends Migration {
  override name = 'Migration2026112916_caller_id';

  override up(): void {
    this.addSql('alter table provider add column caller_id jsonb');
  }
}
