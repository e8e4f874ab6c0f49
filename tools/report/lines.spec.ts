import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../client/command.fixture.ts';
import { reportHead, reportLine } from './lines.ts';
import { trafficReport } from './replies.ts';

const figures = {
  callCount: 4, answeredCount: 3, abandonedCount: 0, talkMs: 125_000, asrPercent: 75, nerPercent: 100, acdSec: 41.667,
  money: [{ currency: 'EUR', sell: '0.024', buy: '0.01', margin: '0.014' }],
};
const none = { callCount: 0, answeredCount: 0, abandonedCount: 0, talkMs: 0, money: [] };

describe('a line of a report', () => {
  it('has a cell for each head, empty where there is no data', () => {
    const { rows: [row] } = trafficReport.parse({ rows: [{ at: '2026-03-01T12:00:00.000000Z', value: 'GB', name: 'United Kingdom', figures, compared: none }] });
    const line = row === undefined ? [] : reportLine(row);
    expect(line).toEqual(['2026-03-01 12:00', 'GB United Kingdom', '4', '4', '3', '2.08', '75', '100', '41.667', '', '', '0.024 EUR', '0.01 EUR', '0.014 EUR', '0', '', '']);
    expect(line).toHaveLength(reportHead(true).length);
  });
});

describe('a report', () => {
  const rows = [{ at: '', value: '', figures: none }, { at: '', value: 'NORTH', figures: none }];

  it.each([['carrier', '(none tried)'], ['account', '(none)']])('by %s names the calls that had none: %s', async (by, told) => {
    expect((await outcomeOf(['report', '--by', by], [{ rows }])).out).toContain(told);
    expect((await outcomeOf(['report', '--by', by, '--csv'], [{ rows }])).out).not.toContain(told);
  });

  it('of now says that no calls go on', async () => {
    expect((await outcomeOf(['report', '--live'], [{ groups: [], openReservationCount: 0 }])).out).toBe('no calls go on\nopen reservations: 0\n');
    const reserved = [{ amount: '1.50', currency: 'EUR' }, { amount: '0.25', currency: 'USD' }];
    const live = { groups: [{ value: 'NORTH', callCount: 2 }], openReservationCount: 3, reserved };
    expect((await outcomeOf(['report', '--live', '--by', 'carrier'], [live])).out).toMatch(/NORTH +2\nopen reservations: 3, 1.50 EUR, 0.25 USD set aside\n$/);
  });

  it('says how an instant is written', async () => {
    expect(await outcomeOf(['report', '--from', 'yesterday'])).toMatchObject({ exitCode: 2, stopped: expect.stringContaining('such as 2026-06-01T00:00:00Z') });
  });
});
