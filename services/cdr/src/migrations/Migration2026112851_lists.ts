import { Migration } from '@mikro-orm/migrations';

/**
 * The lists at work: every entry that is or was, and how often calls met it, by the hour. An entry for a country is a row
 * of the documented tables for each of its prefixes, so a prefix may stand there for itself and for a country.
 */
export class Migration2026112851Lists extends Migration {
  override name = 'Migration2026112851_lists';

  override up(): void {
    const listName = `list text collate "C" not null check (list in ('blacklist', 'whitelist'))`;
    this.addSql(`create table list_entry (
      ${listName},
      subject text collate "C" not null check (subject ~ '^([1-9][0-9]{0,14}|[A-Z0-9]{2,3})$'),
      is_country boolean not null,
      prefixes text not null,
      reason text not null,
      listed boolean not null,
      revision integer not null,
      listed_at timestamptz not null,
      listed_by text not null,
      delisted_at timestamptz,
      delisted_by text,
      primary key (list, subject)
    )`);
    this.addSql(`create table list_hit (
      ${listName},
      subject text collate "C" not null,
      at_hour integer not null,
      stopped bigint not null,
      passed bigint not null,
      last_hit_at_us bigint not null,
      primary key (list, subject, at_hour)
    )`);
    for (const list of ['blacklist', 'whitelist']) {
      this.addSql(`alter table ${list} drop constraint ${list}_user_id_phonenumber_prefix_key, drop constraint ${list}_country_check`);
      this.addSql(`alter table ${list} add unique nulls not distinct (user_id, phonenumber_prefix, country)`);
      this.addSql(`alter table ${list} add constraint ${list}_country_check check (country ~ '^[A-Z0-9]{2,3}$')`);
    }
  }
}
