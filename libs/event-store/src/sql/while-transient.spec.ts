import { describe, expect, it } from '@jest/globals';
import { whileTransient } from './while-transient.ts';

const passing = Object.assign(new Error('another writer was first'), { retryable: true });

describe('work that is done anew', () => {
  it.each([
    { what: 'answers once it succeeds', failures: [passing, passing], attempts: 3, outcome: 'done' },
    { what: 'gives up after so many attempts', failures: [passing, passing, passing], attempts: 3, outcome: passing },
    { what: 'is not tried again after what will not pass', failures: [new Error('wrong')], attempts: 1, outcome: new Error('wrong') },
  ])('$what', async ({ failures, attempts, outcome }) => {
    let tries = 0;
    const done = whileTransient(3, async () => {
      const failure = failures[tries];
      tries += 1;
      if (failure !== undefined) throw failure;
      return await Promise.resolve('done');
    }).catch((error: unknown) => error);
    expect([await done, tries]).toEqual([outcome, attempts]);
  });
});
