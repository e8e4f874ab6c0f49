import { Migration } from '@mikro-orm/migrations';

/** Providers' direct rates, as routing tells them: the other documented way to a buy price. */
export class Migration2026112102DirectRates extends Migration {
  override name = 'Migration2026112102_direct_rates';

  override up(): void {
    // Append-only: a rate ends where the next one of its prefix begins, so the order of arrival does not matter.
    this.addSql(`create table direct_rate (
      carrier_code text not null,
      prefix text collate "C" not null,
      valid_from_us bigint not null,
      currency text not null,
      rate_per_min_nanos bigint not null check (rate_per_min_nanos >= 0),
      primary key (carrier_code, prefix, valid_from_us)
    )`);
  }
}
