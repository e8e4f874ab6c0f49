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

  it.each(['garbage', 'sw/1', '/1/0', 'sw//0', 'sw/1/x'])('that names a call names switch, id and leg, and not %s', async (call) => {
    expect(await outcomeOf(['route', '+43664', '--tariff', '7', '--call', call])).toMatchObject({ asked: [], exitCode: 2, stopped: expect.stringContaining('SWITCH/ID/LEG') });
  });

  it('that names a call draws for it; where carriers are drawn without one, that is said', async () => {
    const ranked = (carrierCode: string, reason: string) => ({ carrierCode, ratePerMin: '0.01', price: '0.01', currency: 'EUR', number: '43664', reason });
    const drawn = [ranked('A', 'drawn by weight: prefix 43'), ranked('B', 'drawn by weight after the carrier above: prefix 43')];
    const cheapest = [ranked('A', 'cheapest: prefix 43'), ranked('B', 'dearer than the carrier above: prefix 43')];
    const lastLine = async (carriers: readonly object[], ...call: string[]) =>
      (await outcomeOf(['route', '+43664', '--tariff', '7', ...call], [{ carriers, excluded: [] }])).out.trimEnd().split('\n').at(-1);
    expect(await lastLine(drawn)).toBe('Each call draws an order of its own by the weights; without a call this one is always the same. --call SWITCH/ID/LEG draws for a call.');
    expect(await lastLine(drawn, '--call', 'sw/1/0')).toMatch(/^2 +B/);
    expect(await lastLine(drawn.slice(0, 1))).toMatch(/^1 +A/);
    expect(await lastLine(cheapest)).toMatch(/^2 +B/);
  });

  it('of a number goes to the live router; a rate is in EUR where nothing is said', async () => {
    const { bodies } = await outcomeOf(['route', '+43664', '--tariff', '7', '--sell', '0.1', '--switch', 's', '--trunk', 't', '--codecs', 'PCMA,opus', '--attestation', 'B'], [routed]);
    expect(JSON.parse(bodies[0] ?? '')).toEqual({
      calledNumber: '+43664', tariffId: 7, sellRatePerMin: '0.1', sellCurrency: 'EUR', switchId: 's', trunk: 't', codecs: ['PCMA', 'opus'], attestation: 'B',
    });
  });
});
