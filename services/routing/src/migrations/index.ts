import { Migration2026112101Providers } from './Migration2026112101_providers.ts';
import { Migration2026112102Decks } from './Migration2026112102_decks.ts';

/** In the order in which they run. */
export const migrations = [Migration2026112101Providers, Migration2026112102Decks];

/** What routing's role may do: read and write, but never change or remove an event. */
export const grants = [
  'grant usage on schema public to :app',
  'grant select, insert, update, delete on all tables in schema public to :app',
  'grant usage on all sequences in schema public to :app',
  'revoke update, delete, truncate on event from :app',
];
