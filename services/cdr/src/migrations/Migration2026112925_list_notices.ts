import { Migration } from '@mikro-orm/migrations';

/** Who is told that calls met a list, and how often at most. A notice is an alarm's or a list's, and is sent alike. */
export class Migration2026112925ListNotices extends Migration {
  override name = 'Migration2026112925_list_notices';

  override up(): void {
    this.addSql(`create table list_notice (
      list text collate "C" primary key check (list in ('blacklist', 'whitelist')),
      email text,
      webhook_url text,
      webhook_secret text,
      throttle_sec integer not null check (throttle_sec >= 0),
      noticed_at_us bigint not null default 0,
      set_at_us bigint not null,
      set_by text not null,
      check (email is not null or webhook_url is not null),
      check ((webhook_url is null) = (webhook_secret is null))
    )`);
    this.addSql(`alter table alarm_notice alter column alarm_id drop not null, alter column report_id drop not null,
      add column list text collate "C" references list_notice (list) on delete cascade,
      add constraint alarm_notice_whose check ((alarm_id is null) = (report_id is null) and (alarm_id is null) <> (list is null))`);
  }
}
