import { Migration } from '@mikro-orm/migrations';

/**
 * Ringing, and calls that a rule closed. The constraints that grow are not validated anew: the rows that are there keep
 * the narrower ones that they were written under, and a table of calls is not walked for it.
 */
export class Migration2026112841Closing extends Migration {
  override name = 'Migration2026112841_closing';

  override up(): void {
    this.addSql('alter table call add column ringing_at_us bigint');
    const grown = [
      ['call', 'call_told_check', 'told between 1 and 63'],
      ['call', 'call_conflicts_check', 'conflicts between 0 and 63'],
      ['call', 'call_status_check', `status in ('started', 'ringing', 'answered', 'ended', 'closed', 'abandoned')`],
      ['call_event', 'call_event_kind_check', 'kind in (1, 2, 4, 8, 16, 32)'],
    ] as const;
    for (const [table, name, condition] of grown) {
      this.addSql(`alter table ${table} drop constraint ${name}`);
      this.addSql(`alter table ${table} add constraint ${name} check (${condition}) not valid`);
    }
    this.addSql(`create table abandon_walk (
      rule text primary key check (rule in ('silence', 'max_duration')),
      walked_until_us bigint not null default 0,
      sent_back integer not null default 0
    )`);
    this.addSql(`insert into abandon_walk (rule) values ('silence'), ('max_duration')`);
  }
}
