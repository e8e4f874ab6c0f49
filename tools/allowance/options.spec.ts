import { describe, expect, it } from '@jest/globals';
import { balanceLine, grantLine } from './lines.ts';
import { grantBody, targetQuery, termsOf, validityOf } from './options.ts';

describe('what ./tollwire allowance sends', () => {
  it('names whom and what', () => {
    expect(grantBody({ card: '001', bundle: 'gold', from: '2026-01-01T00:00:00Z' }, 'made-up')).toEqual({ grantId: 'made-up', cardId: '001', bundle: 'gold', validFrom: '2026-01-01T00:00:00Z' });
    expect(grantBody({ tariff: '7', sec: '600', period: 'week', zone: 'Europe/Vienna', prefix: ['43', '49'], weight: '2', covers: 'all', id: 'mine' }, '')).toEqual({
      grantId: 'mine', tariffId: 7, terms: { sec: 600, period: 'week', timeZone: 'Europe/Vienna', prefixes: ['43', '49'], weight: 2, covers: 'all' },
    });
    expect({ ...termsOf({ sec: '60' }), ...validityOf({ until: '2027-01-01T00:00:00Z' }) }).toEqual({ sec: 60, validUntil: '2027-01-01T00:00:00Z' });
    expect([targetQuery({}), targetQuery({ account: 'a&b' }), targetQuery({ plan: '3' })]).toEqual(['', 'accountCode=a%26b&', 'voipPlanId=3&']);
  });

  it('stops where that is not said, or said twice', () => {
    expect(() => grantBody({ sec: '60' }, '')).toThrow('to whom');
    expect(() => grantBody({ card: '1', account: 'A', sec: '60' }, '')).toThrow('to whom');
    expect(() => grantBody({ card: '1' }, '')).toThrow('what is free');
    expect(() => grantBody({ card: '1', sec: '1.5' }, '')).toThrow('--sec takes a whole number');
  });
});

describe('what it prints', () => {
  const terms = { sec: 600, period: 'month', prefixes: ['43'], weight: 0, covers: 'none', validFrom: '2026-01-01T00:00:00.000000Z' };
  const grant = { grantId: 'g1', sequence: 1, bundle: 'gold', party: { cardId: '001' }, terms };

  it('is a line a grant', () => {
    expect(grantLine(grant)).toBe('g1 (gold): card 001 has 600 s each month to 43, from 2026-01-01T00:00:00.000000Z');
    const once = { ...terms, period: 'once', prefixes: [], validUntil: '2027-01-01T00:00:00.000000Z' };
    expect(grantLine({ grantId: 'g2', sequence: 2, plan: { tariffId: 7 }, terms: once })).toBe(
      'g2: everyone on tariff 7 has 600 s once anywhere, from 2026-01-01T00:00:00.000000Z until 2027-01-01T00:00:00.000000Z');
  });

  it('is a line a balance', () => {
    expect(balanceLine({ grant, grantedSec: 600, usedSec: 90, heldSec: 10, availableSec: 500, expiresAt: '2026-02-01T00:00:00.000000Z' })).toBe(
      'gold: 500 s left of 600 s, 90 s used, 10 s held for calls, until 2026-02-01T00:00:00.000000Z');
  });
});
