/**
 * After a dump and restore: tells a database that its events are older than all to come. Their transaction ids are those
 * of another cluster, and would hide them, or sort new ones before them. For each database, as the owner of its tables,
 * with its service stopped:
 *
 *     MIGRATION_DATABASE_URL=postgres://tollwire_card_owner:PASSWORD@HOST/tollwire_card \
 *       node_modules/.bin/node --conditions=tollwire-source tools/operate/restamp.ts
 */
import { Database, restamp } from '@tollwire/event-store';

const url = process.env['MIGRATION_DATABASE_URL'];
if (url === undefined) throw new Error('MIGRATION_DATABASE_URL is to name the database, as the owner of its tables');
const database = await Database.connect({ url, applicationName: 'tollwire-restamp' });
try {
  const count = await database.transaction(restamp);
  process.stdout.write(`${count} events are stamped as older than all to come\n`);
} finally {
  await database.close();
}
