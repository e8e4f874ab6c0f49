import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EdgeBed, edgeBed } from '../spec-bed.ts';

const call = { switchId: 'sw/1', callId: 'c 1', leg: 2 };
const acme = { party: { case: 'accountCode' as const, value: 'ACME' } };
const refused = { call, refusedAtUs: 1_772_366_400_000_000n, charged: acme, calledE164: '436641234567', refusal: { code: 'no_route' } };

describe('refused calls', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
  });
  afterAll(() => edge.close());

  it('are found by who was to pay, why and when, their numbers by the prefix', async () => {
    edge.backstage.answers = { listRefusedCalls: () => ({ calls: [refused], nextCursor: 'n' }) };
    const { status, body } = await edge.call('GET', '/v1/calls/refused?accountCode=ACME&code=no_route&from=2026-03-01T00:00:00Z&cursor=c');
    const told = { call: { callId: call.callId }, refusedAt: '2026-03-01T12:00:00.000000Z', charged: { accountCode: 'ACME' }, calledE164: '436641******', refusal: { code: 'no_route' } };
    expect({ status, body }).toMatchObject({ status: 200, body: { calls: [told], nextCursor: 'n' } });
    expect(edge.backstage.asked).toMatchObject([{ request: { charged: acme, code: 'no_route', sinceUs: 1_772_323_200_000_000n, untilUs: 0n, cursor: 'c' } }]);
  });

  it('are not asked for of two payers, nor for what is no code', async () => {
    expect((await edge.call('GET', '/v1/calls/refused?cardId=1&accountCode=ACME')).body).toMatchObject({ field: 'cardId' });
    expect((await edge.call('GET', '/v1/calls/refused?code=NO%20ROUTE')).body).toMatchObject({ field: 'code' });
  });
});
