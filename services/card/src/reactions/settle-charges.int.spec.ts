import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@tollwire/testing';
import { expectExact } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { anotherCopy, callRated, valueOf } from '../fixture/operator.fixture.ts';
import { settleCharges } from './settle-charges.ts';
import { expireReservations } from '../sweeps/expire-reservations.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-settle', { callSecMax: 600, graceSec: 60 });
});
afterAll(() => rig.close());

let calls = 0;
const newCall = () => `fs1/call-${(calls += 1)}/1`;

const transfersOf = (call: string) =>
  rig.database.query<{ debit_account: string; credit_account: string; amount: bigint; code: string }>(
    'SELECT debit_account, credit_account, amount, code FROM transfer WHERE call_key = $1 ORDER BY id',
    [call],
  );

const stateOf = async (call: string) =>
  (await rig.database.query<{ state: string }>('SELECT state FROM reservation WHERE call_key = $1', [call]))[0]?.state;

describe('a rated call', () => {
  it('is charged, and frees the rest of its reservation', async () => {
    const [card, call] = [await rig.operator.activeCard(2n * euro), newCall()];
    await rig.operator.authorize(call, card);
    await rig.operator.settle([callRated(call, card, euro / 4n)]);
    expect(await rig.operator.balance(card)).toEqual({ credit: (7n * euro) / 4n, reserved: 0n, available: (7n * euro) / 4n });
    expect(await stateOf(call)).toBe('settled');
    expect(await transfersOf(call)).toEqual([{ debit_account: `card:${card}`, credit_account: 'revenue:EUR', amount: euro / 4n, code: 'call_charge' }]);
  });

  it('CDR-05: is charged once, however often, in however many copies and by however many instances it is told', async () => {
    const [card, call] = [await rig.operator.activeCard(2n * euro), newCall()];
    await rig.operator.authorize(call, card);
    const rated = callRated(call, card, euro / 4n);
    const copies = Array.from({ length: 100 }, (_, copy) => anotherCopy(rated, copy));
    await Promise.all([
      rig.operator.settle([rated, ...copies.slice(0, 60)]),
      rig.second.operator.settle([...copies.slice(40)]),
      rig.operator.settle([rated]),
      rig.second.operator.settle([rated, rated]),
    ]);
    expect(await rig.operator.settle([rated])).toEqual({ handled: 0, repeated: 1, parked: 0 });
    expect(await rig.operator.balance(card)).toEqual({ credit: (7n * euro) / 4n, reserved: 0n, available: (7n * euro) / 4n });
    expect(await transfersOf(call)).toHaveLength(1);
  });

  it('that was never authorized is charged just the same', async () => {
    const [card, call] = [await rig.operator.activeCard(euro), newCall()];
    await rig.operator.settle([callRated(call, card, euro / 4n)]);
    expect(await rig.operator.balance(card)).toMatchObject({ credit: (3n * euro) / 4n });
  });

  it('is charged above its reservation and below zero when it was that long', async () => {
    const [card, call] = [await rig.operator.activeCard(euro), newCall()];
    await rig.operator.authorize(call, card);
    await rig.operator.settle([callRated(call, card, (3n * euro) / 2n)]);
    expect(await rig.operator.balance(card)).toEqual({ credit: -euro / 2n, reserved: 0n, available: -euro / 2n });
    const charges = await rig.database.query<{ above_reservation: bigint }>('SELECT above_reservation FROM charge WHERE call_key = $1', [call]);
    expect(charges).toEqual([{ above_reservation: euro / 2n }]);
    expect(await rig.operator.verdict(newCall(), card)).toBe('insufficient_credit');
  });

  it('that comes after its reservation expired is charged all the same', async () => {
    const [card, call] = [await rig.operator.activeCard(2n * euro), newCall()];
    await rig.operator.authorize(call, card);
    rig.clock.advanceSec(661);
    await Promise.all([expireReservations(rig.deps), expireReservations(rig.second.deps)]);
    expect(await stateOf(call)).toBe('expired');
    expect(await rig.operator.balance(card)).toEqual({ credit: 2n * euro, reserved: 0n, available: 2n * euro });
    await rig.operator.settle([callRated(call, card, euro / 2n)]);
    expect(await rig.operator.balance(card)).toEqual({ credit: (3n * euro) / 2n, reserved: 0n, available: (3n * euro) / 2n });
    expect(await stateOf(call)).toBe('expired');
  });

  it('that costs nothing settles its reservation without moving money', async () => {
    const [card, call] = [await rig.operator.activeCard(euro), newCall()];
    await rig.operator.authorize(call, card);
    await rig.operator.settle([callRated(call, card, 0n)]);
    expect(await rig.operator.balance(card)).toEqual({ credit: euro, reserved: 0n, available: euro });
    expect([await stateOf(call), await transfersOf(call)]).toEqual(['settled', []]);
  });
});

