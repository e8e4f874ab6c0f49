import { progress } from './cli/progress.ts';
import { type Counts, countsOf, runJest } from './testing/jest.ts';

export const summary = 'runs every test on real servers of its own; ends with "N passed, N failed"';

export const help = `
./tollwire test [unit] [int] [e2e] [jest arguments …]

  unit      tests that need nothing running (seconds)
  int       tests on a real PostgreSQL and NATS
  e2e       tests of whole services
            none of the three means all

The servers are thrown away afterwards. Those that TOLLWIRE_TEST_PG_URL and TOLLWIRE_TEST_NATS_URL name are used as
they are. Example: ./tollwire test int libs/event-store -t relay
`;

const suites = ['unit', 'int', 'e2e'] as const;
type Suite = (typeof suites)[number];

/** The suites named in front, and what is left for Jest. */
export function splitArguments(args: readonly string[]): { chosen: readonly Suite[]; rest: string[] } {
  const isSuite = (arg: string | undefined): arg is Suite => suites.some((suite) => suite === arg);
  let at = 0;
  while (isSuite(args[at])) at += 1;
  const named = args.slice(0, at).filter(isSuite);
  return { chosen: named.length === 0 ? suites : named, rest: args.slice(at) };
}

export async function run(args: readonly string[]): Promise<number> {
  const { chosen, rest } = splitArguments(args);
  const needsServers = chosen.some((suite) => suite !== 'unit');
  if (chosen.includes('e2e')) {
    const { build } = await import('./build/compile.ts');
    await progress('Building', () => build());
  }
  const counts = needsServers ? await onServers(chosen, rest) : await runJest(chosen, rest, {});
  process.stdout.write(`${countsOf(counts)}\n`);
  return counts.failed > 0 || !counts.succeeded ? 1 : 0;
}

async function onServers(chosen: readonly Suite[], rest: readonly string[]): Promise<Counts> {
  // Not at the top: what starts servers takes half a second to load, which the unit suite need not wait for.
  const { withTestServers } = await import('./servers/throw-away.ts');
  return await withTestServers((environment, signal) => runJest(chosen, rest, environment, signal));
}
