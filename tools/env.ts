import { argumentsOf } from './cli/arguments.ts';
import { Stop } from './cli/stop.ts';
import { secrets } from './servers/secrets.ts';
import { connectionsOf } from './stack/environment.ts';
import { liveRun } from './stack/run-state.ts';

export const summary = 'how other programs reach what runs here: API, PostgreSQL, NATS';

export const help = `
./tollwire env [--json]

Prints, for eval "$(./tollwire env)", what a shell, psql and programs on the bus want, with the keys and passwords of this clone:

  TOLLWIRE_URL, TOLLWIRE_API_KEY           the HTTP door, and the first key; the commands here take them, too, for another Tollwire
  PGHOST, PGPORT, PGUSER, PGPASSWORD       PostgreSQL as its administrator: psql -d tollwire_card
  NATS_URL                                 the bus as a user who may do everything; services and adapters have users of their own

  --json    prints them as one object
`;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = argumentsOf(args, { json: { type: 'boolean' } });
  const state = liveRun();
  if (state === undefined) throw new Stop('Nothing runs here; start it with ./tollwire up.');
  const connections = connectionsOf(state.plan, secrets());
  const quoted = (value: string): string => `'${value.replaceAll(`'`, `'\\''`)}'`;
  const lines = Object.entries(connections).map(([name, value]) => `export ${name}=${quoted(value)}`);
  process.stdout.write(`${values.json === true ? JSON.stringify(connections) : lines.join('\n')}\n`);
}
