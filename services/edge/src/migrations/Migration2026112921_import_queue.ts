import { Migration } from '@mikro-orm/migrations';

/** Calls of files that are durable and wait for their turn to be told of, packed as they are in the outbox. */
export class Migration2026112921ImportQueue extends Migration {
  override name = 'Migration2026112921_import_queue';

  override up(): void {
    this.addSql(`create table import_queue (
      position bigint generated always as identity primary key,
      subject text not null,
      event_count integer not null check (event_count > 0),
      payload bytea not null,
      queued_at timestamptz not null default clock_timestamp()
    ) with (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0)`);
    // Packed protobuf: pglz costs more than it saves.
    this.addSql('alter table import_queue alter column payload set storage external');
  }
}
