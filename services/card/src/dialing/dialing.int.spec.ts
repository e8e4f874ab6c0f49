import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rebuild } from '@tollwire/event-store';
import { until } from '@tollwire/testing';
import { gatewayLinks } from '../accounts/gateway-links.ts';
import { expectExact } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { callRated, valueOf } from '../fixture/operator.fixture.ts';
import { expireReservations } from '../sweeps/expire-reservations.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-dialing', { callSecMax: 600, graceSec: 60 });
});
afterAll(() => rig.close());

let nth = 0;
const newCall = () => `dial/call-${(nth += 1)}/1`;
const eur = (nanos: bigint) => ({ nanos, currency: 'EUR' });

/** A customer with much credit, or so much, under limits. */
async function customer(setting: string, creditNanos = 1_000n * euro): Promise<string> {
  const code = `cust-${(nth += 1)}`;
  valueOf(await rig.operator.openAccount({ customerId: code, accountCodes: [code, `${code}-b`] }));
  valueOf(await rig.operator.postCredit(`account:${code}`, creditNanos, code));
  valueOf(await rig.operator.limitAccount(code, setting));
  return `account:${code}`;
}

/** Fifty at once, over two instances. */
async function fifty(payerAt: (at: number) => string): Promise<Record<string, number>> {
  const doors = Array.from({ length: 50 }, (_, at) => (at % 2 === 0 ? rig : rig.second).another());
  const verdicts = await Promise.all(doors.map((door, at) => until(() => door.verdict(newCall(), payerAt(at)))));
  return Object.fromEntries([...Map.groupBy(verdicts, (verdict) => verdict)].map(([verdict, those]) => [verdict, those.length]));
}

const refusalOf = async (payer: string) => {
  const result = await rig.operator.authorize(newCall(), payer);
  return result.case === 'refusal' ? { code: result.value.code, ...result.value.facts } : result.case;
};

describe('the credit that must be free for a call to begin', () => {
  it('CRED-10: is looked at before the first call and every other one, and a call that is up goes on with less', async () => {
    valueOf(await rig.operator.setLimits({ name: 'fifty cents', creditToCallMin: eur(euro / 2n), creditPolicy: 'fixed_slice', sliceSec: 60 }));
    const payer = await customer('fifty cents', 650_000_000n);
    const [first, second] = [newCall(), newCall()];
    // Each minute takes 0.10.
    expect(await rig.operator.verdict(first, payer)).toBe('allowed 60');
    expect(await rig.operator.verdict(second, payer)).toBe('allowed 60');
    expect(await refusalOf(payer)).toEqual({ code: 'insufficient_credit', availableNanos: '450000000', creditToCallMinNanos: '500000000' });
    expect(await rig.operator.extend(first, 1, 55)).toMatchObject({ case: 'extended', value: { maxDurationSec: 115 } });
  });
});

describe('calls at a time', () => {
  it('are as many as the limit says, exactly, over two instances and under all codes of a customer', async () => {
    valueOf(await rig.operator.setLimits({ name: 'seven', concurrentCallsMax: 7 }));
    const payer = await customer('seven');
    expect(await fifty((at) => (at % 3 === 0 ? payer : `${payer}-b`))).toEqual({ 'allowed 600': 7, limit_reached: 43 });
    expect(await refusalOf(payer)).toEqual({ code: 'limit_reached', limit: 'concurrent_calls', max: '7', retryAtUs: '0' });
    expect(valueOf(await rig.operator.dialling(payer))).toMatchObject({ openCalls: 7, rules: { setting: { name: 'seven', setBy: 'ops' } } });
    await expectExact(rig.database);
  });

  it('are fewer again when one is rated, released, or its lease is over', async () => {
    valueOf(await rig.operator.setLimits({ name: 'three', concurrentCallsMax: 3 }));
    const payer = await customer('three');
    const [rated, released, crashed] = [newCall(), newCall(), newCall()];
    for (const call of [rated, released, crashed]) expect(await rig.operator.verdict(call, payer)).toBe('allowed 600');
    expect(await rig.operator.verdict(newCall(), payer)).toBe('limit_reached');
    await rig.operator.settle([callRated(rated, payer, 0n)]);
    valueOf(await rig.operator.release(released));
    rig.clock.advanceSec(661);
    await Promise.all([expireReservations(rig.deps), expireReservations(rig.second.deps)]);
    expect(await fifty(() => payer)).toEqual({ 'allowed 600': 3, limit_reached: 47 });
  });

  it('CRED-13, CRED-14: a card in use is refused, until the lease of a crashed call is over', async () => {
    valueOf(await rig.operator.setLimits({ name: 'single', concurrentCallsMax: 1 }));
    const [card = '', other = ''] = await rig.operator.activeCards(2, 5n * euro);
    const [type] = await rig.database.query<{ cardtypeid: number }>('SELECT cardtypeid FROM card_state WHERE cardid = $1', [card]);
    valueOf(await rig.operator.limitCardType(type?.cardtypeid ?? 0, 'single'));
    expect(await fifty((at) => (at % 2 === 0 ? card : other))).toEqual({ 'allowed 600': 2, card_in_use: 48 });
    rig.clock.advanceSec(660);
    await expireReservations(rig.deps);
    expect(await rig.operator.verdict(newCall(), card)).toBe('allowed 600');
    valueOf(await rig.operator.limitCardType(type?.cardtypeid ?? 0, ''));
    expect(await rig.operator.verdict(newCall(), card)).toBe('allowed 600');
  });
});

