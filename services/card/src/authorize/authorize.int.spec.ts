import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NO_ALLOWANCE } from '@tollwire/telecom';
import { until } from '@tollwire/testing';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';
import { showReserved } from '../ledger/reserved.ts';

let rig: CardRig;
beforeAll(async () => {
  // At 0.10 a minute, one reservation of ten minutes costs one euro.
  rig = await cardRig('card-authorize', { callSecMax: 600, graceSec: 60 });
});
afterAll(() => rig.close());

let calls = 0;
const newCall = () => `fs1/call-${(calls += 1)}/1`;

describe('authorize', () => {
  it('CRED-01: 1.00 at 0.10 a minute in blocks of six lasts 600 seconds', async () => {
    const card = await rig.operator.activeCard(euro);
    const result = await rig.operator.authorize(newCall(), card);
    const nowUs = BigInt(rig.clock.nowUs());
    expect(result).toMatchObject({
      case: 'authorized',
      value: {
        maxDurationSec: 600,
        reserved: { nanos: euro, currency: 'EUR' },
        validUntilUs: nowUs + 660_000_000n,
        calledE164: '4312345678',
        sellPrefix: '43',
        sellRatePerMinNanos: euro / 10n,
        carriers: [{ carrierCode: 'alpha' }],
      },
    });
    expect(await rig.operator.balance(card)).toEqual({ credit: euro, reserved: euro, available: 0n });
    expect(await showReserved(rig.database)).toEqual({ openReservationCount: 1n, reserved: [{ nanos: euro, currency: 'EUR' }] });
  });

  it('counts in the pulses of the card type where it has any', async () => {
    // 1.00 pays for 600 seconds: the first 30, then nine whole minutes.
    const [pulsed = ''] = await rig.operator.activeCards(1, euro, 0, { startpulseSec: 30, frequencySec: 60 });
    const [first = ''] = await rig.operator.activeCards(1, euro / 100n, 0, { startpulseSec: 60, frequencySec: 1 });
    expect(await rig.operator.verdict(newCall(), pulsed)).toBe('allowed 570');
    expect(await rig.operator.verdict(newCall(), first)).toBe('insufficient_credit');
  });

  it('CRED-03: refuses a call whose first block cannot be paid, and reserves nothing', async () => {
    rig.prices.set('44', { perMin: euro / 25n, first: 60, increment: 1 });
    const card = await rig.operator.activeCard(euro / 100n);
    expect(await rig.operator.verdict(newCall(), card, '442012345678')).toBe('insufficient_credit');
    expect(await rig.operator.balance(card)).toMatchObject({ reserved: 0n });
  });

  it('lets a call through on free seconds alone, and gives up those of calls that are refused', async () => {
    const card = await rig.operator.activeCard(euro / 100n);
    rig.prices.set('46', { perMin: euro, first: 60, increment: 60 });
    rig.prices.allowance = { sec: 120, covers: 'none' };
    expect(await rig.operator.verdict(newCall(), card, '462012345678')).toBe('allowed 120');
    expect(await rig.operator.balance(card)).toMatchObject({ reserved: 0n });
    expect(rig.prices.released).toEqual([]);
    rig.prices.banned.add('462099999999');
    expect(await rig.operator.verdict('fs1/banned/1', card, '462099999999')).toBe('destination_banned');
    rig.prices.allowance = { sec: 30, covers: 'none' };
    expect(await rig.operator.verdict('fs1/too-dear/1', card, '462012345678')).toBe('insufficient_credit');
    rig.prices.allowance = NO_ALLOWANCE;
    expect(await rig.operator.verdict('fs1/nothing/1', card, '462012345678')).toBe('insufficient_credit');
    expect(rig.prices.released).toEqual(['banned', 'too-dear']);
  });

  it('CRED-12: two calls at a time share the credit', async () => {
    const card = await rig.operator.activeCard((3n * euro) / 2n);
    expect(await rig.operator.verdict(newCall(), card)).toBe('allowed 600');
    expect(await rig.operator.verdict(newCall(), card)).toBe('allowed 300');
    expect(await rig.operator.verdict(newCall(), card)).toBe('insufficient_credit');
  });

  it('lets through exactly ten of fifty at once with money for ten, over two instances', async () => {
    const card = await rig.operator.activeCard(10n * euro);
    // A micro-batch for each request, so that fifty transactions race over two pools.
    const doors = Array.from({ length: 50 }, (_, at) => (at % 2 === 0 ? rig : rig.second).another());
    const verdicts = await Promise.all(doors.map((door) => door.verdict(newCall(), card)));
    expect(verdicts.filter((verdict) => verdict === 'allowed 600')).toHaveLength(10);
    expect(verdicts.filter((verdict) => verdict === 'insufficient_credit')).toHaveLength(40);
    expect(await rig.operator.balance(card)).toEqual({ credit: 10n * euro, reserved: 10n * euro, available: 0n });
  });

  it('holds when connections are cut at any moment, also between a commit and its answer', async () => {
    const card = await rig.operator.activeCard(10n * euro);
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'card-1' AND state <> 'idle'`;
    let cutCount = 0;
    const cutter = async () => {
      for (let times = 0; times < 40; times += 1) cutCount += (await rig.second.database.query(cut)).length;
    };
    // A switch that gets no answer asks again.
    const answered = (call: string) => until(() => rig.another().verdict(call, card));
    const [verdicts] = await Promise.all([Promise.all(Array.from({ length: 50 }, () => answered(newCall()))), cutter()]);
    expect(cutCount).toBeGreaterThan(0);
    expect(verdicts.filter((verdict) => verdict === 'allowed 600')).toHaveLength(10);
    expect(await rig.operator.balance(card)).toEqual({ credit: 10n * euro, reserved: 10n * euro, available: 0n });
  });

  it('answers the same call the same, at once and later, and reserves once', async () => {
    const card = await rig.operator.activeCard(10n * euro);
    const call = newCall();
    const asked = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? rig : rig.second).another().authorize(call, card));
    const [first, ...others] = await Promise.all(asked);
    expect(first?.case).toBe('authorized');
    rig.clock.advanceSec(5);
    for (const other of [...others, await rig.operator.authorize(call, card)]) expect(other).toEqual(first);
    expect(await rig.operator.balance(card)).toMatchObject({ reserved: euro });
  });

  it('answers it the same where its own reservation took the last of the credit, over two instances', async () => {
    for (let times = 0; times < 5; times += 1) {
      const card = await rig.operator.activeCard(euro);
      const call = newCall();
      const doors = Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? rig : rig.second).another());
      expect(new Set(await Promise.all(doors.map((door) => door.verdict(call, card))))).toEqual(new Set(['allowed 600']));
      expect(await rig.operator.verdict(newCall(), card)).toBe('insufficient_credit');
    }
  });

  it('refuses the key of a call for another party', async () => {
    const [one, two] = [await rig.operator.activeCard(euro), await rig.operator.activeCard(euro)];
    const call = newCall();
    const asked = Array.from({ length: 10 }, (_, at) => rig.another().verdict(call, at % 2 === 0 ? one : two));
    const verdicts = await Promise.all(asked);
    expect(verdicts.filter((verdict) => verdict === 'allowed 600')).toHaveLength(5);
    expect(verdicts.filter((verdict) => verdict === 'idempotency_mismatch')).toHaveLength(5);
    const reserved = [await rig.operator.balance(one), await rig.operator.balance(two)].map((balance) => balance.reserved);
    expect(reserved.sort()).toEqual([0n, euro]);
  });

  it('is asked again after a refusal, and allowed when there is money by then', async () => {
    const card = await rig.operator.activeCard(0n);
    const call = newCall();
    expect(await rig.operator.verdict(call, card)).toBe('insufficient_credit');
    valueOf(await rig.operator.postCredit(card, euro, `refill-${call}`));
    expect(await rig.operator.verdict(call, card)).toBe('allowed 600');
  });

  it('makes one quote and one route of a batch', async () => {
    const cards = await rig.operator.activeCards(20, euro);
    const [quotes, routes] = [rig.prices.quoteCount, rig.prices.routeCount];
    await Promise.all(cards.map((card) => rig.operator.authorize(newCall(), card)));
    expect([rig.prices.quoteCount - quotes, rig.prices.routeCount - routes]).toEqual([1, 1]);
  });
});

describe('the route of a call', () => {
  it('is kept with its reservation as its switch was answered, whatever becomes of the call', async () => {
    const card = await rig.operator.activeCard(euro);
    const call = newCall();
    const answer = await rig.operator.authorize(call, card);
    const { carriers, excluded } = answer.case === 'authorized' ? answer.value : {};
    const decidedAtUs = BigInt(rig.clock.nowUs());
    rig.clock.advanceSec(5);
    valueOf(await rig.operator.release(call));
    const [switchId, callId] = call.split('/');
    expect(valueOf(await rig.operator.showRoute(call))).toEqual({
      call: { switchId, callId, leg: 1 }, decidedAtUs, calledE164: '4312345678', routedBy: '', sellPrefix: '43', sellRatePerMinNanos: euro / 10n, carriers, excluded,
    });
    expect(carriers).toMatchObject([{ carrierCode: 'alpha' }]);
    expect(await rig.operator.showRoute('fs1/nobody/1')).toMatchObject({ ok: false, refusal: { code: 'unknown_call' } });
  });
});

describe('a call to a ported number', () => {
  it('is sold by the called number, routed by the other one, and keeps that with its route', async () => {
    const card = await rig.operator.activeCard(euro);
    const call = newCall();
    const answer = await rig.operator.authorize(call, card, '+4312345678', { routingNumber: '+43 700-11122233' });
    expect(answer).toMatchObject({ case: 'authorized', value: { calledE164: '4312345678', routedBy: '4370011122233', sellPrefix: '43' } });
    expect(rig.prices.quoted).toMatchObject([{ e164: '4312345678', routingNumber: '4370011122233', hold: { call: { callId: call.split('/')[1] } } }]);
    expect(rig.prices.asked).toMatchObject([{ e164: '4312345678', routingNumber: '4370011122233', npdi: false }]);
    expect(valueOf(await rig.operator.showRoute(call))).toMatchObject({ calledE164: '4312345678', routedBy: '4370011122233' });
  });

  it('says so in the number itself, too (RFC 4694); where it leads nowhere else, only the lookup is told', async () => {
    const card = await rig.operator.activeCard(euro);
    await rig.operator.authorize(newCall(), card, '+4312345678;npdi;rn=+4370011122233');
    expect(rig.prices.asked).toMatchObject([{ e164: '4312345678', routingNumber: '4370011122233', npdi: true }]);
    await rig.operator.authorize(newCall(), card, '+4312345678', { routingNumber: '4312345678', npdi: true });
    expect(rig.prices.asked).toMatchObject([{ routingNumber: '', npdi: true }]);
  });

  it('is refused where what the lookup answered cannot be read, and gives up its number where it is refused later', async () => {
    const card = await rig.operator.activeCard(euro);
    expect(await rig.operator.authorize(newCall(), card, '4312345678', { routingNumber: '0700111222' }))
      .toMatchObject({ case: 'refusal', value: { code: 'number_not_international', field: 'routingNumber' } });
    rig.prices.set('47', { perMin: euro });
    rig.prices.banned.add('4799999999');
    const before = rig.prices.released.length;
    await rig.operator.authorize('fs1/ported-banned/1', card, '4799999999', { routingNumber: '4700111222' });
    expect(rig.prices.released.slice(before)).toEqual(['ported-banned']);
  });
});

describe('who may call', () => {
  it('CARD-06: not a card that is sold but neither paid nor activated', async () => {
    const { id = 0 } = valueOf(await rig.operator.createCardType({ nanos: euro }));
    const { cardIds = [] } = valueOf(await rig.operator.issueCards({ batchId: 'card-06', cardTypeId: id, quantity: 1 }));
    await rig.operator.change('sellCards', cardIds);
    expect(await rig.operator.verdict(newCall(), cardIds[0] ?? '')).toBe('not_activated');
  });

  it('CARD-07: not a card that has expired, from that very instant on', async () => {
    rig.clock.set('2024-01-01T00:00:00Z');
    const card = await rig.operator.activeCard(2n * euro, 90);
    rig.clock.set('2024-03-30T23:59:59Z');
    expect(await rig.operator.verdict(newCall(), card)).toBe('allowed 600');
    rig.clock.set('2024-03-31T00:00:00Z');
    expect(await rig.operator.verdict(newCall(), card)).toBe('card_expired');
  });

  it('SEED-10: not a card that was deactivated, from that instant on', async () => {
    const card = await rig.operator.activeCard(2n * euro);
    rig.clock.set('2024-05-01T09:59:59Z');
    expect(await rig.operator.verdict(newCall(), card)).toBe('allowed 600');
    rig.clock.set('2024-05-01T10:00:00Z');
    valueOf(await rig.operator.change('deactivateCards', [card]));
    expect(await rig.operator.verdict(newCall(), card)).toBe('card_deactivated');
  });

  it('nobody whom nobody knows, and nobody whose call cannot be priced or routed', async () => {
    const card = await rig.operator.activeCard(euro);
    rig.prices.banned.add('43900');
    rig.prices.set('41', { perMin: euro, currency: 'CHF' });
    expect(await rig.operator.verdict(newCall(), '0000000000000000')).toBe('unknown_card');
    expect(await rig.operator.verdict(newCall(), 'account:nobody')).toBe('unknown_account');
    expect(await rig.operator.verdict(newCall(), card, '0664123')).toBe('number_not_international');
    expect(await rig.operator.verdict(newCall(), card, '99912345')).toBe('no_sell_rate');
    expect(await rig.operator.verdict(newCall(), card, '43900')).toBe('destination_banned');
    expect(await rig.operator.verdict(newCall(), card, '41441234567')).toBe('currency_mismatch');
    expect(await rig.operator.verdict('fs1/nul%00\0/1', card)).toBe('field_malformed');
    rig.prices.away = { code: 'service_unavailable' };
    expect(await rig.operator.verdict(newCall(), card)).toBe('service_unavailable');
    rig.prices.away = null;
    expect(await rig.operator.balance(card)).toMatchObject({ reserved: 0n });
  });

  it('a customer under any of the account codes, down to the credit limit', async () => {
    valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['a1', 'a2'], postpaid: true, creditLimit: { nanos: euro, currency: 'EUR' } }));
    expect(await rig.operator.verdict(newCall(), 'account:a1')).toBe('allowed 600');
    expect(await rig.operator.verdict(newCall(), 'account:a2')).toBe('insufficient_credit');
  });
});
