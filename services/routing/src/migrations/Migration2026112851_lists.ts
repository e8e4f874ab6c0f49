import { Migration } from '@mikro-orm/migrations';

/** The own copy of the blacklist and the whitelist; an entry that was taken off stays, without prefixes, so that older news of it is known to be old. */
export class Migration2026112851Lists extends Migration {
  override name = 'Migration2026112851_lists';

  override up(): void {
    this.addSql(`create table listed_number (
      list text collate "C" not null check (list in ('blacklist', 'whitelist')),
      subject text collate "C" not null,
      is_country boolean not null,
      prefixes text[] not null,
      revision integer not null,
      primary key (list, subject)
    )`);
    this.addSql('create table listed_revision (revision bigint not null)');
    this.addSql('insert into listed_revision (revision) values (1)');
  }
}
