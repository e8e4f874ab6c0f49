import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from './client/command.fixture.ts';

describe('./tollwire policy', () => {
  it('tells what was set in words, without what is empty', async () => {
    const policy = {
      prefixMode: 'longest_per_carrier', order: 'weights', expectedSec: 60, delta: '0.00', lossAllowed: false,
      weights: [{ carrierCode: 'NORTH', weight: 3 }, { carrierCode: 'EAST', weight: 1 }],
      staticRoutes: [{ prefix: '4930', carrierCodes: ['EAST', 'WEST'], exclusive: true }, { prefix: '44', carrierCodes: ['NORTH'], exclusive: false }],
    };
    expect((await outcomeOf(['policy', 'set', '--plan', '1', '--order', 'weights', '--weight', 'NORTH=3'], [{ policy }])).out).toBe(
      'routed from now on by prefixMode longest_per_carrier, order weights, expectedSec 60, weights NORTH 3 and EAST 1, staticRoutes 4930 EAST WEST exclusive and 44 NORTH\n',
    );
  });

  it('is not wiped by who only looks at it', async () => {
    expect(await outcomeOf(['policy', 'set', '--plan', '1'])).toMatchObject({ asked: [], exitCode: 2, stopped: expect.stringContaining('./tollwire policy list') });
  });
});
