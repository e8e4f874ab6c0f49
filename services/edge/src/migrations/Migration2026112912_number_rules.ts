import { Migration } from '@mikro-orm/migrations';

/** How numbers are dialled on switches and their trunks; an empty trunk is the switch. */
export class Migration2026112912NumberRules extends Migration {
  override name = 'Migration2026112912_number_rules';

  override up(): void {
    this.addSql(`create table number_rules (
      switch_id text collate "C" not null check (switch_id <> ''),
      trunk text collate "C" not null,
      rules jsonb not null,
      set_by text not null,
      set_at timestamptz not null,
      primary key (switch_id, trunk)
    )`);
  }
}
