import { Migration } from '@mikro-orm/migrations';

/** By which number carriers were found where number portability led elsewhere: of a rated call, and of one that was authorized and not rated yet. */
export class Migration2026112914Portability extends Migration {
  override name = 'Migration2026112914_portability';

  override up(): void {
    this.addSql('alter table rated_call add column routed_by text');
    this.addSql(`create table ported_call (
      call_key text collate "C" primary key,
      routing_number text not null,
      kept_at_us bigint not null
    )`);
    this.addSql('create index ported_call_kept on ported_call (kept_at_us)');
  }
}
