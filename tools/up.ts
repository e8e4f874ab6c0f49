import { argumentsOf } from './cli/arguments.ts';
import { paint } from './cli/paint.ts';
import { addressesOf } from './stack/run-state.ts';
import { up } from './stack/up.ts';

export const summary = 'starts PostgreSQL, NATS and the services in the background, and waits until they are ready';

export const help = `
./tollwire up [--json]

Runs until ./tollwire down; a program that dies is started again. Everything is kept in .tollwire.

  --json               prints the addresses
  TOLLWIRE_PORT        port of the HTTP door (default where it was before, at first 8480, or the next free one)
  TOLLWIRE_PG_URL      a PostgreSQL of yours, as its administrator: postgres://user:password@host:port/postgres
  TOLLWIRE_DATABASE_PREFIX  begins the names of databases there (default tollwire)
  TOLLWIRE_NATS_URL    a NATS of yours, with JetStream
  TOLLWIRE_SERVERS     docker or own; by default Docker where an engine answers
  CALL_KEPT_DAYS, …    variables of services (docs/services) are handed on; what runs already keeps those that it began with
  TOLLWIRE_NODE_FLAGS  flags of Node for the services, such as "--cpu-prof --cpu-prof-dir=/tmp/profiles"
`;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = argumentsOf(args, { json: { type: 'boolean' } });
  const { state, already, remarks } = await up();
  const addresses = addressesOf(state);
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify({ already, remarks, ...addresses })}\n`);
    return;
  }
  for (const remark of remarks) process.stdout.write(`${paint('yellow', remark)}\n`);
  const lines = [
    paint('green', already ? 'Tollwire was running already.' : 'Tollwire is running.'),
    `  API      ${addresses.api}`,
    `  docs     ${addresses.docs}`,
    `  health   ${addresses.health['edge'] ?? ''}`,
    `  metrics  ${addresses.metrics['edge'] ?? ''}`,
    '  API key  edgeAdminKey in .tollwire/secrets.json',
    './tollwire status shows every part, ./tollwire down stops them.',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
