import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  batchContentType, dataOf, decodeMessage, ListProviderRatesRequestSchema, LoadProviderRatesRequestSchema, ProviderRatesWithdrawnSchema, publicEvents, RegisterProviderRequestSchema,
  RouteItemSchema, RouteRequestSchema, WithdrawProviderRatesRequestSchema,
} from '@tollwire/contracts';
import { rebuild } from '@tollwire/event-store';
import { routeBatch } from './answers/route-answers.ts';
import { routingAnswers } from './routing.answers.ts';
import type { RoutingDeps } from './routing.deps.ts';
import { routingFlow } from './routing.flow.ts';
import { carrierDeck, openRouting, type RoutingBed } from './spec/bed.ts';

const context = { method: 'spec', correlationId: 'spec' };
const plan = { plan: { case: 'tariffId' as const, value: 1 } };

/** Spain, and its mobile numbers. */
const spain = { prefix: '34', countryPrefixId: 17, ratePerMinNanos: 10_000_000n };
const mobile = { prefix: '346', countryPrefixId: 18, ratePerMinNanos: 50_000_000n };
const call = '34650123456';

describe('direct rates that a provider no longer offers', () => {
  let bed: RoutingBed;
  let deps: RoutingDeps;

  beforeAll(async () => {
    bed = await openRouting();
    bed.catalog.decks = [carrierDeck('BETA', 2, { '34': '0.03' })];
    deps = bed.instance();
    await deps.replica.start();
    for (const carrierCode of ['ALPHA', 'BETA']) {
      const gateway = { address: `${carrierCode}.example`, tech: 'SIP', timeoutSec: 20 };
      await routingAnswers(deps).registerProvider(create(RegisterProviderRequestSchema, { carrierCode, name: carrierCode, gateway, by: 'ops' }), context);
    }
  });

  beforeEach(() => bed.clock.advanceSec(1));

  afterAll(() => bed.close());

  /** Who gets the call at an instant, at what price a minute and by which prefix; and who does not, and why. */
  const routed = (atUs: number = bed.clock.nowUs(), instance = deps) => {
    const answer = routeBatch(instance.router, create(RouteRequestSchema, { items: [create(RouteItemSchema, { plan, e164: call, atUs: BigInt(atUs) })] }));
    const [result] = answer.ok ? answer.value.results : [];
    const carriers = (result?.carriers ?? []).map(({ carrierCode, prefix, ratePerMinNanos }) => `${carrierCode} ${prefix} ${ratePerMinNanos ?? 0n}`);
    return [...carriers, ...(result?.excluded ?? []).map(({ carrierCode, code }) => `${carrierCode}:${code}`)].join(', ');
  };
  const load = (...rates: (typeof spain)[]) =>
    routingAnswers(deps).loadProviderRates(create(LoadProviderRatesRequestSchema, { carrierCode: 'ALPHA', currency: 'EUR', rates, by: 'ops' }), context);
  const withdraw = (request: MessageInitShape<typeof WithdrawProviderRatesRequestSchema>) =>
    routingAnswers(deps).withdrawProviderRates(create(WithdrawProviderRatesRequestSchema, { carrierCode: 'ALPHA', by: 'ops', ...request }), context);
  const standing = async (request: MessageInitShape<typeof ListProviderRatesRequestSchema> = {}) => {
    const listed = await routingAnswers(deps).listProviderRates(create(ListProviderRatesRequestSchema, { carrierCode: 'ALPHA', atUs: BigInt(bed.clock.nowUs()), ...request }), context);
    return listed.ok ? (listed.value.rates ?? []).map(({ prefix, countryPrefixId }) => `${prefix} ${countryPrefixId}`) : listed.refusal.code;
  };
  const destinations = async () => (await bed.database.query<{ id: number }>('select countryprefixid as id from providerdestination order by 1')).map(({ id }) => id);

  it('take the carrier out of routes, and are back when they are offered again; what was called before goes by them still', async () => {
    await load(spain, mobile);
    const offeredAt = bed.clock.nowUs();
    expect([routed(), await destinations()]).toEqual(['BETA 34 30000000, ALPHA 346 50000000', [17, 18]]);
    bed.clock.advanceSec(1);

    expect(await withdraw({ countryPrefixIds: [18] })).toEqual({ ok: true, value: { rateCount: 1 } });
    const mobileEndedAt = bed.clock.nowUs();
    expect([routed(), await destinations()]).toEqual(['ALPHA 34 10000000, BETA 34 30000000', [17]]);
    bed.clock.advanceSec(1);

    expect(await withdraw({ prefixes: ['34'] })).toEqual({ ok: true, value: { rateCount: 1 } });
    const endedAt = bed.clock.nowUs();
    expect([routed(), await destinations()]).toEqual(['BETA 34 30000000, ALPHA:no_rate', []]);
    bed.clock.advanceSec(1);

    await load({ ...spain, ratePerMinNanos: 20_000_000n });
    expect([routed(), await destinations()]).toEqual(['ALPHA 34 20000000, BETA 34 30000000', [17]]);
    expect([offeredAt, mobileEndedAt - 1, mobileEndedAt, endedAt - 1, endedAt].map((atUs) => routed(atUs))).toEqual([
      'BETA 34 30000000, ALPHA 346 50000000', 'BETA 34 30000000, ALPHA 346 50000000',
      'ALPHA 34 10000000, BETA 34 30000000', 'ALPHA 34 10000000, BETA 34 30000000',
      'BETA 34 30000000, ALPHA:no_rate',
    ]);
  });

  it('are gone at every instance at its next look, and after a restart', async () => {
    const other = bed.instance();
    await other.replica.start();
    expect(routed(undefined, other)).toBe('ALPHA 34 20000000, BETA 34 30000000');
    await withdraw({ countryPrefixIds: [17] });
    await other.replica.refresh();
    const restarted = bed.instance();
    await restarted.replica.start();
    expect([other, restarted].map((instance) => routed(undefined, instance))).toEqual(['BETA 34 30000000, ALPHA:no_rate', 'BETA 34 30000000, ALPHA:no_rate']);
  });

  it('are listed while they stand, by prefix and in pages', async () => {
    await load(spain, mobile);
    expect(await standing()).toEqual(['34 17', '346 18']);
    expect(await standing({ prefix: '346' })).toEqual(['346 18']);
    expect(await standing({ pageToken: '34' })).toEqual(['346 18']);
    expect(await standing({ atUs: BigInt(bed.clock.nowUs() - 1) })).toEqual([]);
    expect(await standing({ carrierCode: 'OMEGA' })).toBe('unknown_carrier');
  });

  it('rebuild from the events as they stand', async () => {
    const rowsOf = (table: string) => bed.database.query(`select kept from (select to_jsonb(t) - 'providerrateid' - 'providerdestinationid' as kept from ${table} t) rows order by kept::text`);
    const tables = () => Promise.all(['provider', 'providerrate', 'providerdestination'].map(rowsOf));
    const live = await tables();
    for (const model of routingFlow.stores.flatMap(({ readModels }) => readModels)) await rebuild(bed.database, model);
    expect(await tables()).toEqual(live);
  });

  it('are told to others with every prefix that ends', async () => {
    await withdraw({ prefixes: ['346'], countryPrefixIds: [17] });
    const rows = await bed.database.query<{ payload: Buffer }>('select payload from outbox order by position desc limit 1');
    const told = rows.flatMap(({ payload }) => {
      const events = decodeMessage(batchContentType, () => undefined, payload);
      return events.ok ? events.value : [];
    });
    expect(told.map((event) => [event.type, dataOf(ProviderRatesWithdrawnSchema, event)])).toMatchObject([
      [publicEvents.ProviderRatesWithdrawn.type, { carrierCode: 'ALPHA', prefix: ['34', '346'], validUntilUs: BigInt(bed.clock.nowUs()), by: 'ops' }],
    ]);
  });

  it.each<[what: string, request: MessageInitShape<typeof WithdrawProviderRatesRequestSchema>, code: string, field: string]>([
    ['nothing', {}, 'field_missing', 'prefixes'],
    ['a prefix that is none', { prefixes: ['034'] }, 'field_malformed', 'prefixes[0]'],
    ['a destination that no row has', { countryPrefixIds: [0] }, 'field_out_of_range', 'countryPrefixIds[0]'],
    ['a prefix that was never offered', { prefixes: ['44'] }, 'unknown_provider_rate', 'prefixes'],
    ['a destination that was never offered', { countryPrefixIds: [99] }, 'unknown_provider_rate', 'countryPrefixIds'],
    ['a prefix that is withdrawn already', { prefixes: ['34'] }, 'provider_rate_withdrawn', 'prefixes'],
    ['a destination that is withdrawn already', { countryPrefixIds: [17] }, 'provider_rate_withdrawn', 'countryPrefixIds'],
    ['a rate of nobody', { carrierCode: 'OMEGA', prefixes: ['34'] }, 'unknown_carrier', 'carrierCode'],
    ['more than one order may name', { prefixes: Array.from({ length: 10_001 }, (_, at) => `1${at}`) }, 'too_many_items', 'prefixes'],
  ])('are refused to be withdrawn: %s', async (_what, request, code, field) => {
    expect(await withdraw(request)).toMatchObject({ ok: false, refusal: { code, field } });
  });
});
