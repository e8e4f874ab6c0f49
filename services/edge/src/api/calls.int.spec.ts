import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type EdgeBed, edgeBed, Refusing } from '../spec-bed.ts';

const question = { switchId: 'sw1', callId: 'c-1', cardId: '0012345678901234', calledNumber: '+436641234567' };

const authorized = {
  reservationId: 'r-1',
  maxDurationSec: 120,
  validUntilUs: 1_773_490_000_123_456n,
  reserved: { nanos: 250_000_000n, currency: 'EUR' },
  carriers: [{ carrierCode: 'NORTH', address: 'sip.north:5060', number: '00436641234567', ratePerMinNanos: 6_100_000n, priceNanos: 12_200_000n, currency: 'EUR', reason: 'cheapest' }],
  excluded: [{ carrierCode: 'SOUTH', code: 'loss', reason: 'buys above what it sells' }],
  calledE164: '436641234567',
};

describe('authorize over HTTP', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
  });
  beforeEach(() => {
    edge.backstage.asked.length = 0;
  });
  afterAll(() => edge.close());

  const answerWith = (result: object) => {
    edge.backstage.answers['authorize'] = () => ({ results: [{ result }] });
  };

  it('answers allowed with all that the switch needs', async () => {
    answerWith({ case: 'authorized', value: authorized });
    const { status, body } = await edge.call('POST', '/v1/calls/authorize', question);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        allowed: true,
        reservationId: 'r-1',
        finalUnit: false,
        maxDurationSec: 120,
        validUntil: '2026-03-14T12:06:40.123456Z',
        reserved: { amount: '0.25', currency: 'EUR' },
        carriers: [{ carrierCode: 'NORTH', address: 'sip.north:5060', number: '00436641234567', timeoutSec: 0, ratePerMin: '0.0061', price: '0.0122', currency: 'EUR', reason: 'cheapest',
          furtherGateways: [] }],
        excluded: [{ carrierCode: 'SOUTH', code: 'loss', reason: 'buys above what it sells' }],
        calledE164: '436641234567',
        sellRatePerMin: '0.00',
      },
    });
  });

  it('asks as of now, unless the switch says when', async () => {
    answerWith({ case: 'authorized', value: authorized });
    await edge.call('POST', '/v1/calls/authorize', question);
    await edge.call('POST', '/v1/calls/authorize', { ...question, at: '2026-03-14T13:59:59.5+02:00', cardId: undefined, accountCode: 'ACME', leg: 1, cli: '+431' });
    expect(edge.backstage.asked.map(({ request }) => request)).toMatchObject([
      { items: [{ call: { switchId: 'sw1', callId: 'c-1', leg: 0 }, charged: { party: { case: 'cardId' } }, cli: '', atUs: 1_773_489_600_000_000n }] },
      { items: [{ call: { leg: 1 }, charged: { party: { case: 'accountCode', value: 'ACME' } }, cli: '+431', atUs: 1_773_489_599_500_000n }] },
    ]);
  });

  it('answers a refusal as an answer, with its code and facts', async () => {
    answerWith({ case: 'refusal', value: { code: 'insufficient_credit', detail: 'Top up the card.', facts: { available: '0.01 EUR' } } });
    const { status, body } = await edge.call('POST', '/v1/calls/authorize', question);
    expect({ status, body }).toEqual({ status: 200, body: { allowed: false, refusal: { code: 'insufficient_credit', detail: 'Top up the card.', facts: { available: '0.01 EUR' } } } });
  });

  it('is a problem when card cannot say', async () => {
    edge.backstage.answers['authorize'] = () => new Refusing({ code: 'service_unavailable', detail: 'Ask again.' });
    const { status, headers, body } = await edge.call('POST', '/v1/calls/authorize', question);
    expect({ status, wait: headers.get('retry-after'), code: body['code'] }).toEqual({ status: 503, wait: '1', code: 'service_unavailable' });
  });
});
