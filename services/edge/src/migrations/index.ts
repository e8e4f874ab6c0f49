import { eventStoreGrants } from '@tollwire/event-store';
import { entities } from '../entities/edge.entities.ts';
import { Migration2026112101Edge } from './Migration2026112101_edge.ts';
import { Migration2026112912NumberRules } from './Migration2026112912_number_rules.ts';
import { Migration2026112921ImportQueue } from './Migration2026112921_import_queue.ts';

/** The migrations of the edge's database, oldest first. */
const migrations = [Migration2026112101Edge, Migration2026112912NumberRules, Migration2026112921ImportQueue];

/** What the service's role may do; `:app` stands for it. */
const grants: readonly string[] = [
  ...eventStoreGrants,
  'GRANT SELECT, INSERT, UPDATE, DELETE ON api_key, number_rules TO :app',
  'GRANT SELECT, INSERT ON import_row_error TO :app',
  // A number that is erased is starred out where it stands; why a row was refused stays.
  'GRANT UPDATE (row_text, detail) ON import_row_error TO :app',
  // UPDATE is what locking a row takes.
  'GRANT SELECT, INSERT, UPDATE, DELETE ON import_queue TO :app',
];

/** The edge's own database. */
export const schema = { entities, migrations, grants };
