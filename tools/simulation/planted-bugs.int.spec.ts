import { describe, expect, it } from '@jest/globals';
import { plantedBugs } from './planted-bugs.ts';
import { failuresOf, shrink, simulate } from './simulate.ts';

// Needs no server, but more time than a unit test has.
const busyMs = 60_000;

/** What each planted bug is found out by. */
const symptoms: Readonly<Record<string, RegExp>> = {
  'skips-the-inbox': /had its effect twice/,
  'acknowledges-before-the-commit': /is not rated|is rated and not charged|it costs/,
  'reserves-blindly': /below its floor/,
  'settles-any-revision': /is charged by revision \d+ after it/,
  'forgets-the-lock': /its transfers come to|its open reservations come to|fails its check/,
  'reserves-as-it-was': /its transfers come to|its open reservations come to|below its floor|fails its check/,
  'books-anew': /by the charges it is owed/,
  'tells-of-no-threshold': /times it was told/,
  'dials-without-limit': /calls at a time, and may have/,
  'forgets-extensions': /duplicate key value violates unique constraint of reservation_extension/,
  'takes-back-anew': /went back|was answered, and is not there/,
  'wins-a-voucher-twice': /was won by|duplicate key value violates unique constraint of transfer/,
  'spends-without-limit': /in an hour, and may spend/,
  'begins-without-limit': /in a second, and may begin/,
  'brings-back-what-is-back': /duplicate key value violates unique constraint of transfer|returns of breakage/,
  'withholds-broken-credit': /live, and their credit is broken/,
  'approves-alone': /and approved it/,
  'revives-under-the-old-id': /, expired before, is open now/,
  'forgets-the-first-use': /of which no first use is noted/,
  'uses-for-the-first-time-again': /was first used at \d+, and then at|the first uses that are told/,
  'calls-on-expired-cards': /ended at \d+, and .* was let through/,
  'shortens-lives': /was to end at \d+, and is to end at/,
  'forgives-a-try': /wrong PINs were looked at for/,
  'binds-without-limit': /callers are bound to the card/,
  'makes-another-card': /the cards \d+ and \d+ were made/,
};

describe('a bug that is planted', () => {
  it('has a symptom here', () => {
    expect(Object.keys(symptoms)).toEqual(Object.keys(plantedBugs));
  }, busyMs);

  it.each(Object.entries(plantedBugs))('is found, and found again from its seed: %s', async (name, planted) => {
    const { failures } = await failuresOf({ first: 1, count: 2_000, steps: 100, planted, failuresMax: 1 });
    const [found] = failures;
    expect(found?.wrong).toMatch(symptoms[name] ?? /^$/);
    expect(await simulate(found?.seed ?? 0, { steps: 100, planted })).toEqual(found);
  }, busyMs);

  it('is shown in the fewest steps that it needs', async () => {
    const planted = plantedBugs['reserves-blindly'] ?? {};
    const { failures } = await failuresOf({ first: 1, count: 400, steps: 60, planted, failuresMax: 1 });
    const seed = failures[0]?.seed ?? 0;
    const fewest = await shrink(seed, { steps: 60, planted });
    expect((await simulate(seed, { steps: fewest, planted })).wrong).toBeDefined();
    expect((await simulate(seed, { steps: fewest - 1, planted })).wrong).toBeUndefined();
  }, busyMs);
});
