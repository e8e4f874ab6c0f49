import { once } from 'node:events';
import { wholePages } from './cdr/pages.ts';
import { parquetFiles } from './cdr/parquet-files.ts';
import { erase, erasures } from './cdr/erasures.ts';
import { searchCalls, showCall } from './cdr/search.ts';
import { unmaskings } from './cdr/unmaskings.ts';
import { argumentsOf } from './cli/arguments.ts';
import { type Note, progress } from './cli/progress.ts';
import { Misuse } from './cli/stop.ts';
import { tell } from './cli/told.ts';
import { runningApi } from './client/connect.ts';

export const summary = 'finds and shows calls, exports CDRs, however many there are, tells who has seen their numbers, and erases numbers';

export const help = `
./tollwire cdr search [FILTERS] [--number NUMBER] [--page-size COUNT] [--cursor CURSOR] [--reason TEXT] [--json]
./tollwire cdr show SWITCH/CALL[/LEG] [--reason TEXT] [--json]
./tollwire cdr export [FILTERS] [--cursor CURSOR] [--reason TEXT] > calls.csv | --parquet FOLDER [--force]
./tollwire cdr unmaskings [--by ROLE:NAME] [--call SWITCH/CALL/LEG] [--json]
./tollwire cdr erase (--from DAY --until DAY | --number NUMBER) --reason TEXT [--json]
./tollwire cdr erasures [--json]

FILTERS: [--from INSTANT] [--until INSTANT] [--call-id ID] [--card ID] [--account CODE] [--switch ID] [--carrier CODE]
         [--cause Q850] [--prefix DIGITS]

Newest first. A search tells a page, and the cursor of the next; with --number it finds who called or was called, for a reason.
show has each time of a call by the clock of its switch and when we received it. Numbers show their prefix only; with --reason
they are whole, for admins, and it is recorded who saw which and why (unmaskings tells it, the newest hundred first).

An export that breaks off goes on by itself; one that was ended goes on with the last cursor in the column of that name. With
--parquet it writes files of a million calls each into a folder, and begins one anew that breaks off; files of an export that
are there already are written over with --force only. Cells are safe to open in a spreadsheet: what would be a formula has an
apostrophe before it.

erase makes the numbers of calls that were set up on days of UTC, the day of --until excluded, unreadable for good, whoever
asks, or with --number those of the calls from and to one number; prefixes, times and money stay.

  INSTANT  ISO 8601 with an offset, such as 2026-06-01T00:00:00Z
  DAY      such as 2026-06-01
`;

const options = {
  from: { type: 'string' }, until: { type: 'string' }, 'call-id': { type: 'string' }, card: { type: 'string' }, account: { type: 'string' }, switch: { type: 'string' }, carrier: { type: 'string' },
  prefix: { type: 'string' }, cause: { type: 'string' }, cursor: { type: 'string' }, reason: { type: 'string' }, parquet: { type: 'string' },
  number: { type: 'string' }, by: { type: 'string' }, call: { type: 'string' }, json: { type: 'boolean' },
  'page-size': { type: 'string' }, force: { type: 'boolean' },
} as const;

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals: [action, key] } = argumentsOf(args, options, { search: 0, show: 1, export: 0, unmaskings: 0, erase: 0, erasures: 0 });
  if (action === 'unmaskings') {
    tell(await unmaskings(runningApi(), values), values.json);
    return;
  }
  if (action === 'erase') {
    tell(await erase(runningApi(), values), values.json);
    return;
  }
  if (action === 'erasures') {
    tell(await erasures(runningApi()), values.json);
    return;
  }
  if (action === 'show') {
    tell(await showCall(runningApi(), key, values.reason), values.json);
    return;
  }
  if (action === 'search') {
    const { number, reason, 'page-size': pageSize, cursor } = values;
    if (number !== undefined && reason === undefined) throw new Misuse('Say why the number is looked for, which is recorded, with --reason TEXT.');
    tell(await searchCalls(runningApi(), given({ ...filtersOf(values), number, pageSize, cursor })), values.json);
    return;
  }
  if (action !== 'export') throw new Misuse('Say what to do: ./tollwire cdr search --from 2026-06-01T00:00:00Z');
  await exportCdrs(values);
}

type Values = ReturnType<typeof argumentsOf<typeof options>>['values'];

function filtersOf({ from, until, 'call-id': callId, card: cardId, account: accountCode, switch: switchId, carrier: carrierCode, prefix: calledPrefix, cause: q850Cause, reason }: Values) {
  return { from, until, callId, cardId, accountCode, switchId, carrierCode, calledPrefix, q850Cause, reason };
}

function given(asked: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

async function exportCdrs(values: Values): Promise<void> {
  const api = runningApi();
  const filters = given(filtersOf(values));
  if (values.parquet !== undefined) {
    const asked = { ...filters, rowsMax: '1000000' };
    const fileFrom = (cursor: string) => api.download(`/v1/cdrs/export.parquet?${new URLSearchParams({ ...asked, ...(cursor === '' ? {} : { cursor }) }).toString()}`);
    const files = parquetFiles(fileFrom, values.cursor ?? '', values.parquet, values.force === true);
    for (let next = await progress('Writing', () => files.next()); next.done !== true; next = await progress('Writing', () => files.next())) process.stdout.write(`${next.value}\n`);
    return;
  }
  const open = (cursor: string) => api.download(`/v1/cdrs/export.csv?${new URLSearchParams({ ...filters, ...(cursor === '' ? {} : { cursor }) }).toString()}`);
  const pages = wholePages(open, values.cursor ?? '');
  // On a terminal the rows themselves show that it goes on.
  if (process.stdout.isTTY) await written(pages, () => undefined);
  else await progress('Exporting', (note) => written(pages, note));
}

async function written(pages: AsyncIterable<string>, note: Note): Promise<void> {
  let length = 0;
  for await (const page of pages) {
    length += page.length;
    note(`${(length / 1e6).toFixed(1)} MB`);
    if (!process.stdout.write(page)) await once(process.stdout, 'drain');
  }
}