describe('a re-rated call', () => {
  it.each([
    ['in order', [1, 2, 3]],
    ['backwards', [3, 2, 1]],
    ['doubled and mixed', [2, 1, 2, 3, 1, 3]],
  ])('ends at its latest rating, told %s', async (_order, revisions) => {
    const [card, call] = [await rig.operator.activeCard(2n * euro), newCall()];
    const amounts = [0n, euro, euro / 2n, (3n * euro) / 4n];
    for (const [copy, revision] of revisions.entries()) {
      await rig.operator.settle([anotherCopy(callRated(call, card, amounts[revision] ?? 0n, { revision }), copy)]);
    }
    expect(await rig.operator.balance(card)).toMatchObject({ credit: (5n * euro) / 4n });
    const sum = (await transfersOf(call)).reduce((total, { amount, code }) => (code === 'call_charge' ? total + amount : total - amount), 0n);
    expect(sum).toBe((3n * euro) / 4n);
  });

  it('ends there in one batch, too', async () => {
    const [card, call] = [await rig.operator.activeCard(2n * euro), newCall()];
    await rig.operator.authorize(call, card);
    await rig.operator.settle([callRated(call, card, euro / 2n, { revision: 2 }), callRated(call, card, euro), callRated(call, card, euro / 4n, { revision: 3 })]);
    expect(await rig.operator.balance(card)).toEqual({ credit: (7n * euro) / 4n, reserved: 0n, available: (7n * euro) / 4n });
  });
});

describe('what cannot be charged', () => {
  it('is parked with its reason, and what is beside it is charged', async () => {
    const [card, other] = [await rig.operator.activeCard(euro), await rig.operator.activeCard(euro)];
    const [good, moved] = [newCall(), newCall()];
    await rig.operator.settle([callRated(moved, other, 1n)]);
    const report = await rig.operator.settle([
      callRated(newCall(), '0000000000000000', 1n),
      callRated(newCall(), 'account:nobody', 1n),
      callRated(newCall(), card, 1n, { currency: 'USD' }),
      callRated(newCall(), card, -1n),
      callRated(newCall(), card, 1n, { revision: 0 }),
      callRated(moved, card, 1n, { revision: 2 }),
      callRated('fs1/nul\0/1', card, 1n),
      callRated(good, card, euro / 2n),
    ]);
    expect(report).toEqual({ handled: 1, repeated: 0, parked: 7 });
    const letters = await rig.database.query<{ code: string }>('SELECT code FROM dead_letter ORDER BY code');
    expect(letters.map(({ code }) => code)).toEqual([
      'amount_malformed', 'conflict', 'currency_mismatch', 'field_malformed', 'field_out_of_range', 'unknown_account', 'unknown_card',
    ]);
    expect(await rig.operator.balance(card)).toMatchObject({ credit: euro / 2n });
  });
});

