import { Migration } from '@mikro-orm/migrations';

/** What is measured of carriers, by the minute in which their attempts ended, and which of them are locked for it. */
export class Migration2026112852Quality extends Migration {
  override name = 'Migration2026112852_quality';

  override up(): void {
    this.addSql(`alter table provider add column locks jsonb not null default '[]'`);
    // An empty destination is all of them. Rows of a minute change often and soon not at all, so pages keep room for them.
    this.addSql(`create table quality_minute (
      carrier_code text not null,
      destination text not null,
      at_min integer not null,
      attempts bigint not null,
      answered bigint not null,
      effective bigint not null,
      talk_us bigint not null,
      pdd_us bigint not null,
      pdd_calls bigint not null,
      primary key (carrier_code, destination, at_min)
    ) with (fillfactor = 60)`);
    this.addSql('create index quality_minute_at on quality_minute (at_min)');
    // Kept until the end of the call is told.
    this.addSql(`create table call_ringing (
      call_key text primary key,
      ringing_at_us bigint not null
    )`);
    this.addSql('create index call_ringing_at on call_ringing (ringing_at_us)');
  }
}
