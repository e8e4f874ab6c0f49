import { describe, expect, it } from '@jest/globals';
import { chargeTerms } from '../../services/edge/src/api/charges.schema.ts';
import { termsBody } from './plan-terms.ts';

describe('the terms of ./tollwire plan create', () => {
  it.each([
    [{ 'connect-fee': '0.05', 'attempt-fee': '0.002', 'min-charge': '0.10', 'tax': '23' }, { connectFee: '0.05', attemptFee: '0.002', minCharge: '0.10', taxPercent: '23' }],
    [{ 'disconnect-fee': '0.02' }, { disconnectFee: '0.02' }],
    [{ 'disconnect-fee': '0.02@60' }, { disconnectFee: '0.02', disconnectFeeAfterSec: 60 }],
    [{ 'min-duration': '5', 'grace': '2' }, { minDurationSec: 5, addedGraceSec: 2 }],
    [{ raise: '60@40' }, { raisedToSec: 60, raisedAboveSec: 40 }],
    [{ raise: '60' }, { raisedToSec: 60, raisedAboveSec: 0 }],
    [{ 'block-fee': '0.01/300' }, { blockFee: '0.01', blockSec: 300 }],
    [{ 'max-cost': '1.50' }, { maxCost: { amount: '1.50', strategy: 'free' } }],
    [{ 'max-cost': '1.50:disconnect' }, { maxCost: { amount: '1.50', strategy: 'disconnect' } }],
  ])('are those of the API: %j', (values, body) => {
    expect(termsBody(values)).toEqual(body);
    expect(chargeTerms.safeParse(body).success).toBe(true);
  });

  it('are none where none are said', () => {
    expect(termsBody({})).toBeUndefined();
  });

  it.each([
    [{ 'min-duration': 'five' }, '--min-duration'], [{ grace: '-1' }, '--grace'], [{ raise: '60@' }, '--raise'], [{ 'block-fee': '0.01' }, '--block-fee'], [{ 'block-fee': '0.01/x' }, '--block-fee'],
    [{ 'max-cost': '1.50:cut' }, '--max-cost'], [{ 'disconnect-fee': '0.02@x' }, '--disconnect-fee'], [{ 'disconnect-fee': '@60' }, '--disconnect-fee'],
  ])('refuse %j, naming %s', (values, option) => {
    expect(() => termsBody(values)).toThrow(option);
  });
});
