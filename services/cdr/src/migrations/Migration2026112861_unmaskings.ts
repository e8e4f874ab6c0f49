import { Migration } from '@mikro-orm/migrations';

/** Every answer that showed numbers whole: who asked, when, why, and for which calls. Only ever added to. */
export class Migration2026112861Unmaskings extends Migration {
  override name = 'Migration2026112861_unmaskings';

  override up(): void {
    this.addSql(`create table unmasking (
      id bigint generated always as identity primary key,
      at_us bigint not null,
      shown_to text not null check (shown_to <> ''),
      reason text not null check (reason <> ''),
      what text not null check (what in ('call', 'search')),
      question jsonb,
      calls text[] collate "C" not null
    )`);
    // Who saw this call? is asked seldom, and of a table that people fill, not calls.
    this.addSql('create index unmasking_calls on unmasking using gin (calls)');
    this.addSql('create index unmasking_shown_to on unmasking (shown_to, id)');
  }
}
