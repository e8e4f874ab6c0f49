import { once } from 'node:events';
import { wholePages } from './cdr/pages.ts';
import { parquetFiles } from './cdr/parquet-files.ts';
import { erase, erasures } from './cdr/erasures.ts';
import { unmaskings } from './cdr/unmaskings.ts';
import { argumentsOf } from './cli/arguments.ts';
import { Misuse } from './cli/stop.ts';
import { tell } from './cli/told.ts';
import { runningApi } from './client/connect.ts';

export const summary = 'exports CDRs, however many there are, tells who has seen their numbers, and erases numbers';

export const help = `
./tollwire cdr export [--from INSTANT] [--until INSTANT] [--call-id ID] [--card ID] [--account CODE] [--switch ID]
                      [--carrier CODE] [--cause Q850] [--prefix DIGITS] [--cursor CURSOR] [--reason TEXT] > calls.csv | --parquet FOLDER
./tollwire cdr unmaskings [--by ROLE:NAME] [--call SWITCH/CALL/LEG] [--json]
./tollwire cdr erase --from DAY --until DAY --reason TEXT | --number NUMBER --reason TEXT
./tollwire cdr erasures [--json]

Newest first. An export that breaks off goes on by itself; one that was ended goes on with the last cursor in the column of
that name. With --parquet it writes files of a million calls each into a folder, and begins one anew that breaks off. Numbers
show their prefix only; with --reason they are whole, for admins, and it is recorded who saw which and why (unmaskings tells
it, the newest hundred first). Cells are safe to open in a spreadsheet: what would be a formula has an apostrophe before it.

erase makes the numbers of calls that were set up on days of UTC, the day of --until excluded, unreadable for good, whoever
asks, or with --number those of the calls from and to one number; prefixes, times and money stay.

  INSTANT  ISO 8601 with an offset, such as 2026-06-01T00:00:00Z
  DAY      such as 2026-06-01
`;

const options = {
  from: { type: 'string' }, until: { type: 'string' }, 'call-id': { type: 'string' }, card: { type: 'string' }, account: { type: 'string' }, switch: { type: 'string' }, carrier: { type: 'string' },
  prefix: { type: 'string' }, cause: { type: 'string' }, cursor: { type: 'string' }, reason: { type: 'string' }, parquet: { type: 'string' },
  number: { type: 'string' }, by: { type: 'string' }, call: { type: 'string' }, json: { type: 'boolean' },
} as const;

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals: [action] } = argumentsOf(args, options, { export: 0, unmaskings: 0, erase: 0, erasures: 0 });
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
  if (action !== 'export') throw new Misuse('Say what to do: ./tollwire cdr export --from 2026-06-01T00:00:00Z > calls.csv');
  const api = runningApi();
  const { from, until, 'call-id': callId, card: cardId, account: accountCode, switch: switchId, carrier: carrierCode, prefix: calledPrefix, cause: q850Cause, reason } = values;
  const asking = { from, until, callId, cardId, accountCode, switchId, carrierCode, calledPrefix, q850Cause, reason };
  const given = Object.entries(asking).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  if (values.parquet !== undefined) {
    const asked = { ...Object.fromEntries(given), rowsMax: '1000000' };
    const fileFrom = (cursor: string) => api.download(`/v1/cdrs/export.parquet?${new URLSearchParams({ ...asked, ...(cursor === '' ? {} : { cursor }) }).toString()}`);
    for await (const file of parquetFiles(fileFrom, values.cursor ?? '', values.parquet)) process.stdout.write(`${file}\n`);
    return;
  }
  const open = (cursor: string) => api.download(`/v1/cdrs/export.csv?${new URLSearchParams({ ...Object.fromEntries(given), ...(cursor === '' ? {} : { cursor }) }).toString()}`);
  for await (const page of wholePages(open, values.cursor ?? '')) {
    if (!process.stdout.write(page)) await once(process.stdout, 'drain');
  }
}
