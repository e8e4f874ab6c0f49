import { Migration } from '@mikro-orm/migrations';

/** When calls were authorized: of a rated call, and of those that were under way while versions of decks or plans changed. */
export class Migration2026112931AuthorizedCalls extends Migration {
  override name = 'Migration2026112931_authorized_calls';

  override up(): void {
    this.addSql('alter table rated_call add column authorized_at_us bigint');
    this.addSql(`create table authorized_call (
      call_key text collate "C" primary key,
      authorized_at_us bigint not null,
      until_us bigint not null
    )`);
    this.addSql('create index authorized_call_until on authorized_call (until_us)');
  }
}
