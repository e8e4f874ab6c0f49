import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from './client/command.fixture.ts';

const tariff = ['plan', 'create', 'tariff', '--name', 'Cards', '--currency', 'EUR'];

describe('./tollwire plan', () => {
  it('creates a tariff with all that it charges beside its rates', async () => {
    const terms = ['--connect-fee', '0.05', '--disconnect-fee', '0.02@60', '--raise', '60@40', '--block-fee', '0.01/300', '--max-cost', '3:disconnect', '--tax', '21'];
    const windows = ['--time-zone', 'Europe/Madrid', '--window-policy', 'start'];
    const { asked, bodies, out } = await outcomeOf([...tariff, ...windows, ...terms], [{ id: 3 }]);
    expect([asked, out]).toEqual([['POST /v1/tariffs'], 'It is tariff plan 3.\nIts rates: ./tollwire import deck FILE --plan tariff:3\n']);
    expect(JSON.parse(bodies[0] ?? '')).toEqual({
      name: 'Cards', currency: 'EUR', timeZone: 'Europe/Madrid', windowPolicy: 'start',
      terms: {
        connectFee: '0.05', disconnectFee: '0.02', disconnectFeeAfterSec: 60, raisedToSec: 60, raisedAboveSec: 40, blockFee: '0.01', blockSec: 300,
        maxCost: { amount: '3', strategy: 'disconnect' }, taxPercent: '21',
      },
    });
  });

  it('creates a plan of a carrier, and says where the carrier is still to be registered', async () => {
    const carrier = ['plan', 'create', 'carrier', '--name', 'Acme', '--currency', 'EUR', '--carrier-code', 'ACME'];
    const missing = await outcomeOf(carrier, [{ id: 4 }, { providers: [{ providerId: 1, carrierCode: 'NORTH', active: true }] }]);
    expect([missing.asked, missing.out.split('\n').slice(1)]).toEqual([['POST /v1/carrier-plans', 'GET /v1/providers'], [
      'Its rates: ./tollwire import deck FILE --plan carrier:4',
      'No call goes over it before its carrier is there: ./tollwire carrier register ACME --name NAME --address ADDRESS', '',
    ]]);
    const there = await outcomeOf(carrier, [{ id: 4 }, { providers: [{ providerId: 1, carrierCode: 'ACME', active: true }] }]);
    expect(there.out).toBe('It is carrier plan 4.\nIts rates: ./tollwire import deck FILE --plan carrier:4\n');
  });

  it('says what is wrong with a term before it asks anybody', async () => {
    const outcome = await outcomeOf([...tariff, '--max-cost', '3:cut']);
    expect(outcome).toMatchObject({ asked: [], exitCode: 2, stopped: expect.stringContaining('--max-cost') });
  });
});
