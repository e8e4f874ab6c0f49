import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { callRated } from '../fixture/operator.fixture.ts';
import { expireReservations } from './expire-reservations.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-expire', { callSecMax: 60, graceSec: 60 });
});
afterAll(() => rig.close());

const states = async () => {
  const rows = await rig.database.query<{ state: string; count: bigint }>('SELECT state, count(*) FROM reservation GROUP BY state ORDER BY state');
  return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
};

const reserve = (cards: readonly string[], calls: string) =>
  Promise.all(cards.map((card, at) => rig.operator.authorize(`expire/${calls}-${at}/1`, card)));

describe('a reservation whose time is over', () => {
  it('is freed at its instant, and not before', async () => {
    const [card = ''] = await rig.operator.activeCards(1, euro);
    await reserve([card], 'edge');
    rig.clock.advanceSec(119);
    await expireReservations(rig.deps);
    expect(await rig.operator.balance(card)).toMatchObject({ reserved: euro / 10n });
    rig.clock.advanceSec(1);
    await expireReservations(rig.deps);
    expect(await rig.operator.balance(card)).toMatchObject({ reserved: 0n, available: euro });
  });

  it('is freed once by any number of sweeps, while its calls are being settled', async () => {
    const before = await states();
    const cards = await rig.operator.activeCards(2_500, euro);
    await reserve(cards, 'many');
    rig.clock.advanceSec(120);
    const settled = cards.slice(0, 500).map((card, at) => callRated(`expire/many-${at}/1`, card, euro / 100n));
    await Promise.all([
      expireReservations(rig.deps),
      rig.second.operator.settle(settled),
      expireReservations(rig.second.deps),
      expireReservations(rig.deps),
    ]);
    const after = await states();
    expect(after['open']).toBeUndefined();
    expect((after['expired'] ?? 0) + (after['settled'] ?? 0) - (before['expired'] ?? 0)).toBe(2_500);
    const [sums] = await rig.database.query<{ reserved: bigint; differing: bigint }>(
      `SELECT sum(reserved)::bigint AS reserved, count(*) FILTER (WHERE credit NOT IN ($1, $2)) AS differing FROM ledger_account`,
      [euro, euro - euro / 100n],
    );
    expect(sums).toEqual({ reserved: 0n, differing: 0n });
    expect((await rig.operator.totals()).charged).toEqual([{ nanos: 5n * euro, currency: 'EUR' }]);
  });

  it('is told to who asks for its call again, and takes nothing', async () => {
    const [card = ''] = await rig.operator.activeCards(1, euro);
    const call = 'expire/again-0/1';
    await rig.operator.authorize(call, card);
    rig.clock.advanceSec(120);
    await expireReservations(rig.deps);
    expect(await rig.operator.verdict(call, card)).toBe('reservation_expired');
    expect(await rig.operator.balance(card)).toMatchObject({ reserved: 0n });
  });
});
