import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from './command.fixture.ts';
import { rerating, reratingText } from './rerating.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const job = {
  reratingId: 'june', apply: false, status: 'done', reason: 'mistyped rate', requestedAt: '2026-07-01T00:00:00Z', reached: '2026-07-01T00:00:00Z',
  callCount: 4, changedCount: 1, refusedCount: 1, partyCount: 140,
  totals: [{ currency: 'EUR', sellDifference: '0.02', buyDifference: '-0.01' }],
  parties: [{ charged: { cardId: '0001' }, currency: 'EUR', changedCount: 1, sellDifference: '0.02', buyDifference: '-0.01' }],
  worst: [{ call: { switchId: 'fs1', callId: 'a', leg: 0 }, charged: { accountCode: 'ACME' }, sellBefore: eur('0.10'), sellAfter: eur('0.12') }],
  refusals: [{ code: 'no_sell_rate', callCount: 1, someCalls: [{ switchId: 'fs1', callId: 'b', leg: 2 }] }],
};

describe('a re-rating, for people', () => {
  it('tells what would change in all, for whom, the most, and what cannot be rated', () => {
    const lines = reratingText(rerating.parse(job)).split('\n').map((line) => line.replaceAll(/\u001b\[\d+m/g, ''));
    expect(lines).toEqual([
      'june  dry run, done: mistyped rate',
      '4 calls looked at, 1 would change, 1 cannot be rated now and stay as they are',
      '', 'In all, new less old', 'currency  sell    buy', 'EUR       0.02  -0.01',
      '', 'Who pays (the first of 140)', 'party      calls  currency  sell    buy', 'card 0001      1  EUR       0.02  -0.01',
      '', 'The largest changes', 'call   party  sell before  after     buy before  after', 'fs1/a  ACME   0.10 EUR     0.12 EUR  -           -',
      '', 'Cannot be rated now', 'why           calls  such as', 'no_sell_rate      1  fs1/b/2',
    ]);
  });

  it('has for programs what people are not told', () => {
    expect(rerating.parse({ ...job, finishedAt: '2026-07-01T00:00:01Z', filter: { plan: { tariffId: 1 } } })).toMatchObject({ finishedAt: '2026-07-01T00:00:01Z', filter: { plan: { tariffId: 1 } } });
  });

  it('is two lines where nothing changes', () => {
    const nothing = { ...job, apply: true, changedCount: 0, totals: [], parties: [], worst: [], refusals: [], reason: undefined };
    expect(reratingText(rerating.parse(nothing)).split('\n')).toHaveLength(2);
  });
});

describe('the time of a re-rating', () => {
  it.each(['--until', '--to'])('ends with %s', async (option) => {
    const { bodies } = await outcomeOf(['rerate', '--from', '2026-06-01T00:00:00Z', option, '2026-07-01T00:00:00Z', '--json'], [job]);
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ from: '2026-06-01T00:00:00Z', until: '2026-07-01T00:00:00Z' });
  });

  it('ends once', async () => {
    expect(await outcomeOf(['rerate', '--from', 'a', '--until', 'b', '--to', 'c'])).toMatchObject({ exitCode: 2, stopped: expect.stringContaining('--to is what --until was called') });
  });
});
