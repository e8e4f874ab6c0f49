import { Migration } from '@mikro-orm/migrations';

/** When a provider takes calls, how many and how good; null where nothing was agreed. */
export class Migration2026112851ProviderLimits extends Migration {
  override name = 'Migration2026112851_provider_limits';

  override up(): void {
    this.addSql('alter table provider add column limits jsonb');
  }
}
