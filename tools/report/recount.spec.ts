import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../client/command.fixture.ts';

describe('./tollwire report recount', () => {
  const [from, until] = ['2026-06-01T00:00:00Z', '2026-06-02T00:00:00Z'];

  it('asks on from where the service got to, and sums up what was corrected', async () => {
    const told = await outcomeOf(['report', 'recount', '--from', from, '--until', until], [{ until: '2026-06-01T13:20:00.000000Z', correctedCount: 2 }, { until: '2026-06-02T00:00:00.000000Z' }]);
    expect(told).toMatchObject({ asked: ['POST /v1/reports/recount', 'POST /v1/reports/recount'], exitCode: 0, out: '2 sums corrected: they are what the calls say now.\n' });
    expect(told.bodies).toEqual([{ from, until }, { from: '2026-06-01T13:20:00.000000Z', until }].map((body) => JSON.stringify(body)));
  });

  it('says that nothing was wrong', async () => {
    const { out } = await outcomeOf(['report', 'recount', '--from', from, '--until', until, '--json'], [{ until: '2026-06-02T00:00:00.000000Z' }]);
    expect(JSON.parse(out)).toEqual({ from, until, correctedCount: 0 });
  });

  it.each([
    [['recount'], 'Say from when'],
    [['recount', '--from', from, '--until', 'today'], 'such as 2026-06-02T00:00:00Z'],
    [['recount', '--from', from, '--by', 'carrier'], 'takes no --by'],
    [['recont', '--from', from], 'one word too many'],
  ])('takes no %j', async (args, told) => {
    expect(await outcomeOf(['report', ...args])).toMatchObject({ exitCode: 2, asked: [], stopped: expect.stringContaining(told) });
  });
});
