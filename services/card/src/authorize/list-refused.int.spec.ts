import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { callKey, ListRefusedCallsReplySchema } from '@tollwire/contracts';
import { type CardRig, cardRig, euro } from '../fixture/card-rig.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';

const [toAnybody, toNobody] = ['4312345678', '4399999999'];
const hourUs = 3_600_000_000n;

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('list-refused', { callSecMax: 60, graceSec: 60 });
  rig.prices.noRoute.set(toNobody, []);
});
beforeEach(() => rig.database.query('DELETE FROM refused_route'));
afterAll(() => rig.close());

type Asked = Parameters<CardRig['operator']['listRefused']>[0];
const payer = (cardId: string) => ({ party: { case: 'cardId' as const, value: cardId } });
const list = async (asked: Asked = {}, operator = rig.operator) => create(ListRefusedCallsReplySchema, valueOf(await operator.listRefused(asked)));
const keys = async (asked?: Asked, operator = rig.operator) => (await list(asked, operator)).calls.map(({ call }) => callKey(call));

async function refusedAt(call: string, card: string, number: string) {
  rig.clock.advanceSec(1);
  await rig.operator.verdict(call, card, number);
}

describe('calls that were refused', () => {
  it('are found by who was to pay, why and when, the latest first, at every instance', async () => {
    const [poor, rich] = [await rig.operator.activeCard(0n), await rig.operator.activeCard(euro)];
    const beganUs = BigInt(rig.clock.nowUs());
    await refusedAt('fs1/a/1', poor, toAnybody);
    await refusedAt('fs1/b/1', rich, toNobody);
    await refusedAt('fs1/c/1', poor, toNobody);
    const told = await list();
    expect(told.calls.map(({ call, charged, calledE164, refusal }) => [call?.callId, charged?.party.value, calledE164, refusal?.code])).toEqual([
      ['c', poor, toNobody, 'no_route'], ['b', rich, toNobody, 'no_route'], ['a', poor, toAnybody, 'insufficient_credit'],
    ]);
    const [, second] = told.calls;
    const table: [NonNullable<Asked>, string[]][] = [
      [{ charged: payer(poor) }, ['fs1/c/1', 'fs1/a/1']],
      [{ code: 'no_route' }, ['fs1/c/1', 'fs1/b/1']],
      [{ charged: payer(poor), code: 'no_route' }, ['fs1/c/1']],
      [{ sinceUs: second?.refusedAtUs ?? 0n }, ['fs1/c/1', 'fs1/b/1']],
      [{ untilUs: second?.refusedAtUs ?? 0n }, ['fs1/a/1']],
      [{ sinceUs: beganUs - hourUs, untilUs: beganUs }, []],
      [{ charged: payer('0000000000000000') }, []],
    ];
    for (const [asked, expected] of table) expect(await keys(asked, rig.second.operator)).toEqual(expected);
  });

  it('are each listed by their last refusal, whoever was to pay then', async () => {
    const [one, other] = [await rig.operator.activeCard(0n), await rig.operator.activeCard(0n)];
    await refusedAt('fs1/again/1', one, toNobody);
    await rig.deps.refused.written();
    await refusedAt('fs1/again/1', other, toAnybody);
    expect((await list()).calls).toMatchObject([{ charged: payer(other), refusal: { code: 'insufficient_credit' } }]);
    expect(await keys({ charged: payer(one) })).toEqual([]);
  });

  it('are those, too, whose payer may not call; not those of a payer whom nobody knows', async () => {
    const sleeping = await rig.operator.activeCard(euro);
    valueOf(await rig.operator.change('deactivateCards', [sleeping]));
    await refusedAt('fs1/asleep/1', sleeping, toAnybody);
    await refusedAt('fs1/stranger/1', '0000000000000000', toAnybody);
    expect((await list()).calls).toMatchObject([{ call: { callId: 'asleep' }, charged: payer(sleeping), calledE164: toAnybody, refusal: { code: 'card_deactivated' } }]);
  });

  it('come a page at a time, each once, also where many were refused at one instant', async () => {
    const card = await rig.operator.activeCard(euro);
    const calls = Array.from({ length: 230 }, (_, at) => `fs1/${String(at).padStart(3, '0')}/1`);
    await Promise.all(calls.map((call) => rig.operator.verdict(call, card, toNobody)));
    const seen: string[] = [];
    let cursor = '';
    const sizes: number[] = [];
    do {
      const page = await list({ charged: payer(card), cursor });
      sizes.push(page.calls.length);
      seen.push(...page.calls.map(({ call }) => callKey(call)));
      cursor = page.nextCursor;
    } while (cursor !== '');
    expect([sizes, seen]).toEqual([[100, 100, 30], calls.toReversed()]);
  });

  it('are not listed from a cursor that was made up', async () => {
    for (const cursor of ['?', 'bm90OmEgY3Vyc29y', Buffer.from('12').toString('base64url'), Buffer.from(`${'9'.repeat(30)}:fs1/a/1`).toString('base64url')]) {
      expect(await rig.operator.listRefused({ cursor })).toMatchObject({ ok: false, refusal: { code: 'cursor_malformed' } });
    }
  });
});
