import { argumentsOf } from './cli/arguments.ts';
import { progress } from './cli/progress.ts';
import { runningApi } from './client/connect.ts';
import { seedWorld } from './world/seed.ts';

export const summary = 'fills the running system with a small carrier: number plan, decks, plans, card types, accounts';

export const help = `
./tollwire seed [--json]

Sets up the world's number plan, three carriers with a rate deck each, a tariff, a retail plan, a ban plan, card types
and ten accounts, all through the API. Once in a clone: called again, it finds what there is.

  --json   prints the ids of what was made
`;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = argumentsOf(args, { json: { type: 'boolean' } });
  const { world, countries, prefixes, rates, already } = await progress('Setting up', (note) => seedWorld(runningApi(), note));
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify({ already, countries, prefixes, rates, ...world })}\n`);
    return;
  }
  const made = already ? 'It had been set up before' : `${countries} countries, ${prefixes.toLocaleString('en')} prefixes, ${rates.toLocaleString('en')} rates`;
  process.stdout.write(`${made}. Tariff ${world.tariffId}, VoIP plan ${world.voipPlanId}, accounts ${world.accountCodes.join(', ')}.\n`);
}
