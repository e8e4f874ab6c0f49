import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  batchContentType,
  dataOf,
  decodeMessage,
  EmptySchema,
  LoadProviderRatesRequestSchema,
  type ProviderLimitsSchema,
  ProviderRegisteredSchema,
  publicEventOf,
  publicEvents,
  RegisterProviderRequestSchema,
  ProviderSwitchSchema,
  type RouteItem,
  RouteItemSchema,
  RouteRequestSchema,
  type RoutingPolicySchema,
  SetProviderLimitsRequestSchema,
  SetRoutingPolicyRequestSchema,
} from '@tollwire/contracts';
import { rebuild, runReaction } from '@tollwire/event-store';
import { openOrm } from '@tollwire/platform';
import { nanosOf } from '@tollwire/telecom';
import { listProviders } from './answers/provider-answers.ts';
import { routeBatch } from './answers/route-answers.ts';
import { Provider, ProviderDestination, ProviderRate } from './entities/provider.entity.ts';
import { routingAnswers } from './routing.answers.ts';
import type { RoutingDeps } from './routing.deps.ts';
import { routingFlow } from './routing.flow.ts';
import { carrierDeck, openRouting, received, type RoutingBed } from './spec/bed.ts';

const at = 1_773_480_413_000_000n;
const tariff = { plan: { case: 'tariffId' as const, value: 1 } };

function ask(
  deps: RoutingDeps,
  item: Partial<Pick<RouteItem, 'e164' | 'hasSellRate' | 'sellRatePerMinNanos' | 'sellCurrency'>> & { voipPlanId?: number } = {},
) {
  const { voipPlanId, ...rest } = item;
  const plan = voipPlanId === undefined ? tariff : { plan: { case: 'voipPlanId' as const, value: voipPlanId } };
  const request = create(RouteRequestSchema, { items: [create(RouteItemSchema, { plan, e164: '34650123456', atUs: at, ...rest })] });
  const answer = routeBatch(deps.router, request);
  if (!answer.ok) return { order: answer.refusal.code, out: '' };
  const [result] = answer.value.results;
  const order = (result?.carriers ?? []).map(({ carrierCode }) => carrierCode).join(' ');
  return { order: order || (result?.refusal?.code ?? ''), out: (result?.excluded ?? []).map(({ carrierCode, code }) => `${carrierCode}:${code}`).join(' ') };
}

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const context = { method: 'spec', correlationId: 'spec', traceparent };

const register = (deps: RoutingDeps, carrierCode: string, address = `${carrierCode}.example`) =>
  registerAs(deps, { carrierCode, name: carrierCode, gateway: { address, tech: 'SIP', timeoutSec: 20 }, by: 'ops' });
const registerAs = (deps: RoutingDeps, request: MessageInitShape<typeof RegisterProviderRequestSchema>) =>
  routingAnswers(deps).registerProvider(create(RegisterProviderRequestSchema, request), context);
const suspend = (deps: RoutingDeps, carrierCode: string) =>
  routingAnswers(deps).suspendProvider(create(ProviderSwitchSchema, { carrierCode, by: 'ops' }), context);
const resume = (deps: RoutingDeps, carrierCode: string) =>
  routingAnswers(deps).resumeProvider(create(ProviderSwitchSchema, { carrierCode, by: 'ops' }), context);

const rateOf = (text: string) => {
  const read = nanosOf(text);
  return read.ok ? read.value : 0n;
};
const loadRates = (deps: RoutingDeps, carrierCode: string, rates: Readonly<Record<string, string>>) =>
  loadRatesAs(deps, {
    carrierCode,
    currency: 'EUR',
    by: 'ops',
    rates: Object.entries(rates).map(([prefix, rate]) => ({ prefix, countryPrefixId: prefix.length, ratePerMinNanos: rateOf(rate) })),
  });
const loadRatesAs = (deps: RoutingDeps, request: MessageInitShape<typeof LoadProviderRatesRequestSchema>) =>
  routingAnswers(deps).loadProviderRates(create(LoadProviderRatesRequestSchema, request), context);

