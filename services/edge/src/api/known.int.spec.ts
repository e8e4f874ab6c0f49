import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EdgeBed, edgeBed } from '../spec-bed.ts';

describe('what a request names of another service', () => {
  let edge: EdgeBed;
  const looks = {
    listPlans: () => ({}),
    listProviders: () => ({ providers: [{ carrierCode: 'N', gateways: [{ gatewayId: 7, groupIds: [2] }] }] }),
    listResellers: () => ({ resellers: [{ resellerId: 7 }] }),
  };
  beforeAll(async () => {
    edge = await edgeBed();
  });
  afterAll(() => edge.close());

  it.each<[route: string, body: object, field: string, code: string]>([
    ['/v1/card-types', { description: 'Ten', value: { amount: '1.50', currency: 'EUR' }, tariffId: 99 }, 'tariffId', 'unknown_plan'],
    ['/v1/accounts', { customerId: 'acme', accountCodes: ['A'], voipPlanId: 99, currency: 'EUR' }, 'voipPlanId', 'unknown_plan'],
    ['/v1/routing-policies', { tariffId: 99, policy: {} }, 'tariffId', 'unknown_plan'],
    ['/v1/routing-policies', { tariffId: 7, policy: { metrics: [{ carrierPlanId: 99, metric: 1 }] } }, 'policy.metrics[0].carrierPlanId', 'unknown_plan'],
    ['/v1/routing-policies', { tariffId: 7, policy: { weights: [{ carrierCode: 'N', weight: 1 }, { carrierCode: 'X', weight: 1 }] } }, 'policy.weights[1].carrierCode', 'unknown_carrier'],
    ['/v1/routing-policies', { tariffId: 7, policy: { staticRoutes: [{ prefix: '43', carrierCodes: ['N', 'X'] }] } }, 'policy.staticRoutes[0].carrierCodes[1]', 'unknown_carrier'],
    ['/v1/accounts/A/gateways', { gatewayIds: [7, 99] }, 'gatewayIds[1]', 'unknown_gateway'],
    ['/v1/accounts/A/gateways', { gatewayIds: [7], gatewayGroupIds: [7] }, 'gatewayGroupIds[0]', 'unknown_gateway'],
    ['/v1/api-keys', { name: 'shop', role: 'reseller', resellerId: 99 }, 'resellerId', 'unknown_reseller'],
  ])('POST %s with %j is refused for its %s, which nobody knows', async (path, body, field, code) => {
    edge.backstage.asked.length = 0;
    edge.backstage.answers = { ...looks, listPlans: (request) => ({ plans: 'id' in request && request.id === 7 ? [{ id: 7 }] : [] }) };
    const answered = await edge.call('POST', path, body);
    expect({ status: answered.status, body: answered.body }).toMatchObject({ status: 404, body: { code, field, detail: expect.stringContaining('name one that there is') } });
    expect(edge.backstage.asked.filter(({ method }) => !Object.hasOwn(looks, method))).toEqual([]);
  });

  it.each([
    [{ gatewayIds: [7], gatewayGroupIds: [2] }, ['listProviders', 'allowGateways']],
    [{}, ['allowGateways']],
  ])('lets an account use %j', async (body, methods) => {
    edge.backstage.asked.length = 0;
    edge.backstage.answers = { ...looks, allowGateways: () => ({}) };
    const { status } = await edge.call('POST', '/v1/accounts/A/gateways', body);
    expect({ status, methods: edge.backstage.asked.map(({ method }) => method) }).toEqual({ status: 200, methods });
  });

  it('is not asked of whom it is for while its owner does not answer', async () => {
    edge.backstage.asked.length = 0;
    edge.backstage.answers = {};
    const { status } = await edge.call('POST', '/v1/card-types', { description: 'Ten', value: { amount: '1.50', currency: 'EUR' }, tariffId: 7 });
    expect(status).toBe(500);
    expect(edge.backstage.asked.map(({ method }) => method)).toEqual(['listPlans']);
  });
});
