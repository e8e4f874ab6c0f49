import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from './client/command.fixture.ts';

const tariff = ['plan', 'create', 'tariff', '--name', 'Cards', '--currency', 'EUR'];

describe('./tollwire plan', () => {
  it('creates a tariff with all that it charges beside its rates', async () => {
    const terms = ['--connect-fee', '0.05', '--disconnect-fee', '0.02@60', '--raise', '60@40', '--block-fee', '0.01/300', '--max-cost', '3:disconnect', '--tax', '21'];
    const windows = ['--time-zone', 'Europe/Madrid', '--window-policy', 'start'];
    const { asked, bodies, out } = await outcomeOf([...tariff, ...windows, ...terms], [{ id: 3 }]);
    expect([asked, out]).toEqual([['POST /v1/tariffs'], 'It is tariff plan 3.\n']);
    expect(JSON.parse(bodies[0] ?? '')).toEqual({
      name: 'Cards', currency: 'EUR', timeZone: 'Europe/Madrid', windowPolicy: 'start',
      terms: {
        connectFee: '0.05', disconnectFee: '0.02', disconnectFeeAfterSec: 60, raisedToSec: 60, raisedAboveSec: 40, blockFee: '0.01', blockSec: 300,
        maxCost: { amount: '3', strategy: 'disconnect' }, taxPercent: '21',
      },
    });
  });

  it('says what is wrong with a term before it asks anybody', async () => {
    const outcome = await outcomeOf([...tariff, '--max-cost', '3:cut']);
    expect(outcome).toMatchObject({ asked: [], exitCode: 2, stopped: expect.stringContaining('--max-cost') });
  });
});
