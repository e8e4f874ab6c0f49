import { Migration } from '@mikro-orm/migrations';

/**
 * Numbers are sealed by the key of the day on which their call was set up, in calls and in the log of events alike. A day
 * whose key is null was erased, and never gets another. Rows from before this are in the clear: their day is null.
 */
export class Migration2026112862NumberKeys extends Migration {
  override name = 'Migration2026112862_number_keys';

  override up(): void {
    this.addSql(`create table number_key (
      day integer primary key,
      key bytea check (octet_length(key) = 32),
      erased_at_us bigint,
      erased_by text,
      reason text,
      check ((key is null) = (erased_at_us is not null)),
      check ((erased_by is null) = (erased_at_us is null) and (reason is null) = (erased_at_us is null))
    )`);
    this.addSql('alter table call_event add column numbers_day integer');
    // Nonce: under which the texts of this row are sealed, another one each time that it is written. Index: what the numbers are found by.
    this.addSql('alter table call add column numbers_day integer, add column numbers_nonce bigint, add column number_index bigint[]');
    // Of a list that is appended to and merged in bulk: two B-trees would cost four times as much where calls are written.
    this.addSql('create index call_numbers on call using gin (number_index) with (fastupdate = on)');
  }
}
