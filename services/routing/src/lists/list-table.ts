import { dataOf, NumberDelistedSchema, NumberListedSchema, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import type { ParkedEvent, Reaction, Sql } from '@tollwire/event-store';
import type { KeptEntry } from '../domain/kept-lists.ts';

/** An entry as it was told last; one that was taken off stands for no prefix. */
export interface ToldEntry extends Omit<KeptEntry, 'list'> {
  readonly list: string;
  readonly revision: number;
}

/** News of the lists that routing takes in. */
export const listEvents = [publicEvents.NumberListed, publicEvents.NumberDelisted];

const keepSql = `
  insert into listed_number (list, subject, is_country, prefixes, revision)
  select list, subject, is_country, string_to_array(prefixes, ','), revision
  from unnest($1::text[], $2::text[], $3::boolean[], $4::text[], $5::int[]) as e (list, subject, is_country, prefixes, revision) order by 1, 2
  on conflict (list, subject) do update set is_country = excluded.is_country, prefixes = excluded.prefixes, revision = excluded.revision
  where excluded.revision > listed_number.revision
  returning 1`;

/** Keeps entries as they were told, whatever came before what; where one is new, every instance is told in the same transaction. */
export async function keepEntries(tx: Sql, told: readonly ToldEntry[]): Promise<void> {
  const newest = new Map<string, ToldEntry>();
  for (const entry of told) {
    const key = `${entry.list} ${entry.subject}`;
    if ((newest.get(key)?.revision ?? 0) < entry.revision) newest.set(key, entry);
  }
  if (newest.size === 0) return;
  const entries = [...newest.values()];
  const kept = await tx.query(keepSql, [
    entries.map(({ list }) => list), entries.map(({ subject }) => subject), entries.map(({ isCountry }) => isCountry),
    entries.map(({ prefixes }) => prefixes.join()), entries.map(({ revision }) => revision),
  ]);
  if (kept.length > 0) await tx.query('update listed_revision set revision = revision + 1');
}

/** Follows the lists. */
export function learnLists(): Reaction {
  return {
    name: 'learn-lists',
    events: listEvents,
    handle: async (tx, events) => {
      const park: ParkedEvent[] = [];
      const told = events.flatMap((event) => {
        const entry = toldOf(event);
        if (entry === undefined) park.push({ eventId: event.id, code: 'field_malformed', detail: 'field: list, subject or prefixes' });
        return entry ?? [];
      });
      await keepEntries(tx, told);
      return { park };
    },
  };
}

const subjectForm = /^[A-Z0-9]{1,15}$/;
const prefixForm = /^\d{1,15}$/;

/** What an event says of an entry; undefined where it cannot be kept. */
function toldOf(event: ReceivedEvent): ToldEntry | undefined {
  const isListed = event.type === publicEvents.NumberListed.type;
  const { list, subject, revision } = isListed ? dataOf(NumberListedSchema, event) : dataOf(NumberDelistedSchema, event);
  const prefixes = isListed ? dataOf(NumberListedSchema, event).prefixes : [];
  if ((list !== 'blacklist' && list !== 'whitelist') || subject.case === undefined || !subjectForm.test(subject.value)) return undefined;
  if (!prefixes.every((prefix) => prefixForm.test(prefix))) return undefined;
  return { list, subject: subject.value, isCountry: subject.case === 'country', prefixes, revision };
}

export async function readListRevision(sql: Sql): Promise<bigint> {
  const [row] = await sql.query<{ revision: bigint }>('select revision from listed_revision');
  return row?.revision ?? 0n;
}

/** Every entry that is on a list. */
export async function loadEntries(sql: Sql): Promise<KeptEntry[]> {
  return await sql.query<KeptEntry>(
    `select list, subject, is_country as "isCountry", prefixes from listed_number where cardinality(prefixes) > 0 order by list, subject`,
  );
}
