import { csvCell } from '@tollwire/core';
import { argumentsOf } from './cli/arguments.ts';
import { columns } from './cli/paint.ts';
import { Misuse } from './cli/stop.ts';
import { tell } from './cli/told.ts';
import { runningApi } from './client/connect.ts';
import { reportHead, reportLine, unnamedOf } from './report/lines.ts';
import { recount } from './report/recount.ts';
import { liveReport, trafficReport } from './report/replies.ts';

export const summary = 'says what the traffic amounts to: calls, minutes, money, ASR, ACD, NER, PDD, by place and time';

export const help = `
./tollwire report [--by DIMENSION] [--step STEP] [--from INSTANT] [--until INSTANT] [--compare INSTANT] [--value VALUE] [--json | --csv]
./tollwire report --live [--by all|carrier|account|switch] [--json]
./tollwire report recount --from INSTANT [--until INSTANT] [--json]

A few seconds behind the calls. Where there is nothing to divide by, a ratio is empty.

  --by         all (default), carrier, country, destination, account, switch, cause
  --step       minute, hour, day (of UTC), whole (default: one row for all of the time)
  --from       calls set up at or after this instant, a whole minute (default: the beginning of today, UTC)
  --until      calls set up before this instant (default: 24 hours after --from)
  --compare    the beginning of an earlier time of the same length, such as the day before
  --value      only this carrier, country, ...
  --live       how many calls go on now, and the money that is set aside for them
  --csv        as CSV, safe to open in a spreadsheet

recount brings the sums to what the calls say that were set up from --from on (until now, or --until): once after an upgrade that
ran beside the version before. Calls go on meanwhile; done again it corrects nothing, and where it was ended it may be begun again.
`;

const options = {
  by: { type: 'string' }, step: { type: 'string' }, from: { type: 'string' }, until: { type: 'string' }, compare: { type: 'string' }, value: { type: 'string' },
  live: { type: 'boolean' }, json: { type: 'boolean' }, csv: { type: 'boolean' },
} as const;

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals: [action] } = argumentsOf(args, options, { recount: 0, '*': -1 });
  if (action === 'recount') {
    tell(await recount(runningApi(), values), values.json);
    return;
  }
  if (values.live === true) {
    const live = await runningApi().get(`/v1/reports/live${queryOf({ by: values.by })}`, liveReport);
    const rows = live.groups.map(({ value, callCount }) => [value === '' ? unnamedOf(values.by) || 'calls' : value, `${callCount}`]);
    const text = rows.length === 0 ? 'no calls go on' : columns(['', 'calls'], rows);
    process.stdout.write(values.json === true ? `${JSON.stringify(live)}\n` : `${text}\nopen reservations: ${live.openReservationCount}${reservedText(live.reserved)}\n`);
    return;
  }
  const { from, until } = timeOf(values, new Date());
  const query = queryOf({ by: values.by, step: values.step, from, until, value: values.value, compareFrom: values.compare });
  const report = await runningApi().get(`/v1/reports/traffic${query}`, trafficReport);
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  const [head, lines] = [reportHead(values.compare !== undefined), report.rows.map((row) => reportLine(row, values.csv === true ? '' : unnamedOf(values.by)))];
  if (values.csv === true) process.stdout.write([head, ...lines].map((line) => `${line.map(csvCell).join(',')}\r\n`).join(''));
  else process.stdout.write(lines.length === 0 ? `no calls from ${from} until ${until}; --from asks for another time\n` : `${columns(head, lines)}\n`);
}

/** The money that is set aside for them, where any is. */
function reservedText(reserved: readonly { readonly amount: string; readonly currency: string }[]): string {
  return reserved.length === 0 ? '' : `, ${reserved.map(({ amount, currency }) => `${amount} ${currency}`).join(', ')} set aside`;
}

function timeOf({ from, until }: { from?: string | undefined; until?: string | undefined }, now: Date): { from: string; until: string } {
  const begins = from ?? `${now.toISOString().slice(0, 10)}T00:00:00Z`;
  if (until !== undefined) return { from: begins, until };
  const at = Date.parse(begins);
  if (Number.isNaN(at)) throw new Misuse(`--from takes an ISO 8601 instant with an offset, such as 2026-06-01T00:00:00Z, not "${begins}".`);
  return { from: begins, until: new Date(at + 86_400_000).toISOString() };
}

function queryOf(fields: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return given.length === 0 ? '' : `?${new URLSearchParams(Object.fromEntries(given)).toString()}`;
}
