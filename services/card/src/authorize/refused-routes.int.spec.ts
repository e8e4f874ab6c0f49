import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { AuthorizeItemSchema, callOfKey } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { type CardRig, cardRig, euro } from '../fixture/card-rig.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';
import { dropRefused, forgetRefused } from '../sweeps/forget-refused.ts';
import { authorizer } from './authorize.ts';
import { RefusedRoutes } from './refused-routes.ts';

const [toAnybody, toNobody] = ['4312345678', '4399999999'];
const out = { carrierCode: 'beta', code: 'loss', reason: 'dearer than the sale', deckDigest: 'd1' };

let rig: CardRig;
let calls = 0;
beforeAll(async () => {
  rig = await cardRig('refused-routes', { callSecMax: 60, graceSec: 60 });
  rig.prices.noRoute.set(toNobody, [out]);
});
beforeEach(() => rig.clock.advanceSec(1));
afterAll(() => rig.close());

const newCall = () => `fs1/refused-${(calls += 1)}/1`;
const kept = async (call: string, operator = rig.operator) => {
  const shown = await operator.showRoute(call);
  return shown.ok ? shown.value : shown.refusal.code;
};

describe('the route of a call that was refused', () => {
  it('is kept with who was out and why, and with the refusal; every instance shows it', async () => {
    const [card, call] = [await rig.operator.activeCard(euro), newCall()];
    expect(await rig.operator.verdict(call, card, toNobody)).toBe('no_route');
    const told = {
      call: { switchId: 'fs1', callId: call.split('/')[1], leg: 1 }, decidedAtUs: BigInt(rig.clock.nowUs()), calledE164: toNobody, sellPrefix: '43',
      sellRatePerMinNanos: euro / 10n, carriers: [], excluded: [out], refusal: { code: 'no_route' },
    };
    expect(await kept(call)).toMatchObject(told);
    expect(await kept(call, rig.second.operator)).toMatchObject(told);
  });

  it('is kept with its carriers where credit refused it after that', async () => {
    const [card, call] = [await rig.operator.activeCard(0n), newCall()];
    expect(await rig.operator.verdict(call, card, toAnybody)).toBe('insufficient_credit');
    expect(await kept(call)).toMatchObject({ carriers: [{ carrierCode: 'alpha', reason: 'cheapest' }], refusal: { code: 'insufficient_credit', facts: { availableNanos: '0' } } });
  });

  it('is kept without carriers where no price, or a ban, refused it before any was looked at', async () => {
    const card = await rig.operator.activeCard(euro);
    rig.prices.banned.add('4388888888').add('8188888888');
    for (const [number, code] of [['8112345678', 'no_sell_rate'], ['4388888888', 'destination_banned'], ['8188888888', 'destination_banned']] as const) {
      const call = newCall();
      expect(await rig.operator.verdict(call, card, number)).toBe(code);
      expect(await kept(call)).toMatchObject({ calledE164: number, carriers: [], excluded: [], refusal: { code } });
    }
  });

  it('is none of a call whose payer may not call, nor of one that a service gave no answer for', async () => {
    const [card, stranger, unanswered] = [await rig.operator.activeCard(euro), newCall(), newCall()];
    expect(await rig.operator.verdict(stranger, '0000000000000000', toAnybody)).toBe('unknown_card');
    rig.prices.away = { code: 'service_unavailable' };
    expect(await rig.operator.verdict(unanswered, card, toAnybody)).toBe('service_unavailable');
    rig.prices.away = null;
    expect([await kept(stranger), await kept(unanswered)]).toEqual(['unknown_call', 'unknown_call']);
  });

  it('is the last one where it is refused again, and gives way to the one by which it is let through', async () => {
    const [card, call] = [await rig.operator.activeCard(0n), newCall()];
    await rig.operator.verdict(call, card, toNobody);
    await kept(call);
    rig.clock.advanceSec(1);
    await rig.operator.verdict(call, card, toAnybody);
    expect(await kept(call)).toMatchObject({ calledE164: toAnybody, decidedAtUs: BigInt(rig.clock.nowUs()), refusal: { code: 'insufficient_credit' } });
    valueOf(await rig.operator.postCredit(card, euro, `refill-${call}`));
    expect(await rig.operator.verdict(call, card, toAnybody)).toMatch(/^allowed/);
    expect(await kept(call)).not.toHaveProperty('refusal');
  });
});

describe('keeping it', () => {
  const item = (call: string, card: string, calledNumber: string) =>
    create(AuthorizeItemSchema, { call: present(callOfKey(call), 'a call key'), charged: { party: { case: 'cardId', value: card } }, calledNumber });
  const codes = async (refused: RefusedRoutes) => {
    const [card, other] = await rig.operator.activeCards(2, euro);
    const answers = valueOf(await authorizer({ ...rig.deps, refused })([item(newCall(), card ?? '', toNobody), item(newCall(), other ?? '', toAnybody)]));
    return answers.map(({ result }) => (result.case === 'refusal' ? result.value.code : result.case));
  };

  it('holds up no answer, of that call or of another one that is let through beside it', async () => {
    let begun = 0;
    const stuck = new RefusedRoutes({ query: () => (begun += 1, new Promise(() => undefined)) }, () => undefined);
    expect([await codes(stuck), begun]).toEqual([['no_route', 'authorized'], 1]);
  });

  it('that fails is told of, and changes no answer', async () => {
    const lost: unknown[] = [];
    const failing = new RefusedRoutes({ query: () => Promise.reject(new Error('the disk is full')) }, (error) => lost.push(error));
    expect(await codes(failing)).toEqual(['no_route', 'authorized']);
    await failing.written();
    expect(lost).toEqual([new Error('the disk is full')]);
  });

  it('ends after a week, or where so many were refused since', async () => {
    const rows = async () => (await rig.database.query<{ call_key: string }>('SELECT call_key FROM refused_route ORDER BY refused_at_us')).map(({ call_key: key }) => key);
    await rig.database.query('DELETE FROM refused_route');
    const card = await rig.operator.activeCard(euro);
    const refused = [newCall(), newCall(), newCall(), newCall()];
    for (const call of refused) {
      rig.clock.advanceSec(60);
      await rig.operator.verdict(call, card, toNobody);
    }
    await rig.deps.refused.written();
    await dropRefused(rig.database, rig.clock.nowUs(), 3);
    expect(await rows()).toEqual(refused.slice(1));
    rig.clock.advanceSec(7 * 86_400 - 120);
    await forgetRefused(rig.deps);
    expect(await rows()).toEqual(refused.slice(2));
    rig.clock.advanceSec(120);
    await forgetRefused(rig.deps);
    expect(await rows()).toEqual([]);
  });
});
