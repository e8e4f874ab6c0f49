import { Misuse } from '../cli/stop.ts';

/** An entry as the door takes it. */
export interface ListBodyEntry {
  readonly prefix?: string;
  readonly country?: string;
  readonly reason?: string;
}

export function listNamed(list: string | undefined): 'blacklist' | 'whitelist' {
  if (list === 'blacklist' || list === 'whitelist') return list;
  throw new Misuse('Name the list: blacklist or whitelist.');
}

/** Prefixes and countries as they were written: `+43 664` is a prefix, `at` a country. */
export function entriesOf(subjects: readonly string[], reason?: string): ListBodyEntry[] {
  if (subjects.length === 0) throw new Misuse('Name a prefix or a country: ./tollwire list add blacklist 43664 AT');
  return subjects.map((subject) => entryOf(subject, reason));
}

/** One entry with its reason, where there is one. */
export function entryOf(subject: string, reason?: string): ListBodyEntry {
  const why = reason === undefined || reason === '' ? {} : { reason };
  return /[A-Za-z]/.test(subject) ? { country: subject.trim().toUpperCase(), ...why } : { prefix: subject.replaceAll(/[\s+-]/g, ''), ...why };
}

interface ShowOptions {
  readonly removed?: boolean | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

export function listQuery(entry: string | undefined, { removed, from, until }: ShowOptions): URLSearchParams {
  const { prefix, country } = entry === undefined ? {} : entryOf(entry);
  const query = new URLSearchParams({ pageSize: '1000' });
  const given = { entry: prefix ?? country, removed: removed === true ? 'true' : undefined, from, until };
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.set(name, value);
  return query;
}
