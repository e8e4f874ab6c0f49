import { Migration } from '@mikro-orm/migrations';
import { eventStoreMigrations } from '@tollwire/event-store';

/** API keys, rows of CDR files that could not be read, and the event store that journals call events. */
export class Migration2026112101Edge extends Migration {
  override name = 'Migration2026112101_edge';

  override up(): void {
    for (const sql of eventStoreMigrations) this.addSql(sql);
    this.addSql(`create table api_key (
      key_id text collate "C" primary key check (key_id ~ '^[0-9a-f]{16}$'),
      name text not null check (length(name) between 1 and 128),
      role text not null check (role in ('switch', 'operator', 'reseller', 'admin')),
      reseller_id integer not null check ((role = 'reseller') = (reseller_id > 0)),
      digest text collate "C" not null check (digest ~ '^[0-9a-f]{64}$'),
      issued_by text not null,
      issued_at timestamptz not null,
      revoked_by text,
      revoked_at timestamptz,
      check ((revoked_at is null) = (revoked_by is null))
    )`);
    // The row as it stood in the file is kept, so that what was wrong can be mended and imported again.
    this.addSql(`create table import_row_error (
      import_row_error_id bigint generated always as identity primary key,
      import_id text collate "C" not null,
      format text not null,
      line bigint not null check (line > 0),
      code text not null,
      field text,
      detail text not null,
      row_text text not null,
      imported_by text not null,
      refused_at timestamptz not null,
      unique (import_id, line)
    )`);
  }
}