describe('calls per second and the longest call', () => {
  it('are counted by the second of the clock, and say when to try again', async () => {
    valueOf(await rig.operator.setLimits({ name: 'slow', callsPerSecMax: 5, callSecMax: 90 }));
    const payer = await customer('slow');
    rig.clock.set('2024-06-01T12:00:00.25Z');
    expect(await fifty(() => payer)).toEqual({ 'allowed 90': 5, limit_reached: 45 });
    expect(await refusalOf(payer)).toEqual({ code: 'limit_reached', limit: 'calls_per_sec', max: '5', retryAtUs: String(Date.parse('2024-06-01T12:00:01Z') * 1000) });
    rig.clock.set('2024-06-01T12:00:01Z');
    expect(await fifty(() => payer)).toEqual({ 'allowed 90': 5, limit_reached: 45 });
  });
});

describe('what may be spent', () => {
  it('in an hour and a day counts charges and what is reserved, and begins anew with the clock', async () => {
    valueOf(await rig.operator.setLimits({ name: 'thrifty', spendPerHourMax: eur(2n * euro), spendPerDayMax: eur(3n * euro) }));
    const payer = await customer('thrifty');
    rig.clock.set('2024-06-02T10:15:00Z');
    const [one, two] = [newCall(), newCall()];
    expect(await rig.operator.verdict(one, payer)).toBe('allowed 600');
    expect(await rig.operator.verdict(two, payer)).toBe('allowed 600');
    expect(await refusalOf(payer)).toEqual({ code: 'limit_reached', limit: 'spend_per_hour', max: String(2n * euro), retryAtUs: String(Date.parse('2024-06-02T11:00:00Z') * 1000) });
    await rig.operator.settle([callRated(one, payer, euro), callRated(two, payer, euro / 2n)]);
    expect(await rig.operator.authorize(newCall(), payer)).toMatchObject({ case: 'authorized', value: { maxDurationSec: 300, finalUnit: true } });
    rig.clock.set('2024-06-02T11:00:00Z');
    expect(await rig.operator.verdict(newCall(), payer)).toBe('allowed 600');
    expect(await refusalOf(payer)).toMatchObject({ limit: 'spend_per_day', max: String(3n * euro), retryAtUs: String(Date.parse('2024-06-03T00:00:00Z') * 1000) });
    expect(valueOf(await rig.operator.dialling(payer))).toMatchObject({ openCalls: 2, spentThisHour: eur(0n), spentToday: eur((3n * euro) / 2n) });
  });
});

describe('parallel calls', () => {
  it('CRED-12: share the credit equally where that is the policy', async () => {
    valueOf(await rig.operator.setLimits({ name: 'shared', concurrentCallsMax: 4, creditPolicy: 'equal_share' }));
    const code = 'sharing';
    valueOf(await rig.operator.openAccount({ customerId: code, accountCodes: [code] }));
    valueOf(await rig.operator.postCredit(`account:${code}`, euro, code));
    valueOf(await rig.operator.limitAccount(code, 'shared'));
    expect(await fifty(() => `account:${code}`)).toEqual({ 'allowed 150': 4, limit_reached: 46 });
    expect(await rig.operator.balance(`account:${code}`)).toMatchObject({ available: 0n });
  });
});