describe('a charge beyond reason', () => {
  const most = 10n ** 18n;

  it('is parked once the balance could not hold it, and the charges beside it are made', async () => {
    const [card, other] = [await rig.operator.activeCard(0n), await rig.operator.activeCard(euro)];
    const huge = Array.from({ length: 12 }, () => callRated(newCall(), card, most));
    expect(await rig.operator.settle([...huge, callRated(newCall(), other, euro / 4n)])).toEqual({ handled: 10, repeated: 0, parked: 3 });
    expect(await rig.operator.balance(card)).toMatchObject({ credit: -9n * most, available: -9n * most });
    expect(await rig.operator.balance(other)).toMatchObject({ credit: (3n * euro) / 4n });
    await rig.operator.settle([callRated(newCall(), card, 0n)]);
    const letters = await rig.database.query<{ detail: string }>(`SELECT DISTINCT detail FROM dead_letter WHERE detail LIKE '%range%'`);
    expect(letters).toEqual([{ detail: 'The charge would take the balance out of its range.' }]);
    await expectExact(rig.database);
  });

  it('or of a revision that no integer holds is parked; the last that one holds is charged', async () => {
    const [card, call] = [await rig.operator.activeCard(euro), newCall()];
    const rated = (revision: number) => callRated(call, card, BigInt(revision % 7), { revision });
    expect(await rig.operator.settle([rated(2_147_483_648), rated(4_294_967_295), rated(2_147_483_647)])).toEqual({ handled: 1, repeated: 0, parked: 2 });
    expect(await rig.operator.settle([rated(2_147_483_646)])).toEqual({ handled: 1, repeated: 0, parked: 0 });
    expect(await rig.operator.balance(card)).toMatchObject({ credit: euro - BigInt(2_147_483_647 % 7) });
  });
});

describe('a batch of a thousand charges', () => {
  it('with repeats, re-ratings and rivals inside is charged once a call, whoever has it and however it is turned', async () => {
    const cards = await rig.operator.activeCards(10, 100n * euro);
    const keys = Array.from({ length: 200 }, newCall);
    const batch = Array.from({ length: 1_000 }, (_, at) => {
      const call = keys[at % 200] ?? '';
      const revision = 1 + Math.floor(at / 200) % 3;
      const rival = at % 11 === 10;
      const rated = callRated(call, cards[(at + (rival ? 1 : 0)) % 10] ?? '', BigInt(1 + (at % 200)) * BigInt(revision), { revision });
      return anotherCopy(rated, at);
    });
    const reversed = batch.toReversed().map((event, at) => anotherCopy(event, at));
    await Promise.all([until(() => rig.operator.settle(batch)), until(() => rig.second.operator.settle(reversed))]);
    await expectExact(rig.database);
    const [sum] = await rig.database.query<{ calls: bigint; latest: number }>(
      'SELECT count(DISTINCT call_key) AS calls, max(revision) AS latest FROM charge WHERE call_key = ANY($1::text[])',
      [keys],
    );
    expect(sum).toEqual({ calls: 200n, latest: 3 });
  }, 30_000);
});

describe('a transaction that does not commit', () => {
  it('changes nothing, and its batch may be given again', async () => {
    const [card, call] = [await rig.operator.activeCard(2n * euro), newCall()];
    await rig.operator.authorize(call, card);
    const before = await rig.operator.totals();
    const rated = callRated(call, card, euro / 4n);
    const cutOff = rig.database.transaction(async (tx) => {
      await settleCharges(rig.deps).handle(tx, [rated]);
      await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    await expect(cutOff).rejects.toThrow();
    expect(await rig.operator.totals()).toEqual(before);
    expect(await rig.operator.balance(card)).toEqual({ credit: 2n * euro, reserved: euro, available: euro });
    await rig.operator.settle([rated]);
    expect(await rig.operator.balance(card)).toMatchObject({ credit: (7n * euro) / 4n, reserved: 0n });
  });
});

describe('a customer', () => {
  it('pays for the calls of every account code, and has them in the balance', async () => {
    valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['a1', 'a2'] }));
    valueOf(await rig.operator.postCredit('account:a1', euro, 'acme-1'));
    await rig.operator.settle([callRated(newCall(), 'account:a1', euro / 4n), callRated(newCall(), 'account:a2', euro / 4n)]);
    expect(await rig.operator.balance('account:a2')).toMatchObject({ credit: euro / 2n });
  });
});
