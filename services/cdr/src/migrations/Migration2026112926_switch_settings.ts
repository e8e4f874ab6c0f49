import { Migration } from '@mikro-orm/migrations';

/** The clock of a switch, as whoever runs it knows it: the zone of its local times, and how far it is ahead of ours. */
export class Migration2026112926SwitchSettings extends Migration {
  override name = 'Migration2026112926_switch_settings';

  override up(): void {
    this.addSql(`alter table voip_switch
      add column zone text not null default '',
      add column skew_us bigint not null default 0 check (skew_us between -86400000000 and 86400000000),
      add column set_by text not null default ''`);
  }
}
