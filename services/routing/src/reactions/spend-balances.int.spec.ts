import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  EmptySchema, MeasuredCarriersRequestSchema, type MoneySchema, type ProviderLimitsSchema, publicEventOf, publicEvents,
  RegisterProviderRequestSchema, type RouteItem, RouteItemSchema, RouteRequestSchema,
  SetProviderLimitsRequestSchema, StateProviderBalanceRequestSchema,
} from '@tollwire/contracts';
import { rebuild, runReaction } from '@tollwire/event-store';
import { pruneSpent } from '../projections/spent-table.ts';
import { routingAnswers } from '../routing.answers.ts';
import type { RoutingDeps } from '../routing.deps.ts';
import { routingFlow } from '../routing.flow.ts';
import { carrierDeck, openRouting, received, type RoutingBed } from '../spec/bed.ts';
import { spendBalances } from './spend-balances.ts';

const context = { method: 'spec', correlationId: 'spec' };
const eur = (nanos: bigint) => ({ nanos, currency: 'EUR' });

let bed: RoutingBed;
let deps: RoutingDeps;
let other: RoutingDeps;
beforeAll(async () => {
  bed = await openRouting();
  bed.catalog.decks = [carrierDeck('ALPHA', 1, { '34': '0.02' }), carrierDeck('BETA', 2, { '34': '0.03' })];
  deps = bed.instance();
  other = bed.instance();
  for (const each of [deps, other]) await each.replica.start();
  for (const carrierCode of ['ALPHA', 'BETA']) {
    await routingAnswers(deps).registerProvider(create(RegisterProviderRequestSchema, { carrierCode, gateway: { address: 'x.example' }, by: 'ops' }), context);
  }
}, 60_000);
afterAll(() => bed.close());

async function state(left: MessageInitShape<typeof MoneySchema> | undefined, carrierCode = 'ALPHA') {
  const answer = await routingAnswers(deps).stateProviderBalance(create(StateProviderBalanceRequestSchema, { carrierCode, by: 'ops', ...(left === undefined ? {} : { left }) }), context);
  await other.replica.refresh();
  return answer;
}

function rated(call: string, nanos: bigint, change: { revision?: number; startedAtUs?: bigint; carrierCode?: string; currency?: string } = {}) {
  const { revision = 1, startedAtUs = BigInt(bed.clock.nowUs()), carrierCode = 'ALPHA', currency = 'EUR' } = change;
  const data = { call: { switchId: 'sw', callId: call, leg: 1 }, carrierCode, startedAtUs, revision, buy: { amount: { nanos, currency } } };
  return received(publicEventOf(publicEvents.CallRated, { source: 'spec', timeUs: bed.clock.nowUs(), parts: [call, String(revision)], data }));
}

const tell = (of: RoutingDeps, ...events: ReturnType<typeof rated>[]) => runReaction(bed.database, spendBalances(of), events.flat());

type Needs = Partial<Pick<RouteItem, 'atUs' | 'codecs' | 'attestation' | 'accountCode'>>;
async function route(more: Needs = {}, of = deps): Promise<string> {
  for (const each of [deps, other]) await each.balances.refresh(each.router.carriers);
  const items = [create(RouteItemSchema, { plan: { plan: { case: 'tariffId', value: 1 } }, e164: '34650123456', atUs: BigInt(bed.clock.nowUs()), ...more })];
  const answer = await routingAnswers(of).route(create(RouteRequestSchema, { items }), context);
  const [result] = answer.ok ? (answer.value.results ?? []) : [];
  return [...(result?.carriers ?? []).map(({ carrierCode }) => carrierCode), ...(result?.excluded ?? []).map(({ carrierCode, code }) => `${carrierCode}:${code}`)].join(' ');
}

async function balance() {
  const answer = await routingAnswers(deps).measuredCarriers(create(MeasuredCarriersRequestSchema, { carrierCode: 'ALPHA' }), context);
  const [told] = answer.ok ? (answer.value.balances ?? []) : [];
  return told === undefined ? 'any' : `${told.stated?.nanos} - ${told.spent?.nanos} = ${told.left?.nanos}`;
}

