import { describe, expect, it } from '@jest/globals';
import { diallingLines, rulesLine, settingLine } from './lines.ts';
import { allowedBody, limitedPath, settingBody } from './options.ts';
import { dialling, setting } from './replies.ts';

describe('what ./tollwire limits sends', () => {
  it('names the limits that there are, and whose', () => {
    expect(settingBody('two', { concurrent: '2', 'per-day': '5', currency: 'USD', share: 'fixed_slice', 'slice-sec': '60' })).toEqual({
      name: 'two', concurrentCallsMax: 2, spendPerDayMax: { amount: '5', currency: 'USD' }, creditPolicy: 'fixed_slice', sliceSec: 60,
    });
    expect(settingBody('all', { 'per-sec': '1', 'call-sec': '60', 'per-hour': '1', 'min-credit': '0.20', slice: '0.5' })).toEqual({
      name: 'all', callsPerSecMax: 1, callSecMax: 60,
      spendPerHourMax: { amount: '1', currency: 'EUR' }, creditToCallMin: { amount: '0.20', currency: 'EUR' }, sliceAmount: { amount: '0.5', currency: 'EUR' },
    });
    expect([limitedPath({ account: 'a/b' }), limitedPath({ 'card-type': '7' })]).toEqual(['/v1/accounts/a%2Fb', '/v1/card-types/7']);
  });

  it('stops where that is not said, or is no number', () => {
    expect(() => settingBody(undefined, {})).toThrow('Name the limits');
    expect(() => settingBody('a', { concurrent: '0' })).toThrow('--concurrent takes a whole number from 1');
    expect(() => limitedPath({})).toThrow('Say whose');
  });
});

describe('what it prints', () => {
  const none = { concurrentCallsMax: 0, callsPerSecMax: 0, callSecMax: 0, sliceSec: 0 };
  const two = setting.parse({ ...none, name: 'two', concurrentCallsMax: 2, spendPerDayMax: { amount: '5.00', currency: 'EUR' }, creditPolicy: 'fixed_slice', sliceSec: 60 });

  it('is a line of limits, and one of what is in use', () => {
    expect(settingLine(two)).toBe('two: at most 2 calls at a time, 5.00 EUR a day; credit by fixed_slice of 60 s');
    const least = setting.parse({ ...none, name: 'least', creditToCallMin: { amount: '0.50', currency: 'EUR' } });
    expect(settingLine(least)).toBe('least: no limits; a call begins with 0.50 EUR free; credit by all_free_credit');
    expect(settingLine(setting.parse({ ...none, name: 'none' }))).toBe('none: no limits; credit by all_free_credit');
    expect(rulesLine({ suspendedAt: '2026-01-01T00:00:00.000000Z', gatewayIds: [], gatewayGroupIds: [] })).toBe('suspended since 2026-01-01T00:00:00.000000Z; without limits');
    expect(rulesLine({ gatewayIds: [7], gatewayGroupIds: [1, 2] })).toBe('without limits; over gateway 7, group 1, group 2 only');
    expect(allowedBody({ gateways: '7, 8' })).toEqual({ gatewayIds: [7, 8], gatewayGroupIds: [] });
    expect(() => allowedBody({ groups: 'gold' })).toThrow('--groups');
    const spent = { amount: '1.00', currency: 'EUR' };
    expect(diallingLines(dialling.parse({ openCalls: 2, spentThisHour: spent, spentToday: spent }))).toEqual(['without limits', '2 calls are up; spent 1.00 EUR this hour, 1.00 EUR today']);
  });
});
