import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../client/command.fixture.ts';

const rate = { prefix: '431', countryPrefixId: 17, ratePerMin: '0.012', currency: 'EUR', validFrom: '2026-03-14T09:00:00.000000Z' };

describe('./tollwire carrier rates', () => {
  it('shows what stands, page by page, and since when', async () => {
    const shown = await outcomeOf(['carrier', 'rates', 'NORTH', '--at', '2026-03-14T10:00:00Z'], [
      { rates: [rate], nextPageToken: '431' }, { rates: [{ ...rate, prefix: '44', countryPrefixId: 0, validUntil: '2026-03-15T00:00:00.000000Z' }] },
    ]);
    expect(shown.asked).toEqual([
      'GET /v1/provider-rates?carrierCode=NORTH&at=2026-03-14T10%3A00%3A00Z',
      'GET /v1/provider-rates?carrierCode=NORTH&at=2026-03-14T10%3A00%3A00Z&pageToken=431',
    ]);
    expect(shown.out.split('\n').slice(1, 3).map((line) => line.trim().split(/ +/).join(' '))).toEqual([
      '431 17 0.012 EUR 2026-03-14T09:00:00.000000Z', '44 - 0.012 EUR 2026-03-14T09:00:00.000000Z 2026-03-15T00:00:00.000000Z',
    ]);
    expect((await outcomeOf(['carrier', 'rates', 'NORTH', '--prefix', '44'], [{}])).out).toBe('NORTH: no direct rates\n');
  });

  it('loads what is said, with the destination where that is named', async () => {
    const { asked, bodies, out } = await outcomeOf(['carrier', 'rates', 'NORTH', '--rate', '431=0.012@17', '--rate', '44=1'], [{ rateCount: 2 }]);
    expect([asked, out]).toEqual([['POST /v1/provider-rates'], 'NORTH: 2 rates from now on\n']);
    const rates = [{ prefix: '431', ratePerMin: '0.012', countryPrefixId: 17 }, { prefix: '44', ratePerMin: '1' }];
    expect(JSON.parse(bodies[0] ?? '')).toEqual({ carrierCode: 'NORTH', currency: 'EUR', rates });
  });

  it.each(['431', '431=x', '431=0.1@x', 'x=1'])('is refused with the rate %s, and nothing is sent', async (text) => {
    expect(await outcomeOf(['carrier', 'rates', 'NORTH', '--rate', text])).toMatchObject({ asked: [], exitCode: 2, stopped: expect.stringContaining('--rate takes') });
  });
});

describe('./tollwire carrier withdraw', () => {
  it('takes back prefixes and destinations', async () => {
    const { asked, bodies, out } = await outcomeOf(['carrier', 'withdraw', 'NORTH', '--prefix', '431,432', '--prefix', '44', '--destination', '17'], [{ rateCount: 1 }]);
    expect([asked, out]).toEqual([['POST /v1/provider-rates/withdraw'], 'NORTH: 1 rate withdrawn\n']);
    expect(JSON.parse(bodies[0] ?? '')).toEqual({ carrierCode: 'NORTH', prefixes: ['431', '432', '44'], countryPrefixIds: [17] });
  });

  it.each<[what: string, args: readonly string[]]>([['nothing', []], ['no destination', ['--destination', 'x']]])('is refused with %s, and nothing is sent', async (_what, args) => {
    expect(await outcomeOf(['carrier', 'withdraw', 'NORTH', ...args])).toMatchObject({ asked: [], exitCode: 2 });
  });
});
