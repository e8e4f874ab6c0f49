import { Violation } from './violation.ts';
import { carryOn, order, startAll, sweep } from './orders.ts';
import { liveForGood } from './life-orders.ts';
import { prices } from './prices.ts';
import { isAtRest, reckon } from './reckoning.ts';
import { settled } from './scheduler.ts';
import { type Planted, World } from './world.ts';

/** What one simulation came to. */
export interface Outcome {
  readonly seed: number;
  readonly steps: number;
  /** Calls that were made, and charges: so that nobody takes silence for success. */
  readonly calls: number;
  readonly charges: number;
  /** What was wrong; undefined where nothing was. */
  readonly wrong: string | undefined;
}

export interface SimulationOptions {
  /** How many steps go wrong; then nothing does, until all is at rest. */
  readonly steps: number;
  readonly planted?: Planted;
  /** Told of everything that happens, in order. */
  readonly trace?: (line: string) => void;
}

export const defaultSteps = 120;

/** Steps after which a simulation that is not at rest never will be. */
const closingStepsMax = 5_000;
const daySec = 86_400;

/** Runs one simulation. The same seed and steps give the same one, to the last step. */
export async function simulate(seed: number, { steps, planted = {}, trace }: SimulationOptions): Promise<Outcome> {
  const world = new World(seed, await prices(), planted, (line) => trace?.(line()));
  let wrong: string | undefined;
  try {
    await world.open(carryOn);
    await storm(world, steps);
    await toRest(world);
    // Every reservation is over, every card lives again, and whatever was parked is tried once more.
    world.nowUs += daySec * 1_000_000;
    liveForGood(world);
    sweep(world);
    await toRest(world);
    reckon(world);
  } catch (error) {
    wrong = error instanceof Violation ? error.message : String(error);
    // Where an error comes from says more than its message; a violation is found far from its cause.
    if (error instanceof Error && !(error instanceof Violation)) trace?.(error.stack ?? error.message);
  }
  return { seed, steps, calls: world.calls.length, charges: world.card.store.rowsOf('charge').size, wrong };
}

/** Orders and steps of what they began, as chance has it, with everything that can go wrong. */
async function storm(world: World, steps: number): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    if (world.chance.in1000(250)) order(world);
    if (!(await world.step())) order(world);
  }
}

/** Nothing goes wrong any more: whatever was begun comes to its end. */
async function toRest(world: World): Promise<void> {
  world.scheduler.faulty = false;
  startAll(world);
  await settled();
  for (let step = 0; ; step += 1) {
    if (step > closingStepsMax) throw new Violation('it does not come to rest');
    if (await world.step()) continue;
    if (isAtRest(world)) return;
    carryOn(world);
    await settled();
  }
}

/** The smallest number of steps after which the same seed fails still: what comes after adds nothing. */
export async function shrink(seed: number, { steps, planted = {} }: SimulationOptions): Promise<number> {
  for (let fewer = 1; fewer < steps; fewer += 1) if ((await simulate(seed, { steps: fewer, planted })).wrong !== undefined) return fewer;
  return steps;
}

/** Which seeds to run. */
export interface Seeds extends SimulationOptions {
  readonly first: number;
  readonly count: number;
  /** Stops after so many failures. */
  readonly failuresMax?: number;
  /** Told of each simulation when it is done. */
  readonly onDone?: (outcome: Outcome) => void;
}

/** Runs one seed after the other, and gathers those that failed. */
export async function failuresOf({ first, count, failuresMax = Infinity, onDone, ...options }: Seeds) {
  const failures: Outcome[] = [];
  const sum = { failures, ran: 0, calls: 0, charges: 0 };
  for (let seed = first; seed < first + count && sum.failures.length < failuresMax; seed += 1) {
    const outcome = await simulate(seed, options);
    sum.ran += 1;
    sum.calls += outcome.calls;
    sum.charges += outcome.charges;
    if (outcome.wrong !== undefined) sum.failures.push(outcome);
    onDone?.(outcome);
  }
  return sum;
}
