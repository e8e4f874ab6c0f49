import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../client/command.fixture.ts';

const refused = {
  call: { switchId: 'sw', callId: 'a/b' }, refusedAt: '2026-03-01T12:00:00.120000Z', charged: { accountCode: 'acme' }, calledE164: '442071******',
  refusal: { code: 'no_route', detail: 'No carrier is left; each one says why it is out', facts: { excluded: 'NORTH loss' } },
};

describe('calls that were refused', () => {
  it('are asked for with every filter of the API, and told with how to go on', async () => {
    const filters = ['--account', 'acme', '--code', 'no_route', '--from', '2026-03-01T00:00:00Z', '--until', '2026-03-02T00:00:00Z', '--cursor', 'c1'];
    const { asked, out, exitCode } = await outcomeOf(['call', 'refused', ...filters], [{ calls: [refused], nextCursor: 'c2' }]);
    const [path = ''] = asked;
    expect(exitCode).toBe(0);
    expect(Object.fromEntries(new URL(path.replace('GET ', ''), 'http://door').searchParams)).toEqual({
      accountCode: 'acme', code: 'no_route', from: '2026-03-01T00:00:00Z', until: '2026-03-02T00:00:00Z', cursor: 'c1',
    });
    expect(out).toMatch(/2026-03-01T12:00:00\.120 +sw\/a%2Fb +acme +442071\*{6} +no_route +No carrier is left; each one says why it is out\nmore: --cursor c2\n$/);
  });

  it('are told to be none, or all of them to programs', async () => {
    expect((await outcomeOf(['call', 'refused'], [{ calls: [] }])).out).toBe('none\n');
    expect(JSON.parse((await outcomeOf(['call', 'refused', '--card', '0042', '--json'], [{ calls: [refused] }])).out)).toMatchObject({ calls: [{ refusal: { code: 'no_route' } }] });
  });
});
