import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { outcomeOf } from '../client/command.fixture.ts';
import { whatIfBody, whatIfLines, whatIfPlan, whatIfReply } from './what-if.ts';

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
    expect(whatIfBody('order=least_cost', { against: 'order=quality', account: 'ACME' }, { voipPlanId: 9 })).toEqual({
      voipPlanId: 9, accountCode: 'ACME', after: { order: 'least_cost' }, before: { order: 'quality' },
    });
    const digest = 'ab'.repeat(32);
    expect(whatIfBody(undefined, {}, { tariffId: 7 }, [{ ownerId: 3, digest }])).toEqual({ tariffId: 7, decks: [{ ownerId: 3, digest }] });
  });

  it.each(table(`
    what if         | against | told
    odor=quality    | -       | "odor=quality" in --what-if is no term of a policy. The terms are order, prefix-mode,
    plan=1          | -       | "plan=1" in --what-if
    plan=2 order=x  | -       | "plan=2" in --what-if
    order=x quality | -       | "quality" in --what-if
    order=quality   | json    | "json" in --against
    -               | -       | --what-if says no policy. Say one as "order=least_cost". The terms are order,
  `))('takes no word that is no term of a policy: $told', ({ 'what if': policy = '', against = '', told = '' }) => {
    expect(() => whatIfBody(policy, against === '' ? {} : { against }, {})).toThrow(told);
  });

  it('is of the calls of one plan, which is named beside an account', () => {
    expect(() => whatIfPlan({ account: 'ACME' })).toThrow('Name the VoIP plan of account ACME too, with --plan ID');
    expect(whatIfPlan({ account: 'ACME', plan: '9' })).toEqual({ voipPlanId: 9 });
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

  const compared = { policy: 'order=quality', values: {}, plan: { tariffId: 7 } };
  const rows = (text: string) => text.split('\n').map((line) => line.trim().split(/ {2,}/));

  it('tells cost, margin and calls moved by destination, and who loses calls to whom', () => {
    const moves = [{ from: 'A', to: 'B', callCount: 6, minutes: '12.00' }, { from: 'A', callCount: 2, minutes: '1.00' }];
    const reply = { callCount: 20, lookedAtCount: 50, unpricedCount: 3, isPartial: true, destinations: [austria], moves };
    const [heading, own, tried, text = '', ...more] = whatIfLines(whatIfReply.parse(reply), compared);
    expect([heading, own, tried]).toEqual([
      'Answered calls of tariff 7 in the week before now, routed by both:', '  own: the plan’s own policy, as it was when each call began', '  tried: order=quality',
    ]);
    expect(rows(text)).toEqual([
      ['to', 'calls', 'minutes', 'moved', 'cost own', 'cost tried', 'margin own', 'margin tried'],
      ['Austria mobile', '20', '41.50', '8', '1.25', '1.00', '2.75', '3.00', 'EUR', 'no carrier for 2 by "tried"; cost unknown of 1'],
    ]);
    expect(more).toEqual([
      'cost and margin are of the calls that both find a carrier for, at a cost that is known',
      '6 calls (12.00 min) from A to B', '2 calls (1.00 min) from A to nobody', '3 calls have no price now and were left out',
      'there were more calls than one question looks at; ask for fewer days',
    ]);
  });

  it('tells all destinations in one line for each currency', () => {
    const usd = { amount: '1.50', currency: 'USD' };
    const america = { ...austria, countryName: 'United States', unknownCount: 0, unroutedAfterCount: 0, costBefore: usd, costAfter: usd, marginBefore: usd, marginAfter: usd };
    const spain = { ...austria, countryName: 'Spain', costAfter: eur('0.0025'), unroutedBeforeCount: 3 };
    const reply = { callCount: 60, lookedAtCount: 60, unpricedCount: 0, isPartial: false, destinations: [austria, spain, america], moves: [] };
    const [, , , text = ''] = whatIfLines(whatIfReply.parse(reply), { ...compared, values: { against: 'order=least_cost' } });
    expect(rows(text).slice(-2)).toEqual([
      ['all', '40', '83.00', '16', '2.50', '1.0025', '5.50', '6.00', 'EUR', 'no carrier for 3 by "against"; no carrier for 4 by "tried"; cost unknown of 2'],
      ['all', '20', '41.50', '8', '1.50', '1.50', '1.50', '1.50', 'USD'],
    ]);
  });

  it('says whose calls of which time it looked for, and what was tried on them', () => {
    const nothing = whatIfReply.parse({ callCount: 0, lookedAtCount: 5, unpricedCount: 0, isPartial: false, destinations: [], moves: [] });
    expect(whatIfLines(nothing, compared)).toEqual(['No answered call of tariff 7 in the week before now.']);
    const asked = { policy: undefined, values: { account: 'ACME', from: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z', deck: ['3=2', '4=abcdef'] }, plan: { voipPlanId: 9 } };
    expect(whatIfLines({ ...nothing, unpricedCount: 5 }, asked)).toEqual([
      'No answered call of VoIP plan 9 by account ACME from 2026-01-01T00:00:00Z until 2026-01-02T00:00:00Z has a price now; 5 calls were left out.',
    ]);
    const [, , tried] = whatIfLines({ ...nothing, callCount: 1 }, asked);
    expect(tried).toBe('  tried: the plan’s own policy, over version 2 of carrier plan 3 and version abcdef of carrier plan 4');
  });
});
