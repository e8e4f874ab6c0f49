import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EdgeBed, edgeBed } from '../spec-bed.ts';

describe('authorize over HTTP', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
  });
  afterAll(() => edge.close());

  const question = { switchId: 'sw1', callId: 'c-1', cardId: '0012345678901234', calledNumber: '+436641234567' };

  it('answers allowed with all that the switch needs', async () => {
    edge.backstage.answers['authorize'] = () => ({
      results: [{ result: { case: 'authorized', value: {
        reservationId: 'r-1', maxDurationSec: 120, validUntilUs: 1_773_490_000_123_456n, reserved: { nanos: 250_000_000n, currency: 'EUR' },
        carriers: [{ carrierCode: 'NORTH', address: 'sip.north:5060', ratePerMinNanos: 6_100_000n, currency: 'EUR' }],
        excluded: [{ carrierCode: 'SOUTH', code: 'loss', reason: 'buys above what it sells' }], calledE164: '436641234567',
      } } }],
    });
    const { status, body } = await edge.call('POST', '/v1/calls/authorize', question);
    expect({ status, body }).toEqual({ status: 200, body: {
      allowed: true, reservationId: 'r-1', maxDurationSec: 120, validUntil: '2026-03-14T12:06:40.123456Z', reserved: { amount: '0.25', currency: 'EUR' },
      carriers: [{ carrierCode: 'NORTH', address: 'sip.north:5060', timeoutSec: 0, ratePerMin: '0.0061', currency: 'EUR' }],
      excluded: [{ carrierCode: 'SOUTH', code: 'loss', reason: 'buys above what it sells' }], calledE164: '436641234567', sellRatePerMin: '0.00',
    } });
  });
});
