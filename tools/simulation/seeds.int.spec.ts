import { expect, it } from '@jest/globals';
import { defaultSteps, failuresOf } from './simulate.ts';

/** Other seeds each time: the first is TOLLWIRE_TEST_SEED where that is set, and `./tollwire simulate --seed` takes any. */
const named = Number(process.env['TOLLWIRE_TEST_SEED']);
const first = Number.isInteger(named) && named > 0 ? named : Date.now() % 1_000_000_007;

// Needs no server, but more time than a unit test has.
it(`finds nothing wrong in two thousand seeds from ${first} on`, async () => {
  const { failures } = await failuresOf({ first, count: 2_000, steps: defaultSteps, failuresMax: 3 });
  expect(failures).toEqual([]);
}, 300_000);