describe('routing on its database', () => {
  let bed: RoutingBed;
  let deps: RoutingDeps;

  beforeAll(async () => {
    bed = await openRouting();
    bed.catalog.decks = [carrierDeck('ALPHA', 1, { '34': '0.02', '34650': '0.05' }), carrierDeck('BETA', 2, { '34': '0.03' })];
  });

  beforeEach(async () => {
    bed.catalog.away = false;
    deps = bed.instance();
    await deps.replica.start();
  });

  afterAll(() => bed.close());

  it('says that it is not ready before its decks are loaded', () => {
    expect(ask(bed.instance()).order).toBe('service_unavailable');
  });

  it('routes nobody to a deck whose carrier is not registered, and takes a carrier in at once', async () => {
    expect(ask(deps)).toEqual({ order: 'no_route', out: '' });
    expect(await register(deps, 'ALPHA')).toMatchObject({ ok: true, value: { providerId: expect.any(Number) } });
    await register(deps, 'BETA');
    expect(ask(deps)).toEqual({ order: 'BETA ALPHA', out: '' });
  });

  it('tells the number of a provider once, however often its terms are agreed', async () => {
    await register(deps, 'ALPHA', 'elsewhere.example');
    await register(deps, 'ALPHA');
    const rows = await bed.database.query<{ payload: Buffer }>('select payload from outbox order by position');
    const told = rows.flatMap(({ payload }) => {
      const events = decodeMessage(batchContentType, () => undefined, payload);
      return events.ok ? events.value.map((event) => dataOf(ProviderRegisteredSchema, event)) : [];
    });
    const providers = (await listProviders(deps)).value.providers.map(({ providerId, carrierCode, name }) => ({ providerId, carrierCode, name }));
    expect(told).toMatchObject(providers);
  });

  it('tells the loss, and what it was measured against', () => {
    expect(ask(deps, { hasSellRate: true, sellRatePerMinNanos: rateOf('0.04'), sellCurrency: 'EUR' })).toEqual({ order: 'BETA', out: 'ALPHA:loss' });
    expect(ask(deps, { hasSellRate: true, sellRatePerMinNanos: rateOf('0.04'), sellCurrency: 'USD' })).toEqual({
      order: 'no_route',
      out: 'ALPHA:currency_mismatch BETA:currency_mismatch',
    });
  });

  it('takes a suspended carrier out of every route, at every instance, and back in', async () => {
    const other = bed.instance();
    await other.replica.start();
    await suspend(deps, 'BETA');
    expect(ask(deps)).toEqual({ order: 'ALPHA', out: 'BETA:suspended' });
    await other.replica.refresh();
    expect(ask(other)).toEqual({ order: 'ALPHA', out: 'BETA:suspended' });
    await resume(deps, 'BETA');
    expect(ask(deps).order).toBe('BETA ALPHA');
  });

  it('routes cards over direct rates too; a second load closes the rate before it', async () => {
    await register(deps, 'GAMMA');
    await loadRates(deps, 'GAMMA', { '34': '0.01' });
    expect(ask(deps).order).toBe('GAMMA BETA ALPHA');
    await loadRates(deps, 'GAMMA', { '34': '0.04', '44': '0.5' });
    const rows = await bed.database.query<{ prefix: string; rate: string }>(
      `select prefix, rate::text from providerrate where valid_until is null order by prefix`,
    );
    expect(rows).toEqual([
      { prefix: '34', rate: '4.000000000' },
      { prefix: '44', rate: '50.000000000' },
    ]);
  });

  it('routes an account only over the carrier plans of its voip_plan, and heeds its bans', async () => {
    const { VoipPlanComposed } = publicEvents;
    const composed = publicEventOf(VoipPlanComposed, {
      source: 'tollwire/catalog',
      timeUs: 1,
      parts: ['7', '1'],
      data: { voipPlanId: 7, revision: 1, name: 'Business', carrierPlanIds: [2], banPrefixes: [{ prefix: '3480', banPlanId: 3 }] },
    });
    expect(ask(deps, { voipPlanId: 7 })).toEqual({ order: 'unknown_plan', out: '' });
    await runReaction(bed.database, deps.replica.reaction(), received(composed));
    await deps.replica.refresh();
    expect(ask(deps, { voipPlanId: 7 })).toEqual({ order: 'BETA', out: 'ALPHA:not_in_plan GAMMA:not_in_plan' });
    expect(ask(deps, { voipPlanId: 7, e164: '34803123456' })).toEqual({ order: 'destination_banned', out: '' });
  });

  it('comes up without the catalog, from what it kept', async () => {
    bed.catalog.away = true;
    const restarted = bed.instance();
    await restarted.replica.start();
    expect(ask(restarted)).toEqual(ask(deps));
  });

  it('rebuilds the documented tables from the events as they stand', async () => {
    const rowsOf = (table: string) =>
      bed.database.query(`select kept from (select to_jsonb(t) - 'providerrateid' - 'providerdestinationid' as kept from ${table} t) rows order by kept::text`);
    const tables = () => Promise.all(['provider', 'providerrate', 'providerdestination', 'routing_policy'].map(rowsOf));
    const live = await tables();
    for (const model of routingFlow.stores.flatMap(({ readModels }) => readModels)) await rebuild(bed.database, model);
    expect(await tables()).toEqual(live);
  });

  it.each<[what: string, attempt: () => Promise<unknown>, code: string, field: string]>([
    ['a rate that is no rate', () => loadRates(deps, 'ALPHA', { '034': '1' }), 'field_malformed', 'rates[0].prefix'],
    ['a negative rate', () => loadRates(deps, 'ALPHA', { '34': '-1' }), 'field_out_of_range', 'rates[0].ratePerMinNanos'],
    [
      'an id that no row has',
      () => loadRatesAs(deps, { carrierCode: 'ALPHA', currency: 'EUR', rates: [{ prefix: '34', countryPrefixId: 2 ** 31 }] }),
      'field_out_of_range',
      'rates[0].countryPrefixId',
    ],
    [
      'a prefix given twice',
      () => loadRatesAs(deps, { carrierCode: 'ALPHA', currency: 'EUR', rates: [{ prefix: '34' }, { prefix: '34' }] }),
      'conflict',
      'rates',
    ],
    ['an unknown currency', () => loadRatesAs(deps, { carrierCode: 'ALPHA', currency: 'EURO' }), 'currency_malformed', 'currency'],
    ['a carrier that nobody knows', () => suspend(deps, 'OMEGA'), 'unknown_carrier', 'carrierCode'],
    ['a provider without an address', () => registerAs(deps, { carrierCode: 'DELTA' }), 'field_missing', 'gateway.address'],
  ])('refuses %s', async (_what, attempt, code, field) => {
    expect(await attempt()).toMatchObject({ ok: false, refusal: { code, field } });
  });

  it('keeps who ordered it and by which request, beside every event and in what it tells others', async () => {
    await register(deps, 'TRACED');
    await suspend(deps, 'TRACED');
    const rows = await bed.database.query<{ type: string; meta: unknown; at: number }>(
      `select type, meta, (data->>'at')::float8 as at from event where stream = 'provider-TRACED' order by version`,
    );
    const meta = { by: 'ops', traceparent };
    expect(rows).toEqual([
      { type: 'ProviderRegistered', meta, at: deps.clock.nowUs() },
      { type: 'ProviderSuspended', meta, at: deps.clock.nowUs() },
    ]);
    const [last] = await bed.database.query<{ payload: Buffer }>('select payload from outbox order by position desc limit 1');
    const told = decodeMessage(batchContentType, () => undefined, last?.payload ?? Buffer.of());
    expect(told.ok && told.value.map((event) => event.traceparent)).toEqual([traceparent]);
  });

  it('can be read through its entities', async () => {
    const orm = await openOrm(bed.url, bed.schema);
    try {
      const entities = orm.em.fork();
      const gamma = await entities.findOneOrFail(Provider, { carriercode: 'GAMMA' });
      expect(gamma).toMatchObject({ providertech: 'SIP', providerip: 'GAMMA.example', providername: 'GAMMA', timeoutSec: 20, stripDigits: 0, active: true });
      const open = await entities.find(ProviderRate, { providerid: gamma.providerid, validUntil: null }, { orderBy: { prefix: 'asc' } });
      expect(open.map(({ prefix, rate, currency }) => `${prefix} ${rate} ${currency}`)).toEqual(['34 4.000000000 EUR', '44 50.000000000 EUR']);
      const destinations = await entities.find(ProviderDestination, { providerid: gamma.providerid });
      expect(destinations.map(({ countryprefixid }) => countryprefixid)).toEqual([2]);
    } finally {
      await orm.close();
    }
  });

  it('routes a plan by the policy that was set for it, on every instance and from its own tables', async () => {
    const before = ask(deps).order;
    const plan = { plan: { case: 'tariffId' as const, value: 1 } };
    const set = (policy: MessageInitShape<typeof RoutingPolicySchema>) =>
      routingAnswers(deps).setRoutingPolicy(create(SetRoutingPolicyRequestSchema, { plan, policy, by: 'ops' }), context);
    const routes = { staticRoutes: [{ prefix: '34', carrierCodes: ['GAMMA'], exclusive: true }] };
    expect(await set(routes)).toMatchObject({ ok: true, value: { policy: { order: 'least_cost', ...routes } } });
    expect(ask(deps).order).toBe('GAMMA');
    const other = bed.instance();
    await other.replica.start();
    expect(ask(other).order).toBe('GAMMA');
    const listed = await routingAnswers(deps).listRoutingPolicies(create(EmptySchema, {}), context);
    expect(listed).toMatchObject({ ok: true, value: { policies: [{ plan, policy: routes, setBy: 'ops', setAtUs: BigInt(deps.clock.nowUs()) }] } });
    const ofPolicy = () => {
      const items = [create(RouteItemSchema, { plan: tariff, e164: '34650123456', atUs: at })];
      const answer = routeBatch(deps.router, create(RouteRequestSchema, { items }));
      return answer.ok ? answer.value.results[0]?.failover : undefined;
    };
    expect(ofPolicy()).toBeUndefined();
    await set({ ...routes, failover: { q850: [17], sipStops: [503] } });
    expect(ofPolicy()).toMatchObject({ q850: [17], sipStops: [503] });
    await set(routes);
    const events = () => bed.database.query(`select 1 from event where stream = 'policy-tariff:1'`);
    expect(await events()).toHaveLength(3);
    await set({});
    expect([ask(deps).order, (await events()).length]).toEqual([before, 4]);
    const listedAgain = await routingAnswers(deps).listRoutingPolicies(create(EmptySchema, {}), context);
    expect(listedAgain).toMatchObject({ ok: true, value: { policies: [{ plan, policy: { staticRoutes: [] } }], past: [
      { plan, policy: routes, setBy: 'ops' }, { plan, policy: { failover: { q850: [17] } } }, { plan, policy: routes },
    ] } });
    expect(await set({ order: 'cheapest' })).toMatchObject({ ok: false, refusal: { code: 'field_malformed', field: 'policy.order' } });
  });

  it('refuses what sells for more than the policy of its plan allows, on every instance, until it is set otherwise', async () => {
    const set = (policy: MessageInitShape<typeof RoutingPolicySchema>) =>
      routingAnswers(deps).setRoutingPolicy(create(SetRoutingPolicyRequestSchema, { plan: tariff, policy, by: 'ops' }), context);
    const soldAt = (instance: RoutingDeps, rate: string) => ask(instance, { hasSellRate: true, sellRatePerMinNanos: rateOf(rate), sellCurrency: 'EUR' });
    const before = soldAt(deps, '0.11');
    expect(await set({ sellRateMaxNanos: rateOf('0.10') })).toMatchObject({ ok: true, value: { policy: { sellRateMaxNanos: rateOf('0.10') } } });
    const other = bed.instance();
    await other.replica.start();
    for (const instance of [deps, other]) expect([soldAt(instance, '0.11'), soldAt(instance, '0.10').order]).toEqual([{ order: 'sell_rate_above_limit', out: '' }, before.order]);
    expect(await routingAnswers(deps).listRoutingPolicies(create(EmptySchema, {}), context)).toMatchObject({ value: { policies: [{ policy: { sellRateMaxNanos: rateOf('0.10') } }] } });
    await set({});
    expect(soldAt(deps, '0.11')).toEqual(before);
  });

  it('heeds the hours of a carrier at once, on every instance, and lists what was agreed', async () => {
    const agree = (limits: MessageInitShape<typeof ProviderLimitsSchema>) =>
      routingAnswers(deps).setProviderLimits(create(SetProviderLimitsRequestSchema, { carrierCode: 'BETA', limits, by: 'ops' }), context);
    const before = ask(deps);
    const early = { hours: [{ fromSec: 0, untilSec: 60 }], timeZone: 'Europe/Madrid', concurrentCallsMax: 30 };
    expect(await agree(early)).toMatchObject({ ok: true, value: { limits: { ...early, attemptCountMin: 20, lockSec: 300 } } });
    const closed = { order: before.order.replace('BETA ', ''), out: `BETA:outside_hours ${before.out}`.trim() };
    const other = bed.instance();
    await other.replica.start();
    expect([ask(deps), ask(other)]).toEqual([closed, closed]);
    expect((await listProviders(deps)).value.providers[1]).toMatchObject({ carrierCode: 'BETA', limits: early });
    for (const model of routingFlow.stores.flatMap(({ readModels }) => readModels)) await rebuild(bed.database, model);
    await other.replica.refresh();
    expect(ask(other)).toEqual(closed);
    await agree({});
    expect(ask(deps)).toEqual(before);
  });

  it('lists its providers, each with its priority', async () => {
    await registerAs(deps, { carrierCode: 'GAMMA', name: 'GAMMA', gateway: { address: 'GAMMA.example', tech: 'SIP', timeoutSec: 20 }, priority: 7, by: 'ops' });
    const answer = await listProviders(deps);
    expect(answer.value.providers.map(({ carrierCode, active, priority }) => `${carrierCode}:${active}:${priority}`)).toEqual([
      'ALPHA:true:0',
      'BETA:true:0',
      'GAMMA:true:7',
      'TRACED:false:0',
    ]);
  });
});
