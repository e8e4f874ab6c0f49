import { Migration } from '@mikro-orm/migrations';

/** Notices go by e-mail, too: one for each way that an alarm tells. */
export class Migration2026112864Mail extends Migration {
  override name = 'Migration2026112864_mail';

  override up(): void {
    this.addSql(`alter table alarm_notice add column way text not null default 'webhook' check (way in ('webhook', 'email'))`);
  }
}
