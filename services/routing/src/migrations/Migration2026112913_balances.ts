import { Migration } from '@mikro-orm/migrations';

/** What is left with a provider, and what calls have used up of it since it was stated: each call with its last rating, and their sum. */
export class Migration2026112913Balances extends Migration {
  override name = 'Migration2026112913_balances';

  override up(): void {
    this.addSql(`alter table provider add column balance_nanos bigint, add column balance_currency text, add column balance_since timestamptz,
      add check ((balance_nanos is null) = (balance_currency is null) and (balance_nanos is null) = (balance_since is null))`);
    this.addSql(`create table provider_spent (
      carrier_code text collate "C" not null,
      since_us bigint not null,
      nanos bigint not null,
      primary key (carrier_code, since_us)
    )`);
    this.addSql(`create table provider_spent_call (
      carrier_code text collate "C" not null,
      since_us bigint not null,
      call_key text collate "C" not null,
      revision integer not null,
      nanos bigint not null,
      primary key (carrier_code, since_us, call_key)
    )`);
  }
}
