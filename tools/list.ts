import { argumentsOf } from './cli/arguments.ts';
import { documentText } from './cli/document.ts';
import { Misuse } from './cli/stop.ts';
import { tell, type Told } from './cli/told.ts';
import { runningApi } from './client/connect.ts';
import { entriesOf, type ListBodyEntry, listNamed, listQuery, noticeBody, noticeChange } from './list/options.ts';
import { changeLines, entryLine, noticeLine } from './list/lines.ts';
import { type Changed, changed, type ListEntry, notice, notices, shown } from './list/replies.ts';
import { entriesInFile } from './list/file.ts';

export const summary = 'puts numbers on the blacklist or the whitelist, takes them off, and shows how often calls met them';

export const help = `
./tollwire list add LIST ENTRY... [--reason TEXT] [--json]
./tollwire list remove LIST ENTRY... [--json]
./tollwire list import LIST FILE [--reason TEXT] [--json]
./tollwire list notify LIST [[--email ADDRESS] [--webhook URL --secret TEXT] [--throttle-sec S] | --none] [--json]
./tollwire list notices [--json]
./tollwire list show LIST [ENTRY] [--removed] [--from INSTANT] [--until INSTANT] [--json]

LIST is blacklist or whitelist. An ENTRY is a prefix (43664) or a country of the number plan (AT), which means all of its
prefixes. Calls are screened within a second, the whitelist first; whether a call to a blacklisted number is stopped or marked
says ./tollwire policy set --blacklisted.

  --reason TEXT   why, for whoever looks later
  --removed       also what was taken off, by whom and when
  --from, --until only hits of this time, by whole hours of UTC

notify has calls that met a list told, by e-mail or a signed webhook, once within --throttle-sec (600), whichever entries are met;
with --none, nobody is told any more; where nothing is said, it shows who is, as notices does.

A FILE has an entry a line, with a reason behind a comma where it has one; what begins with # is left out. Where a line cannot
be read, nothing of the file is sent. Imported again, it changes nothing. It ends with 1 where an entry was refused.
`;

const options = {
  reason: { type: 'string' }, removed: { type: 'boolean' }, from: { type: 'string' }, until: { type: 'string' }, json: { type: 'boolean' },
  email: { type: 'string' }, webhook: { type: 'string' }, secret: { type: 'string' }, 'throttle-sec': { type: 'string' }, none: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof argumentsOf<typeof options>>['values'];

/** Entries in one request. */
const BATCH = 1_000;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals: [action, list, ...subjects] } = argumentsOf(args, options, { add: Infinity, remove: Infinity, import: 2, show: 2, notify: 1, notices: 0 });
  const { told, isRefused } = await answerOf(action, list, subjects, values);
  tell(told, values.json);
  return isRefused ? 1 : 0;
}

async function answerOf(action: string | undefined, list: string | undefined, subjects: readonly string[], values: Values): Promise<{ told: Told; isRefused: boolean }> {
  switch (action) {
    case 'add':
      return await change(`/v1/lists/${listNamed(list)}`, entriesOf(subjects, values.reason));
    case 'remove':
      return await change(`/v1/lists/${listNamed(list)}/remove`, entriesOf(subjects));
    case 'import': {
      const [file] = subjects;
      if (file === undefined) throw new Misuse('Say which file: ./tollwire list import blacklist ranges.csv');
      const { entries, lines } = entriesInFile(documentText(file), values.reason);
      return await change(`/v1/lists/${listNamed(list)}`, entries, lines);
    }
    case 'show': {
      const entries = await everyEntry(`/v1/lists/${listNamed(list)}`, listQuery(subjects[0], values));
      return { told: { json: { entries }, lines: entries.map(entryLine) }, isRefused: false };
    }
    case 'notify': {
      if (noticeChange(values) === 'show') return await noticesOf(listNamed(list));
      const set = await runningApi().post(`/v1/list-notices/${listNamed(list)}`, noticeBody(values), notice);
      return { told: { json: set, lines: [noticeLine(set)] }, isRefused: false };
    }
    case 'notices':
      return await noticesOf();
    case undefined:
    default:
      throw new Misuse('Say what to do: ./tollwire list add blacklist 43664 --reason "Wangiri"');
  }
}

async function noticesOf(list?: 'blacklist' | 'whitelist'): Promise<{ told: Told; isRefused: boolean }> {
  const { notices: all } = await runningApi().get('/v1/list-notices', notices);
  const asked = all.filter((each) => list === undefined || each.list === list);
  return { told: { json: { notices: asked }, lines: asked.map(noticeLine) }, isRefused: false };
}

async function change(path: string, entries: readonly ListBodyEntry[], fileLines?: readonly number[]): Promise<{ told: Told; isRefused: boolean }> {
  const all: { changedCount: number; unchangedCount: number; refused: Changed['refused'] } = { changedCount: 0, unchangedCount: 0, refused: [] };
  for (let at = 0; at < entries.length; at += BATCH) {
    const done = await runningApi().post(path, { entries: entries.slice(at, at + BATCH) }, changed);
    all.changedCount += done.changedCount;
    all.unchangedCount += done.unchangedCount;
    all.refused = [...all.refused, ...done.refused.map((each) => ({ ...each, index: each.index + at }))];
  }
  return { told: { json: all, lines: changeLines(all, entries, fileLines) }, isRefused: all.refused.length > 0 };
}

async function everyEntry(path: string, query: URLSearchParams): Promise<ListEntry[]> {
  const entries: ListEntry[] = [];
  for (let after: string | undefined; ; ) {
    if (after !== undefined) query.set('after', after);
    const page = await runningApi().get(`${path}?${query.toString()}`, shown);
    entries.push(...page.entries);
    if (page.nextAfterSubject === undefined) return entries;
    after = page.nextAfterSubject;
  }
}
