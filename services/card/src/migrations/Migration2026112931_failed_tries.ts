import { Migration } from '@mikro-orm/migrations';

/**
 * Tries that failed, of PINs and of vouchers, each by its own end instead of a count within a fixed window, around whose boundary nearly twice
 * as many went. An instance of the version before takes no try any more, so no guess goes uncounted while both run.
 */
export class Migration2026112931FailedTries extends Migration {
  override name = 'Migration2026112931_failed_tries';

  override up(): void {
    this.addSql(`create table failed_try (
      subject text collate "C" primary key,
      clock_us bigint not null,
      ends_us bigint[] not null
    )`);
    // What was tried before counts for a quarter of an hour from where its window began, as it would have by default.
    this.addSql(`insert into failed_try (subject, clock_us, ends_us)
      select 'pin:' || kind || ':' || value, us, array_fill(us + 900000000, array[tries])
      from (select kind, value, tries, (extract(epoch from since) * 1000000)::bigint as us from pin_try where tries > 0) t`);
    this.addSql(`insert into failed_try (subject, clock_us, ends_us)
      select 'voucher:' || subject, window_from_us, array_fill(window_from_us + 900000000, array[failed]) from voucher_try where failed > 0`);
    this.addSql('drop table pin_try');
    this.addSql('drop table voucher_try');
  }
}