describe('an account', () => {
  it('that is suspended is refused, keeps its limits, and calls again when it is resumed', async () => {
    const payer = await customer('seven');
    const code = payer.slice('account:'.length);
    expect(valueOf(await rig.operator.suspend(code))).toMatchObject({ suspendedAtUs: BigInt(rig.clock.nowUs()), setting: { name: 'seven' } });
    expect(await refusalOf(payer)).toEqual({ code: 'account_suspended', sinceUs: String(rig.clock.nowUs()) });
    expect(valueOf(await rig.operator.suspend(`${code}-b`))).toMatchObject({ setting: { name: 'seven' } });
    valueOf(await rig.operator.resume(code));
    expect(await rig.operator.verdict(newCall(), payer)).toBe('allowed 600');
  });

  it('that may use certain gateways has its calls routed over those, until it may use all again', async () => {
    const payer = await customer('seven');
    const code = payer.slice('account:'.length);
    expect(valueOf(await rig.operator.allowGateways(`${code}-b`, [7, 7], [2, 1]))).toMatchObject({ gatewayIds: [7], gatewayGroupIds: [1, 2], setting: { name: 'seven' } });
    expect(await rig.operator.verdict(newCall(), payer)).toBe('allowed 600');
    expect(rig.prices.asked).toMatchObject([{ gatewayIds: [7], gatewayGroupIds: [1, 2] }]);
    for (const model of [gatewayLinks]) await rebuild(rig.database, model);
    valueOf(await rig.operator.allowGateways(code, [], [3]));
    expect(await rig.operator.verdict(newCall(), payer)).toBe('allowed 600');
    expect(rig.prices.asked).toMatchObject([{ gatewayIds: [], gatewayGroupIds: [3] }]);
    valueOf(await rig.operator.allowGateways(code, [], []));
    expect(await rig.operator.verdict(newCall(), payer)).toBe('allowed 600');
    expect(rig.prices.asked).toMatchObject([{ gatewayIds: [], gatewayGroupIds: [] }]);
    expect(await rig.operator.allowGateways('nobody', [], [])).toMatchObject({ refusal: { code: 'unknown_account' } });
    expect(await rig.operator.allowGateways(code, [0], [])).toMatchObject({ refusal: { code: 'field_out_of_range', field: 'gatewayIds' } });
  });

  it('and what it is put under must exist, and be in its currency', async () => {
    valueOf(await rig.operator.setLimits({ name: 'dollars', spendPerDayMax: { nanos: euro, currency: 'USD' } }));
    const code = (await customer('seven')).slice('account:'.length);
    const [card = ''] = await rig.operator.activeCards(1, euro);
    const [type] = await rig.database.query<{ cardtypeid: number }>('SELECT cardtypeid FROM card_state WHERE cardid = $1', [card]);
    expect(await rig.operator.limitAccount('nobody', 'seven')).toMatchObject({ refusal: { code: 'unknown_account' } });
    expect(await rig.operator.limitAccount(code, 'none')).toMatchObject({ refusal: { code: 'unknown_dialer_setting' } });
    expect(await rig.operator.limitAccount(code, 'dollars')).toMatchObject({ refusal: { code: 'currency_mismatch' } });
    expect(await rig.operator.limitCardType(type?.cardtypeid ?? 0, 'dollars')).toMatchObject({ refusal: { code: 'currency_mismatch' } });
    expect(await rig.operator.limitCardType(2_147_483_647, 'seven')).toMatchObject({ refusal: { code: 'unknown_card_type' } });
    expect(await rig.operator.setLimits({ name: 'seven', spendPerDayMax: { nanos: euro, currency: 'USD' } })).toMatchObject({ refusal: { code: 'currency_mismatch' } });
    expect(valueOf(await rig.operator.dialling(`account:${code}`))).toMatchObject({ rules: { setting: { name: 'seven', creditPolicy: 'all_free_credit' } } });
  });

  it.each([
    ['a policy that there is none of', { creditPolicy: 'luck' }, 'setting.creditPolicy'],
    ['a slice without its length', { creditPolicy: 'fixed_slice' }, 'setting.sliceSec'],
    ['a slice by time and by price', { creditPolicy: 'fixed_slice', sliceSec: 60, sliceAmount: eur(1n) }, 'setting.sliceSec'],
    ['a slice of another policy', { sliceSec: 60 }, 'setting.sliceSec'],
    ['a share among nobody knows how many', { creditPolicy: 'equal_share' }, 'setting.concurrentCallsMax'],
    ['a limit beyond reason', { callsPerSecMax: 1_000_001 }, 'setting.callsPerSecMax'],
    ['a limit of no money', { spendPerDayMax: eur(0n) }, 'setting.spendPerDayMax.nanos'],
    ['amounts of two currencies', { spendPerDayMax: eur(1n), spendPerHourMax: { nanos: 1n, currency: 'USD' } }, 'setting'],
  ])('is not limited by %s', async (_what, setting, field) => {
    expect(await rig.operator.setLimits({ name: 'wrong', ...setting })).toMatchObject({ ok: false, refusal: { field } });
  });
});
