import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from './client/command.fixture.ts';

const quoted = {
  sell: { amount: { amount: '0.18', currency: 'EUR' }, prefix: '43664' },
  steps: [
    'plan voip_plan:7 sells by retail 5, version 2, in force from 2026-01-01T00:00:00.000Z', '436641234567 matches prefix 43664 of deck 0123456789ab',
    'rounded half up to 4 decimals = 0.18 EUR',
  ],
  plan: { voipPlanId: 7 }, allowanceSec: 0, byCarrier: [],
};

describe('./tollwire quote', () => {
  it.each([
    [['--account', 'ACME', '--at', '2026-03-16T12:00:00Z', '--duration', '61'], { calledNumber: '+436641234567', durationSec: 61, accountCode: 'ACME', at: '2026-03-16T12:00:00Z' }],
    [['--card', '0012345678901234'], { calledNumber: '+436641234567', durationSec: 60, cardId: '0012345678901234' }],
    [['--plan', '7', '--known-at', '2026-03-01T00:00:00Z'], { calledNumber: '+436641234567', durationSec: 60, voipPlanId: 7, knownAt: '2026-03-01T00:00:00Z' }],
    [['--tariff', '3', '--duration', '0'], { calledNumber: '+436641234567', durationSec: 0, tariffId: 3 }],
  ])('asks the live engine: %j', async (args, body) => {
    const { asked, bodies, exitCode } = await outcomeOf(['quote', '+436641234567', ...args], [quoted]);
    expect([asked, bodies.map((each): unknown => JSON.parse(each)), exitCode]).toEqual([['POST /v1/quotes'], [body], 0]);
  });

  it('prints the price and how it comes about for people, and all of it for programs', async () => {
    const forPeople = await outcomeOf(['quote', '+436641234567', '--account', 'ACME'], [quoted]);
    expect(forPeople.out).toBe(['0.18 EUR', ...quoted.steps.map((step) => `  ${step}`), ''].join('\n'));
    const forPrograms = await outcomeOf(['quote', '+436641234567', '--account', 'ACME', '--json'], [quoted]);
    expect(JSON.parse(forPrograms.out)).toEqual(quoted);
  });

  it.each([[[], 'Say which number'], [['+43', '--duration', 'long'], '--duration']])('refuses %j', async (args, says) => {
    const { asked, exitCode, stopped } = await outcomeOf(['quote', ...args]);
    expect([asked, exitCode, stopped]).toEqual([[], 2, expect.stringContaining(says)]);
  });
});