describe('the balance of a carrier', () => {
  it('is what was stated less what it charges for calls that began since, each once, the last rating counting', async () => {
    expect([await route(), await balance(), spendBalances(deps).standsBy?.()]).toEqual(['ALPHA BETA', 'any', true]);
    bed.clock.advanceSec(10);
    expect(await state(eur(100n))).toEqual({ ok: true, value: { left: expect.objectContaining(eur(100n)) } });
    expect(spendBalances(deps).standsBy?.()).toBe(false);
    const uncounted = [rated('b', 10n, { carrierCode: 'BETA' }), rated('before', 90n, { startedAtUs: BigInt(bed.clock.nowUs()) - 1n }), rated('dollars', 90n, { currency: 'USD' })];
    await tell(deps, rated('a', 40n), rated('a', 40n), ...uncounted);
    expect([await route(), await balance()]).toEqual(['ALPHA BETA', '100 - 40 = 60']);
    await Promise.all([tell(other, rated('a', 50n, { revision: 3 }), rated('c', 40n)), tell(deps, rated('a', 45n, { revision: 2 }), rated('d', 9n))]);
    expect([await route(), await balance()]).toEqual(['ALPHA BETA', '100 - 99 = 1']);
    await tell(deps, rated('e', 1n), rated('c', 40n), rated('a', 40n));
    expect([await route(), await route({}, other), await balance()]).toEqual(['BETA ALPHA:balance_used_up', 'BETA ALPHA:balance_used_up', '100 - 100 = 0']);
    await tell(deps, rated('e', 0n, { revision: 2 }));
    expect([await route(), await balance()]).toEqual(['ALPHA BETA', '100 - 99 = 1']);
  });

  it('says nothing of a call of another time, and is the same after a rebuild', async () => {
    await state(eur(0n));
    expect([await route(), await route({ atUs: BigInt(bed.clock.nowUs()) - 600_000_000n })]).toEqual(['BETA ALPHA:balance_used_up', 'ALPHA BETA']);
    for (const model of routingFlow.stores.flatMap(({ readModels }) => readModels)) await rebuild(bed.database, model);
    await other.replica.refresh();
    expect(await route({}, other)).toBe('BETA ALPHA:balance_used_up');
  });

  it('is begun anew when it is stated anew, and any where nothing is stated; refused for who is unknown, and in no currency', async () => {
    bed.clock.advanceSec(10);
    await state(eur(5n));
    expect([await route(), await balance()]).toEqual(['ALPHA BETA', '5 - 0 = 5']);
    await tell(deps, rated('f', 2n));
    const kept = () => bed.database.query('select nanos from provider_spent union all select nanos from provider_spent_call');
    expect((await kept()).length).toBeGreaterThan(2);
    await pruneSpent(bed.database);
    expect(await kept()).toEqual([{ nanos: 2n }, { nanos: 2n }]);
    expect([await route(), await balance()]).toEqual(['ALPHA BETA', '5 - 2 = 3']);
    await state(undefined);
    expect([await route(), await balance()]).toEqual(['ALPHA BETA', 'any']);
    expect(await state(eur(1n), 'NOBODY')).toMatchObject({ ok: false, refusal: { code: 'unknown_carrier' } });
    expect(await state({ nanos: 1n, currency: 'euro' })).toMatchObject({ ok: false, refusal: { code: 'currency_malformed', field: 'left.currency' } });
    expect(await routingAnswers(deps).listProviders(create(EmptySchema), context)).toMatchObject({ ok: true });
  });
});

describe('which calls a carrier takes', () => {
  it.each<[what: string, limits: MessageInitShape<typeof ProviderLimitsSchema>, call: Needs, order: string]>([
    ['one of its codecs', { codecs: ['PCMA'] }, { codecs: ['opus', 'PCMA'] }, 'ALPHA BETA'],
    ['none of its codecs', { codecs: ['PCMA'] }, { codecs: ['opus'] }, 'BETA ALPHA:codec_mismatch'],
    ['no codecs told', { codecs: ['PCMA'] }, {}, 'ALPHA BETA'],
    ['as attested as it wants', { attestationMin: 'B' }, { attestation: 'B' }, 'ALPHA BETA'],
    ['attested more weakly', { attestationMin: 'B' }, { attestation: 'C' }, 'BETA ALPHA:attestation_mismatch'],
    ['no attestation told', { attestationMin: 'A' }, {}, 'ALPHA BETA'],
    ['of an account that it is for', { accountsOnly: ['acme'] }, { accountCode: 'acme' }, 'ALPHA BETA'],
    ['of a card, where it is for accounts', { accountsOnly: ['acme'] }, {}, 'BETA ALPHA:not_for_account'],
    ['of an account that it is not for', { accountsNot: ['acme'] }, { accountCode: 'acme' }, 'BETA ALPHA:not_for_account'],
  ])('%s', async (_, limits, call, order) => {
    await routingAnswers(deps).setProviderLimits(create(SetProviderLimitsRequestSchema, { carrierCode: 'ALPHA', limits, by: 'ops' }), context);
    expect(await route(call)).toBe(order);
  });
});
