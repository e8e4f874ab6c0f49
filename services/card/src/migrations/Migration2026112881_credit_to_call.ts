import { Migration } from '@mikro-orm/migrations';

/** How much must be free before a call may begin, beside the other dialling limits. */
export class Migration2026112881CreditToCall extends Migration {
  override name = 'Migration2026112881_credit_to_call';

  override up(): void {
    this.addSql(`alter table dialer_setting
      add column credit_to_call_min bigint check (credit_to_call_min > 0),
      add check (currency is not null or credit_to_call_min is null)`);
  }
}
