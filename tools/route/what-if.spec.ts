import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../client/command.fixture.ts';
import { whatIfBody, whatIfLines, whatIfReply } from './what-if.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const austria = {
  countryCode: 'AT', countryName: 'Austria', subcode: 'mobile', callCount: 20, minutes: '41.50', movedCount: 8, unroutedBeforeCount: 0, unroutedAfterCount: 2, unknownCount: 1,
  sell: eur('4.00'), costBefore: eur('1.25'), costAfter: eur('1.00'), marginBefore: eur('2.75'), marginAfter: eur('3.00'),
};

describe('a what-if on the command line', () => {
  it('states policies by the options of ./tollwire policy set', () => {
    expect(whatIfBody('order=weights --weight=A=3 margin-ppm-min=50000 allow-losses', { from: '2026-01-01T00:00:00Z' }, { tariffId: 7 })).toEqual({
      tariffId: 7, from: '2026-01-01T00:00:00Z', after: { order: 'weights', weights: [{ carrierCode: 'A', weight: 3 }], marginPpmMin: 50_000, lossAllowed: true },
    });
    expect(whatIfBody('', { against: 'order=quality', account: 'ACME' }, { voipPlanId: 9 })).toEqual({ voipPlanId: 9, accountCode: 'ACME', after: {}, before: { order: 'quality' } });
    const digest = 'ab'.repeat(32);
    expect(whatIfBody(undefined, {}, { tariffId: 7 }, [{ ownerId: 3, digest }])).toEqual({ tariffId: 7, decks: [{ ownerId: 3, digest }] });
    expect(() => whatIfBody('odor=quality', {}, {})).toThrow('--odor');
  });

  it.each(['2', 'abcdef', 'abcdef'.padEnd(64, '0')])('names a version as ./tollwire deck does: %s', async (version) => {
    const listed = { decks: [{ deck: { version: 2, digest: 'abcdef'.padEnd(64, '0') }, status: 'inactive' }] };
    const nothing = { callCount: 0, lookedAtCount: 0, unpricedCount: 0, isPartial: false, destinations: [], moves: [] };
    const { asked, bodies, stopped } = await outcomeOf(['route', '--deck', `3=${version}`, '--tariff', '7'], [listed, nothing]);
    expect({ asked, stopped }).toEqual({ asked: ['GET /v1/decks?kind=carrier&ownerId=3', 'POST /v1/routing-policies/what-if'], stopped: '' });
    expect(JSON.parse(bodies[1] ?? '')).toEqual({ tariffId: 7, decks: [{ ownerId: 3, digest: 'abcdef'.padEnd(64, '0') }] });
  });

  it('says what it takes where a version is no such', async () => {
    expect(await outcomeOf(['route', '--deck', '2', '--tariff', '7'])).toMatchObject({ exitCode: 2, stopped: expect.stringContaining('--deck takes CARRIERPLAN=VERSION') });
  });

  it('tells cost, margin and calls moved by destination, and who loses calls to whom', () => {
    const moves = [{ from: 'A', to: 'B', callCount: 6, minutes: '12.00' }, { from: 'A', callCount: 2, minutes: '1.00' }];
    const reply = { callCount: 20, lookedAtCount: 50, unpricedCount: 3, isPartial: true, destinations: [austria], moves };
    const [text = '', ...more] = whatIfLines(whatIfReply.parse(reply));
    expect(text.split('\n').at(-1)?.split(/ {2,}/)).toEqual(['Austria mobile', '20', '41.50', '8', '1.25', '1.00', '2.75', '3.00', 'EUR', 'no carrier for 0, then for 2; cost unknown of 1']);
    expect(more).toEqual([
      '6 calls (12.00 min) from A to B', '2 calls (1.00 min) from A to nobody', '3 calls have no price now and were left out',
      'there were more calls than one question looks at; ask for fewer days',
    ]);
    expect(whatIfLines(whatIfReply.parse({ callCount: 0, lookedAtCount: 5, unpricedCount: 0, isPartial: false, destinations: [], moves: [] }))).toEqual(['no answered call of this plan in this time']);
  });
});
