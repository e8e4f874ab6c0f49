import { argumentsOf } from './cli/arguments.ts';
import { progress } from './cli/progress.ts';
import { down } from './stack/down.ts';

export const summary = 'stops what up had started; data stays';

export const help = `
./tollwire down [--json]

Stops this clone's services and servers, and no others. The data in .tollwire stays for the next up.

  --json    prints how many programs were stopped
`;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = argumentsOf(args, { json: { type: 'boolean' } });
  const stopped = await progress('Stopping', () => down());
  const text = stopped === 0 ? 'Nothing was running.' : `Stopped ${stopped} programs.`;
  process.stdout.write(`${values.json === true ? JSON.stringify({ stopped }) : text}\n`);
}
