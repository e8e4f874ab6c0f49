import { Migration } from '@mikro-orm/migrations';

/**
 * Leases are counted several times a second by every instance, and those of calls that are over stay for a quarter of an hour: a count reads those
 * that hold, and those offered just now, not the table.
 */
export class Migration2026112915LeaseCounts extends Migration {
  override name = 'Migration2026112915_lease_counts';

  override up(): void {
    this.addSql('create index call_lease_held on call_lease (carrier_code, until_us) where state < 3');
    this.addSql('create index call_lease_offered on call_lease (offered_us) include (carrier_code, offered_by) where offered_us > 0');
  }
}
