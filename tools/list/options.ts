import { changeOf } from '../cli/none.ts';
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

interface NoticeOptions {
  readonly email?: string | undefined;
  readonly webhook?: string | undefined;
  readonly secret?: string | undefined;
  readonly 'throttle-sec'?: string | undefined;
  readonly none?: boolean | undefined;
}

/** Whether somebody is to be told, or nobody any more; else it is only asked who is. */
export function noticeChange({ email, webhook, 'throttle-sec': throttle, none }: NoticeOptions): 'show' | 'set' {
  const change = changeOf('receivers', email !== undefined || webhook !== undefined, none);
  if (change === 'show' && throttle !== undefined) throw new Misuse('Say who is told so seldom: --email ADDRESS, or --webhook URL --secret TEXT.');
  return change;
}

/** Who is to be told of a list, as the door takes it. */
export function noticeBody({ email, webhook, secret, 'throttle-sec': throttle }: NoticeOptions): object {
  if ((webhook === undefined) !== (secret === undefined)) throw new Misuse('A webhook has a secret, by which its receiver knows who sends: --webhook URL --secret TEXT');
  if (throttle !== undefined && !/^\d{1,8}$/.test(throttle)) throw new Misuse(`--throttle-sec takes a whole number of seconds, not "${throttle}".`);
  const given = { email, webhookUrl: webhook, webhookSecret: secret, throttleSec: throttle === undefined ? undefined : Number(throttle) };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
