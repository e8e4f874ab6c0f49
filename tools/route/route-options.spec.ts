import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../client/command.fixture.ts';

const routed = { carriers: [], excluded: [] };

describe('an option of ./tollwire route', () => {
  it.each([
    [['routes.json', '--at', '2026-01-01T00:00:00Z'], '--at'], [['routes.json', '--sell', '0.1', '--json'], '--sell'], [['-', '--account', 'ACME'], '--account'],
    [['routes.json', '--call', 'sw/1/0', '--tariff', '7'], '--tariff, --call'], [['routes.json', '--from', '2026-01-01T00:00:00Z'], '--from'],
    [['+43664', '--tariff', '7', '--against', 'order=quality'], '--against'], [['+43664', '--tariff', '7', '--until', '2026-01-01T00:00:00Z'], '--until'],
    [['--what-if', 'order=quality', '--tariff', '7', '--sell', '0.1'], '--sell'], [['--what-if', 'order=quality', '--card', '001'], '--card'],
    [['--deck', '3=2', '--tariff', '7', '--at', '2026-01-01T00:00:00Z'], '--at'],
  ])('that nobody would look at is refused, with where it does count: %j', async (args, named) => {
    expect(await outcomeOf(['route', ...args])).toMatchObject({ asked: [], exitCode: 2, stopped: expect.stringContaining(`${named} ${named.includes(',') ? 'say' : 'says'} nothing`) });
  });

  it.each([
    [['+43664', '--tariff', '7', '--currency', 'USD'], '--currency'], [['+43664', '--tariff', '7', '--trunk', 't1'], '--trunk'],
    [['+43664', '--what-if', 'order=quality', '--tariff', '7'], '+43664'],
  ])('wants what it is of: %j', async (args, named) => {
    expect(await outcomeOf(['route', ...args])).toMatchObject({ asked: [], exitCode: 2, stopped: expect.stringContaining(named) });
  });

  it('of a number goes to the live router; a rate is in EUR where nothing is said', async () => {
    const { bodies } = await outcomeOf(['route', '+43664', '--tariff', '7', '--sell', '0.1', '--switch', 's', '--trunk', 't', '--codecs', 'PCMA,opus', '--attestation', 'B'], [routed]);
    expect(JSON.parse(bodies[0] ?? '')).toEqual({
      calledNumber: '+43664', tariffId: 7, sellRatePerMin: '0.1', sellCurrency: 'EUR', switchId: 's', trunk: 't', codecs: ['PCMA', 'opus'], attestation: 'B',
    });
  });
});
