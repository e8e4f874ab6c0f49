import { Migration } from '@mikro-orm/migrations';

/**
 * How far an erasure of a number is, service by service. The number is kept until all of them have done it, so that one that is down is caught up with;
 * then it goes, too. Of an erasure from before that the number is not known, so it ends with the log.
 */
export class Migration2026112951ErasuresEverywhere extends Migration {
  override name = 'Migration2026112951_erasures_everywhere';

  override up(): void {
    this.addSql('alter table number_erasure add column number text, add column log_done_at_us bigint');
    this.addSql('update number_erasure set log_done_at_us = done_at_us');
    this.addSql(`create table number_erasure_service (
      erasure_id integer not null references number_erasure,
      service text not null,
      began_at_us bigint not null,
      next text not null default '',
      calls_after text collate "C",
      done_at_us bigint,
      problem text not null default '',
      primary key (erasure_id, service)
    )`);
    this.addSql(`create table number_erasure_place (
      erasure_id integer not null,
      service text not null,
      place text not null,
      row_count bigint not null,
      kept boolean not null,
      primary key (erasure_id, service, place),
      foreign key (erasure_id, service) references number_erasure_service (erasure_id, service)
    )`);
  }
}
