import { argumentsOf } from './cli/arguments.ts';
import { Misuse } from './cli/stop.ts';
import { runningApi } from './client/connect.ts';
import type { Report } from './demo/report.ts';
import { reportText } from './demo/report.ts';
import { demonstrate } from './demo/run.ts';
import { down } from './stack/down.ts';
import { addressesOf } from './stack/run-state.ts';
import { interruptible, up } from './stack/up.ts';

export const summary = 'takes this machine to rated calls: installs, starts, loads, sends calls, and proves what happened';

export const help = `
./tollwire demo [--calls N] [--keep] [--json]

Starts what is not running, sets up a small carrier (number plan, three carriers' decks, plans, 1,000 cards, accounts),
sends calls through the public interfaces, and reconciles what was sent with what was recorded, rated and charged.

  --calls N   how many calls to send (default 10,000)
  --keep      leave everything running afterwards
  --json      print the result for a program
`;

const callsMax = 10_000_000;

const stopping = 'Stopping; ./tollwire up starts it again, with all of this in it, for a look around (--keep leaves it running).\n';

export async function run(args: readonly string[]): Promise<number> {
  const { values } = argumentsOf(args, { calls: { type: 'string', default: '10000' }, keep: { type: 'boolean' }, json: { type: 'boolean' } });
  const callCount = Number(values.calls);
  if (!Number.isInteger(callCount) || callCount < 1 || callCount > callsMax) throw new Misuse(`--calls takes a whole number from 1 to ${callsMax}, not "${values.calls}".`);
  const { state, already, remarks } = await up();
  for (const remark of remarks) process.stderr.write(`${remark}\n`);
  const staying = already || values.keep === true;
  const interruption = staying ? undefined : interruptible();
  try {
    const { api, docs, health, metrics } = addressesOf(state);
    const addresses = { api, docs, health: health['edge'] ?? '', metrics: metrics['edge'] ?? '' };
    const report = await demonstrate(runningApi(), callCount, addresses);
    process.stdout.write(values.json === true ? `${JSON.stringify(jsonOf(report))}\n` : reportText(staying ? report : { ...report, addresses: {} }));
    if (values.json !== true) process.stdout.write(staying ? 'Everything is left running; ./tollwire down stops it.\n' : stopping);
    return report.reconciliation.exact ? 0 : 1;
  } catch (error) {
    // What the demonstration was waiting for is gone because it was taken down; this program ends as soon as that is done.
    await interruption?.interrupted();
    throw error;
  } finally {
    interruption?.leave();
    if (!staying) await down();
  }
}

function jsonOf({ driven, ...report }: Report) {
  const { sample: _sample, refused, ...counts } = driven;
  return { ...report, driven: { ...counts, refused: Object.fromEntries(refused) } };
}
