import { eventStoreGrants } from '@tollwire/event-store';
import { entities } from '../entities/edge.entities.ts';
import { Migration2026112101Edge } from './Migration2026112101_edge.ts';

/** The migrations of the edge's database, oldest first. */
const migrations = [Migration2026112101Edge];

/** What the service's role may do; `:app` stands for it. */
const grants: readonly string[] = [
  ...eventStoreGrants,
  'GRANT SELECT, INSERT, UPDATE, DELETE ON api_key TO :app',
  'GRANT SELECT, INSERT ON import_row_error TO :app',
];

/** The edge's own database. */
export const schema = { entities, migrations, grants };
