import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CallerIdRuleSchema, EmptySchema, LoadProviderRatesRequestSchema, type NamedGatewaySchema, RegisterProviderRequestSchema, RouteItemSchema, RouteRequestSchema, SetProviderGatewaysRequestSchema,
} from '@tollwire/contracts';
import { rebuild } from '@tollwire/event-store';
import { listProviders } from './answers/provider-answers.ts';
import { routingAnswers } from './routing.answers.ts';
import type { RoutingDeps } from './routing.deps.ts';
import { routingFlow } from './routing.flow.ts';
import { openRouting, type RoutingBed } from './spec/bed.ts';

const context = { method: 'spec', correlationId: 'spec', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
type Told = MessageInitShape<typeof NamedGatewaySchema>;

describe('the gateways of a provider on the database', () => {
  let bed: RoutingBed;
  let deps: RoutingDeps;
  beforeAll(async () => {
    bed = await openRouting();
    deps = bed.instance();
    await deps.replica.start();
    const gateway = { address: 'alpha.example' };
    await routingAnswers(deps).registerProvider(create(RegisterProviderRequestSchema, { carrierCode: 'ALPHA', gateway, by: 'ops' }), context);
    const rates = [{ prefix: '34', ratePerMinNanos: 20_000_000n }];
    await routingAnswers(deps).loadProviderRates(create(LoadProviderRatesRequestSchema, { carrierCode: 'ALPHA', currency: 'EUR', rates, by: 'ops' }), context);
  }, 60_000);
  afterAll(() => bed.close());

  const set = (gateways: Told[], carrierCode = 'ALPHA') =>
    routingAnswers(deps).setProviderGateways(create(SetProviderGatewaysRequestSchema, { carrierCode, gateways, by: 'ops' }), context);
  const near: Told = { name: 'near', gateway: { address: 'near.example', addPrefix: '00' }, groups: ['gold'], weight: 1 };
  const far: Told = { name: 'far', gateway: { address: 'far.example' }, priority: 1, groups: ['gold', 'silver'], weight: 1 };
  const routed = async (instance: RoutingDeps, gatewayGroupIds: number[] = []) => {
    const item = create(RouteItemSchema, { plan: { plan: { case: 'tariffId', value: 1 } }, e164: '34650123456', atUs: BigInt(bed.clock.nowUs()), gatewayGroupIds });
    const answer = await routingAnswers(instance).route(create(RouteRequestSchema, { items: [item] }), context);
    return answer.ok ? answer.value.results?.[0] : undefined;
  };

  it('are agreed as a whole, keep their ids by their names, and are where calls go', async () => {
    expect(await routed(deps)).toMatchObject({ carriers: [{ address: 'alpha.example' }] });
    const first = await set([near, far]);
    if (!first.ok) throw new Error(first.refusal.code);
    const [one, two] = first.value.gateways ?? [];
    expect(first.value.gateways).toMatchObject([{ name: 'near', groups: ['gold'] }, { name: 'far', groups: ['gold', 'silver'] }]);
    expect(await routed(deps)).toMatchObject({ carriers: [{
      address: 'near.example', gateway: 'near', number: '0034650123456', furtherGateways: [{ name: 'far', address: 'far.example', number: '34650123456' }],
    }] });
    const again = await set([{ ...far, suspended: true }, { ...near, priority: 5 }]);
    expect(again).toMatchObject({ ok: true, value: { gateways: [{ name: 'far', gatewayId: two?.gatewayId, suspended: true }, { name: 'near', gatewayId: one?.gatewayId, priority: 5 }] } });
    expect(await routed(deps, [two?.groupIds?.[1] ?? 0])).toMatchObject({ refusal: { code: 'no_route' }, excluded: [{ carrierCode: 'ALPHA', code: 'no_gateway' }] });
    await set([near, far]);
    expect(await routed(deps, [two?.groupIds?.[1] ?? 0])).toMatchObject({ carriers: [{ gateway: 'far' }] });
  });

  it('tell each group by its name and its id at one place, in whatever order groups are stated', async () => {
    const idsOf = (told: Awaited<ReturnType<typeof set>>) =>
      (told.ok ? (told.value.gateways ?? []) : []).map(({ groups = [], groupIds = [] }) => Object.fromEntries(groups.map((group, at) => [group, groupIds[at]])));
    const [, ids] = idsOf(await set([near, far]));
    expect(idsOf(await set([near, { ...far, groups: ['silver', 'gold'] }]))).toEqual([{ gold: ids?.['gold'] }, ids]);
    const listed = await listProviders(deps);
    expect(listed.value.providers[0]?.gateways[1]).toMatchObject({ groups: ['silver', 'gold'], groupIds: [ids?.['silver'], ids?.['gold']] });
    await set([near, far]);
  });

  it('are listed, and the same for another instance and after a rebuild', async () => {
    const list = () => routingAnswers(deps).listProviders(create(EmptySchema), context);
    const before = await list();
    expect(before).toMatchObject({ ok: true, value: { providers: [{ carrierCode: 'ALPHA', gateways: [{ name: 'near', groups: ['gold'] }, { name: 'far' }] }] } });
    for (const model of routingFlow.stores.flatMap(({ readModels }) => readModels)) await rebuild(bed.database, model);
    expect(await list()).toEqual(before);
    const other = bed.instance();
    await other.replica.start();
    expect(await routed(other)).toMatchObject({ carriers: [{ gateway: 'near' }] });
  });

  it.each<[what: string, field: string, code: string, gateways: Told[], carrierCode: string]>([
    ['a carrier that nobody knows', 'carrierCode', 'unknown_carrier', [near], 'NOBODY'],
    ['a name twice', 'gateways[1].name', 'conflict', [near, near], 'ALPHA'],
    ['no name', 'gateways[0].name', 'field_malformed', [{ ...near, name: '' }], 'ALPHA'],
    ['no address', 'gateways[0].gateway.address', 'field_missing', [{ ...near, gateway: {} }], 'ALPHA'],
    ['a group without a name', 'gateways[0].groups', 'field_malformed', [{ ...near, groups: [''] }], 'ALPHA'],
    ['too many', 'gateways', 'too_many_items', Array.from({ length: 101 }, () => near), 'ALPHA'],
  ])('are refused with %s', async (_, field, code, gateways, carrierCode) => {
    expect(await set(gateways, carrierCode)).toMatchObject({ ok: false, refusal: { code, field } });
  });

  it('are the one it was registered with again, where none are agreed', async () => {
    await set([]);
    expect(await routed(deps)).toMatchObject({ carriers: [{ address: 'alpha.example' }] });
  });

  it('get number portability as each wants it, also after a rebuild', async () => {
    const told = async (instance: RoutingDeps) => {
      const item = { plan: { plan: { case: 'tariffId' as const, value: 1 } }, e164: '442079460000', routingNumber: '34700111222', atUs: BigInt(bed.clock.nowUs()) };
      const answer = await routingAnswers(instance).route(create(RouteRequestSchema, { items: [item] }), context);
      const [first] = answer.ok ? (answer.value.results?.[0]?.carriers ?? []) : [];
      return [first?.number, ...(first?.furtherGateways ?? []).map(({ number }) => number)];
    };
    await set([{ ...near, gateway: { address: 'near.example', portability: 'rn' } }, { ...far, gateway: { address: 'far.example', portability: 'prefix' } }]);
    expect(await told(deps)).toEqual(['442079460000;npdi;rn=+34700111222', '34700111222442079460000']);
    await set([]);
    const gateway = { address: 'alpha.example', portability: 'rn' };
    const register = (portability: string) =>
      routingAnswers(deps).registerProvider(create(RegisterProviderRequestSchema, { carrierCode: 'ALPHA', gateway: { ...gateway, portability }, by: 'ops' }), context);
    await register('rn');
    expect(await told(deps)).toEqual(['442079460000;npdi;rn=+34700111222']);
    for (const model of routingFlow.stores.flatMap(({ readModels }) => readModels)) await rebuild(bed.database, model);
    const other = bed.instance();
    await other.replica.start();
    expect(await told(other)).toEqual(['442079460000;npdi;rn=+34700111222']);
    expect(await register('suffix')).toMatchObject({ ok: false, refusal: { code: 'field_malformed', field: 'gateway.portability' } });
    await register('');
    expect(await told(deps)).toEqual(['442079460000']);
  });

  it('say which caller id they want, and each call is answered with it, also after a rebuild', async () => {
    const presented = async (instance: RoutingDeps, cli: string) => {
      const item = { plan: { plan: { case: 'tariffId' as const, value: 1 } }, e164: '34650123456', cli, atUs: BigInt(bed.clock.nowUs()) };
      const answer = await routingAnswers(instance).route(create(RouteRequestSchema, { items: [item] }), context);
      const [first] = answer.ok ? (answer.value.results?.[0]?.carriers ?? []) : [];
      return [first?.callerId, ...(first?.furtherGateways ?? []).map(({ callerId }) => callerId)];
    };
    const register = (callerId: MessageInitShape<typeof CallerIdRuleSchema>) =>
      routingAnswers(deps).registerProvider(create(RegisterProviderRequestSchema, { carrierCode: 'ALPHA', gateway: { address: 'alpha.example', callerId }, by: 'ops' }), context);
    await set([
      { ...near, gateway: { address: 'near.example', callerId: { rule: 'digits', stripDigits: 2, addPrefix: '0' } } }, { ...far, gateway: { address: 'far.example', callerId: { rule: 'withhold' } } },
    ]);
    expect(await presented(deps, '+43664123456')).toEqual([{ number: '0664123456', presentation: 'allowed' }, { number: '', presentation: 'restricted' }]);
    await set([]);
    expect(await presented(deps, '+43664123456')).toEqual([undefined]);
    await register({ rule: 'replace', number: '4317000' });
    for (const model of routingFlow.stores.flatMap(({ readModels }) => readModels)) await rebuild(bed.database, model);
    const other = bed.instance();
    await other.replica.start();
    for (const instance of [deps, other]) {
      expect(await presented(instance, '+43664123456')).toEqual([{ number: '4317000', presentation: 'allowed' }]);
      expect(await presented(instance, '')).toEqual([{ number: '4317000', presentation: 'restricted' }]);
    }
    expect(await routingAnswers(deps).listProviders(create(EmptySchema), context)).toMatchObject({ value: { providers: [{ gateway: { callerId: { rule: 'replace', number: '4317000' } } }] } });
    expect(await register({ rule: 'withhold', number: '1' })).toMatchObject({ ok: false, refusal: { code: 'field_malformed', field: 'gateway.callerId.number' } });
    await register({ rule: 'keep' });
    expect(await presented(deps, '+43664123456')).toEqual([undefined]);
  });
});
