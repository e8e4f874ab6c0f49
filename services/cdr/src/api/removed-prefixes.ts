import type { CodedRefusal, RemovedPrefix } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Database, Sql } from '@tollwire/event-store';

type Prefix = Pick<RemovedPrefix, 'prefix' | 'label'>;

const prefixesMax = 200;
const keepSql = 'DELETE FROM alert_remove_prefix WHERE prefix <> ALL($1::text[])';
const setSql = `
  INSERT INTO alert_remove_prefix AS p (prefix, label) SELECT prefix, label FROM unnest($1::text[], $2::text[]) AS u (prefix, label)
  ON CONFLICT (prefix) DO UPDATE SET label = excluded.label, updated_date = now() WHERE p.label <> excluded.label`;

/** What is taken off numbers before they are looked up, by prefix. */
export async function removedPrefixes(sql: Sql): Promise<Prefix[]> {
  return await sql.query<Prefix>('SELECT prefix, label FROM alert_remove_prefix ORDER BY prefix');
}

/** Sets them as a whole: what is not given is taken off no more. */
export async function setRemovedPrefixes(database: Pick<Database, 'transaction'>, prefixes: readonly Prefix[]): Promise<Result<{ prefixes: Prefix[] }, CodedRefusal>> {
  if (prefixes.length > prefixesMax) return refuse({ code: 'too_many_items', field: 'prefixes', detail: `Give at most ${prefixesMax} prefixes.` });
  for (const [at, { prefix, label }] of prefixes.entries()) {
    if (!/^[+*#0-9]{1,20}$/.test(prefix)) return refuse({ code: 'field_malformed', field: `prefixes[${at}].prefix`, detail: 'A prefix is up to 20 of digits, +, * and #.' });
    if (label === '' || label.length > 100 || /\p{Cc}/u.test(label)) return refuse({ code: 'field_malformed', field: `prefixes[${at}].label`, detail: 'A label has 1 to 100 printable characters.' });
    if (prefixes.findIndex((other) => other.prefix === prefix) !== at) return refuse({ code: 'field_malformed', field: `prefixes[${at}].prefix`, detail: 'A prefix is named once.' });
  }
  return ok({
    prefixes: await database.transaction(async (tx) => {
      await tx.query(keepSql, [prefixes.map(({ prefix }) => prefix)]);
      await tx.query(setSql, [prefixes.map(({ prefix }) => prefix), prefixes.map(({ label }) => label)]);
      return await removedPrefixes(tx);
    }),
  });
}
