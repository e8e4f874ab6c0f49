import { Migration } from '@mikro-orm/migrations';

/** Rules against fraud for some payers alone, and for all but some. Those of before are for everybody. */
export class Migration2026112972FraudPayers extends Migration {
  override name = 'Migration2026112972_fraud_payers';

  override up(): void {
    this.addSql(`alter table fraud_rule add column payers text[] not null default '{}', add column except_payers text[] not null default '{}'`);
  }
}
