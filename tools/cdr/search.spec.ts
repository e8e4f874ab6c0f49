import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../client/command.fixture.ts';

const call = {
  call: { switchId: 'sw', callId: 'a/b', leg: 1 }, status: 'closed', charged: { accountCode: 'acme' }, cli: '431555****', calledNumber: '+442071******', calledE164: '442071******',
  startedAt: '2026-03-01T12:00:00.000001Z', endedAt: '2026-03-01T12:01:04.000000Z', startedReceivedAt: '2026-03-01T12:00:00.120000Z', endedReceivedAt: '2026-03-01T12:01:04.250000Z',
  lastReceivedAt: '2026-03-01T12:01:05.000000Z', sessionTimeSec: 64, pulseTimeSec: 66, q850Cause: 16, terminateCause: 'NORMAL_CLEARING', carrierCode: 'C1',
  sell: { amount: '0.012345678', currency: 'EUR' }, flags: ['late_end'], attempts: [{ carrierCode: 'C2', q850Cause: 34 }, { carrierCode: 'C1', q850Cause: 16 }],
};

describe('a search for calls', () => {
  it('asks with every filter of the API, and tells how to go on', async () => {
    const filters = ['--from', '2026-03-01T00:00:00Z', '--until', '2026-03-02T00:00:00Z', '--call-id', 'x', '--card', '1', '--account', 'acme', '--switch', 'sw', '--carrier', 'C1',
      '--prefix', '4420', '--cause', '16', '--number', '+4315550100', '--reason', 'a court asks', '--cursor', 'c1', '--page-size', '2'];
    const { asked, out } = await outcomeOf(['cdr', 'search', ...filters], [{ calls: [call], nextCursor: 'c2' }]);
    const [path = ''] = asked;
    expect(Object.fromEntries(new URL(path.replace('GET ', ''), 'http://door').searchParams)).toEqual({
      from: '2026-03-01T00:00:00Z', until: '2026-03-02T00:00:00Z', callId: 'x', cardId: '1', accountCode: 'acme', switchId: 'sw', carrierCode: 'C1', calledPrefix: '4420', q850Cause: '16',
      number: '+4315550100', reason: 'a court asks', cursor: 'c1', pageSize: '2',
    });
    expect(out).toMatch(/2026-03-01T12:00:00\.000 +sw\/a%2Fb\/1 +closed +acme +431555\*\*\*\* +442071\*{6} +66 +16 +C1 +0\.012345678 EUR +late_end\nmore: --cursor c2\n$/);
  });

  it('tells that there is none, or all of it to programs', async () => {
    expect((await outcomeOf(['cdr', 'search'], [{ calls: [] }])).out).toBe('none\n');
    expect(await outcomeOf(['cdr', 'search', '--number', '+4315550100'])).toMatchObject({ asked: [], exitCode: 2, stopped: expect.stringContaining('with --reason TEXT') });
    expect(JSON.parse((await outcomeOf(['cdr', 'search', '--json'], [{ calls: [call], nextCursor: 'c2' }])).out)).toMatchObject({ calls: [{ status: 'closed' }], nextCursor: 'c2' });
  });
});

describe('one call', () => {
  it('is shown with each of its times by the clock of its switch and by ours', async () => {
    const { asked, out } = await outcomeOf(['cdr', 'show', 'sw/a%2Fb/1', '--reason', 'a court asks'], [call]);
    expect(asked).toEqual(['GET /v1/calls/sw/a%2Fb?leg=1&reason=a+court+asks']);
    expect(out).toContain('tried    C2 34, C1 16\n');
    expect(out).toMatch(/started +2026-03-01T12:00:00\.000001Z +2026-03-01T12:00:00\.120000Z\n/);
    expect(out).toMatch(/ended +2026-03-01T12:01:04\.000000Z +2026-03-01T12:01:04\.250000Z\nlast told +2026-03-01T12:01:05\.000000Z\n$/);
    expect(out).not.toContain('ringing');
  });

  it('is named by its switch and its id', async () => {
    expect(await outcomeOf(['cdr', 'show'])).toMatchObject({ exitCode: 2, stopped: expect.stringContaining('cdr show SWITCH/CALL') });
  });
});
