import { type InstantUs, unreachable } from '@tollwire/core';
import type { Projection, ReadModel, Sql } from '@tollwire/event-store';
import type { ListEntryEvent, ListName, ListSubject } from '../domain/list-entry.ts';

/** What the name of an entry's stream begins with; its list and its subject follow. */
export const listStreamPrefix = 'listentry-';

/** The id of an entry: of one list there is one for each prefix or country. */
export function listEntryIdOf(list: ListName, { value }: ListSubject): string {
  return `${list}-${value}`;
}

/** An entry that is or was on a list. */
export interface ListEntryRow {
  readonly list: string;
  readonly subject: string;
  readonly isCountry: boolean;
  /** What it stands for, joined by commas; empty once it was taken off. */
  readonly prefixes: string;
  readonly reason: string;
  readonly listed: boolean;
  /** Counts what was told of the entry. */
  readonly revision: number;
  readonly listedAt: InstantUs;
  readonly listedBy: string;
  readonly delistedAt: InstantUs | null;
  readonly delistedBy: string | null;
}

/** Every entry as it stands, those that were taken off, too: who follows the lists must hear of them. */
export const listEntries: Projection<ListEntryRow, ListEntryEvent> = {
  name: 'list-entries',
  table: 'list_entry',
  streamPrefix: listStreamPrefix,
  columns: {
    list: 'list text',
    subject: 'subject text',
    isCountry: 'is_country boolean',
    prefixes: 'prefixes text',
    reason: 'reason text',
    listed: 'listed boolean',
    revision: 'revision int',
    listedAt: 'listed_at instant_us',
    listedBy: 'listed_by text',
    delistedAt: 'delisted_at instant_us',
    delistedBy: 'delisted_by text',
  },
  key: ['list', 'subject'],
  keyOf: ({ event }) => [event.list, event.subject.value],
  evolve(row, { event, version: revision }) {
    const { list, subject: { kind, value: subject } } = event;
    switch (event.type) {
      case 'NumberListed': {
        const { reason, at: listedAt, by: listedBy } = event;
        return { list, subject, isCountry: kind === 'country', prefixes: event.prefixes.join(), reason, listed: true, revision, listedAt, listedBy, delistedAt: null, delistedBy: null };
      }
      case 'CountryRenumbered':
        return row && { ...row, prefixes: event.prefixes.join(), revision };
      case 'NumberDelisted':
        return row && { ...row, prefixes: '', listed: false, revision, delistedAt: event.at, delistedBy: event.by };
      default:
        return unreachable(event);
    }
  },
};



/** The documented tables: a row for each prefix that is on the list, with the country that it was listed for. */
export const documentedLists: readonly ReadModel<ListEntryEvent>[] = [documented('blacklist'), documented('whitelist')];

function documented(table: ListName): ReadModel<ListEntryEvent> {
  return {
    name: `documented-${table}`,
    table,
    streamPrefix: listStreamPrefix,
    async apply(tx, recorded) {
      const last = new Map(recorded.filter(({ event }) => event.list === table).map(({ event }) => [event.subject.value, event]));
      await takeOff(tx, table, [...last.values()]);
      await putOn(tx, table, [...last.values()]);
    },
    async clear(tx) {
      await tx.query(`lock table ${table} in exclusive mode`);
      await tx.query(`delete from ${table}`);
    },
  };
}

async function takeOff(tx: Sql, table: string, events: readonly ListEntryEvent[]): Promise<void> {
  const named = (kind: ListSubject['kind']) => events.filter(({ subject }) => subject.kind === kind).map(({ subject }) => subject.value);
  const [prefixes, countries] = [named('prefix'), named('country')];
  if (prefixes.length > 0) await tx.query(`delete from ${table} where country is null and user_id is null and phonenumber_prefix = any($1::text[])`, [prefixes]);
  if (countries.length > 0) await tx.query(`delete from ${table} where user_id is null and country = any($1::text[])`, [countries]);
}

async function putOn(tx: Sql, table: string, events: readonly ListEntryEvent[]): Promise<void> {
  const rows = events.flatMap((event) => {
    if (event.type === 'NumberDelisted') return [];
    const { subject: { kind, value }, prefixes, at } = event;
    return prefixes.map((prefix) => ({ prefix, country: kind === 'country' ? value : null, at }));
  });
  if (rows.length === 0) return;
  await tx.query(
    `insert into ${table} (phonenumber_prefix, country, created_date)
     select prefix, country, from_us(at) from unnest($1::text[], $2::text[], $3::bigint[]) as r (prefix, country, at)`,
    [rows.map(({ prefix }) => prefix), rows.map(({ country }) => country), rows.map(({ at }) => at)],
  );
}
