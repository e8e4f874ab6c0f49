import { argumentsOf } from './cli/arguments.ts';
import { progress } from './cli/progress.ts';
import { Misuse } from './cli/stop.ts';
import { plantedBugs } from './simulation/planted-bugs.ts';
import { defaultSteps, failuresOf, type Outcome, shrink, simulate } from './simulation/simulate.ts';

export const summary = 'tries to break the money: card, rating and routing in one process, with everything going wrong by a seed';

export const help = `
./tollwire simulate [--seeds N] [--seed N] [--steps N] [--plant BUG] [--json]

Runs the real code of card, rating and routing over simulated databases, buses and instances, in which connections break,
commits are not heard of, messages are lost, doubled and reordered, and instances crash. What must be so is looked at after
every commit and in the end. docs/SIMULATION.md says what is simulated and what is not. Needs no server.

  --seeds N    so many simulations (1,000), each with a seed of its own
  --seed N     the first seed; alone, only this one, with everything that happens in it. The same seed gives the same
               simulation, to the last step
  --steps N    steps in which things go wrong (${defaultSteps}); then everything comes to rest
  --plant BUG  with a bug that is planted, to see it caught:
               ${Object.keys(plantedBugs).join(', ')}
  --json       one JSON object: how many ran, and the failures

Ends with 0 where nothing was wrong. With a failure it prints the seed, the fewest steps that show it, and the last of what
happened before it, and ends with 1.
`;

/** Lines of a trace that are shown before a failure. */
const linesShown = 40;

export async function run(args: readonly string[]): Promise<number> {
  const options = { seed: { type: 'string' }, seeds: { type: 'string' }, steps: { type: 'string' }, plant: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { values } = argumentsOf(args, options);
  const planted = values.plant === undefined ? {} : plantedBugs[values.plant];
  if (planted === undefined) throw new Misuse(`There is no bug "${values.plant ?? ''}" to plant; ./tollwire simulate --help lists them.`);
  const [seed, count, steps] = [whole('seed', values.seed), whole('seeds', values.seeds), whole('steps', values.steps) ?? defaultSteps];
  if (seed !== undefined && count === undefined && values.json !== true) return await one(seed, { steps, planted });
  const first = seed ?? Date.now() % 1_000_000_007;
  const seeds = { first, count: count ?? (seed === undefined ? 1_000 : 1), steps, planted, failuresMax: 1 };
  const found = await progress('Simulating', (note) => failuresOf({ ...seeds, onDone: (outcome) => note(`seed ${outcome.seed}`) }));
  if (values.json === true) process.stdout.write(`${JSON.stringify({ first, ...found })}\n`);
  else process.stdout.write(`${found.ran} simulations from seed ${first} on: ${found.calls} calls, ${found.charges} charges, ${found.failures.length} failed\n`);
  const [failure] = found.failures;
  if (failure === undefined) return 0;
  if (values.json !== true) await explain(failure, { steps, planted }, values.plant);
  return 1;
}

interface Run {
  readonly steps: number;
  readonly planted: (typeof plantedBugs)[string];
}

/** One seed, told as it happens. */
async function one(seed: number, { steps, planted }: Run): Promise<number> {
  let nth = 0;
  const { wrong } = await simulate(seed, { steps, planted, trace: (line) => void process.stdout.write(`${(nth += 1)} ${line}\n`) });
  process.stdout.write(wrong === undefined ? `Seed ${seed}: nothing wrong\n` : `Seed ${seed}: ${wrong}\n`);
  return wrong === undefined ? 0 : 1;
}

/** The failure in as few steps as show it, and how to see it again. */
async function explain({ seed }: Outcome, { steps, planted }: Run, plant: string | undefined): Promise<void> {
  const fewest = await shrink(seed, { steps, planted });
  const lines: string[] = [];
  const { wrong } = await simulate(seed, { steps: fewest, planted, trace: (line) => lines.push(line) });
  const shown = lines.slice(-linesShown).map((line, at) => `  ${Math.max(0, lines.length - linesShown) + at + 1} ${line}\n`);
  process.stdout.write(`\nSeed ${seed} fails after ${fewest} steps that go wrong:\n${shown.join('')}  ${wrong ?? ''}\n`);
  process.stdout.write(`\nAgain: ./tollwire simulate --seed ${seed} --steps ${fewest}${plant === undefined ? '' : ` --plant ${plant}`}\n`);
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Misuse(`--${name} takes a whole number above zero, not "${text}".`);
  return Number(text);
}
