import { Migration } from '@mikro-orm/migrations';

/** A direct rate may be withdrawn: a row without an amount, from whose instant on nothing is offered for the prefix. */
export class Migration2026112941WithdrawnRates extends Migration {
  override name = 'Migration2026112941_withdrawn_rates';

  override up(): void {
    this.addSql('alter table direct_rate alter column rate_per_min_nanos drop not null');
  }
}
