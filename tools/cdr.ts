import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { wholePages } from './cdr/pages.ts';
import { Stop } from './cli/stop.ts';
import { runningApi } from './client/connect.ts';

export const summary = 'exports CDRs as CSV, however many there are';

export const help = `
./tollwire cdr export [--from INSTANT] [--until INSTANT] [--card ID] [--account CODE] [--switch ID] [--carrier CODE]
                      [--prefix DIGITS] [--cursor CURSOR] > calls.csv

Newest first. An export that breaks off goes on by itself; one that was ended goes on with the last cursor in the column of
that name. Cells are safe to open in a spreadsheet: what would be a formula has an apostrophe before it.
`;

const options = {
  from: { type: 'string' }, until: { type: 'string' }, card: { type: 'string' }, account: { type: 'string' }, switch: { type: 'string' }, carrier: { type: 'string' },
  prefix: { type: 'string' }, cursor: { type: 'string' },
} as const;

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals: [action] } = parseArgs({ args: [...args], allowPositionals: true, options });
  if (action !== 'export') throw new Stop('Say what to do: ./tollwire cdr export --from 2026-06-01T00:00:00Z > calls.csv');
  const api = runningApi();
  const { from, until, card: cardId, account: accountCode, switch: switchId, carrier: carrierCode, prefix: calledPrefix } = values;
  const given = Object.entries({ from, until, cardId, accountCode, switchId, carrierCode, calledPrefix }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const open = (cursor: string) => api.download(`/v1/cdrs/export.csv?${new URLSearchParams({ ...Object.fromEntries(given), ...(cursor === '' ? {} : { cursor }) }).toString()}`);
  for await (const page of wholePages(open, values.cursor ?? '')) {
    if (!process.stdout.write(page)) await once(process.stdout, 'drain');
  }
}
