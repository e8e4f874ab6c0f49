import { Migration } from '@mikro-orm/migrations';

/**
 * Imports of files as carriers send them: dry runs, a count of rates that bounds them, the bytes of a workbook until all
 * of it is there, and several errors of one row.
 */
export class Migration2026112811DeckFiles extends Migration {
  override name = 'Migration2026112811_deck_files';

  override up(): void {
    for (const sql of statements) this.addSql(sql);
  }
}

const statements = [
  'alter table deck_import add column dry_run boolean not null default false, add column rates_read bigint not null default 0',
  'alter table deck_import_piece add column file bytea',
  // Compressed already, as every workbook is.
  'alter table deck_import_piece alter column file set storage external',
  'alter table deck_import_error drop constraint deck_import_error_pkey',
  'alter table deck_import_error add primary key (import_id, line, column_name, code, value)',
];
