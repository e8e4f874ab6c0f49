import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from '../client/command.fixture.ts';

const words = (line: string) => line.split(' ');
const dialling = { rules: { gatewayIds: [7], gatewayGroupIds: [1] }, openCalls: 0, spentThisHour: { amount: '0.00', currency: 'EUR' }, spentToday: { amount: '0.00', currency: 'EUR' } };
const carrier = {
  providerId: 1, carrierCode: 'NORTH', active: true, limits: { concurrentCallsMax: 30, attemptCountMin: 20, lockSec: 300 },
  gateways: [{ name: 'vienna', gateway: { address: 'sip1' }, gatewayId: 7 }],
};

describe('a command that says nothing of a setting', () => {
  it.each<[line: string, answer: object, shown: string]>([
    ['carrier limits NORTH', { providers: [carrier] }, 'NORTH: at most 30 calls at once\n'],
    ['carrier gateways NORTH', { providers: [carrier] }, 'gateway 7 vienna at sip1, priority 0, weight 0\n'],
    ['list notify blacklist', { notices: [{ list: 'whitelist' }, { list: 'blacklist' }] }, 'blacklist: nobody is told\n'],
    ['limits gateways --account ACME', dialling, 'over gateway 7, group 1 only\n'],
    ['account alert', { lowBalances: [{ cardTypeId: 3, thresholds: ['5.00', '1.00'], by: 'ann' }, { allAccounts: {}, thresholds: [] }] },
      'cards of type 3: told below 5.00, 1.00, set by ann\nall accounts: nothing is told\n'],
    ['account alert --account ACME', { lowBalances: [{ party: { accountCode: 'ACME' }, thresholds: ['0.00'] }] }, 'account ACME: told below 0.00\n'],
    ['account alert --type 4', { lowBalances: [{ cardTypeId: 3, thresholds: ['5.00'] }] }, 'nothing is set, and nothing is told\n'],
  ])('shows it: %s', async (line, answer, shown) => {
    const { asked, out } = await outcomeOf(words(line), [answer]);
    expect({ changes: asked.filter((each) => !each.startsWith('GET ')), out }).toEqual({ changes: [], out: shown });
  });

  it.each(['policy set --plan 1', 'limits set two', 'numbers set sw1'])('or is refused, and nothing is sent: %s', async (line) => {
    const { asked, exitCode, stopped } = await outcomeOf(words(line));
    expect({ asked, exitCode, stopped }).toEqual({ asked: [], exitCode: 2, stopped: expect.stringContaining('--none') });
  });

  it('of a carrier that there is not, is told so', async () => {
    expect(await outcomeOf(words('carrier limits SOUTH'), [{ providers: [carrier] }])).toMatchObject({ exitCode: 1, stopped: expect.stringContaining('There is no carrier SOUTH') });
  });
});

describe('--none', () => {
  it.each<[line: string, answer: object, body: object]>([
    ['carrier limits NORTH --none', { limits: { attemptCountMin: 20, lockSec: 300 } }, {}],
    ['carrier gateways NORTH --none', {}, { gateways: [] }],
    ['limits gateways --account ACME --none', {}, { gatewayIds: [], gatewayGroupIds: [] }],
    ['account alert --account ACME --none', {}, { accountCode: 'ACME', thresholds: [] }],
    ['policy set --plan 1 --none', { policy: {} }, { voipPlanId: 1, policy: {} }],
    ['limits set two --none', { name: 'two', concurrentCallsMax: 0, callsPerSecMax: 0, callSecMax: 0, sliceSec: 0 }, { name: 'two' }],
    ['list notify blacklist --none', { list: 'blacklist' }, {}],
    ['numbers set sw1 --none', { switchId: 'sw1' }, { switchId: 'sw1' }],
  ])('empties it: %s', async (line, answer, body) => {
    const { asked, bodies, stopped } = await outcomeOf(words(line), [answer]);
    expect({ stopped, asked: asked.map((each) => each.slice(0, 5)) }).toEqual({ stopped: '', asked: ['POST '] });
    expect(JSON.parse(bodies[0] ?? '')).toEqual(body);
  });

  it.each(['carrier limits NORTH --concurrent 3 --none', 'account alert --below 5 --none', 'policy set --plan 1 --order weights --none'])('stands alone: %s', async (line) => {
    expect(await outcomeOf(words(line))).toMatchObject({ asked: [], exitCode: 2 });
  });
});
