import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthorizeItemSchema, callOfKey } from '@tollwire/contracts';
import type { AuthorizeItem } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { table } from '@tollwire/testing';
import { expectExact } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { anotherCopy, callRated, chargedOf, valueOf } from '../fixture/operator.fixture.ts';
import { seeded, seedOfRun } from '../fixture/seeded.fixture.ts';
import { expireReservations } from '../sweeps/expire-reservations.ts';
import { authorizer } from './authorize.ts';

const seed = seedOfRun();

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-edges', { callSecMax: 600, graceSec: 60 });
});
afterAll(() => rig.close());

let calls = 0;
const newCall = () => `edge/call-${(calls += 1)}/1`;

const itemOf = (call: string, party: string): AuthorizeItem => {
  const ref = callOfKey(call);
  return create(AuthorizeItemSchema, { ...(ref && { call: ref }), charged: chargedOf(party), calledNumber: '4312345678' });
};

/** The verdicts of one request with many calls, in its order. */
async function verdictsOf(at: CardRig | CardRig['second'], items: readonly AuthorizeItem[]): Promise<string[]> {
  return valueOf(await authorizer(at.deps)(items)).map(({ result }) => (result.case === 'authorized' ? result.value.reservationId : (result.value?.code ?? 'none')));
}

const stateOf = async (call: string) =>
  (await rig.database.query<{ state: string }>('SELECT state FROM reservation WHERE call_key = $1', [call]))[0]?.state;

describe('credit at its edge', () => {
  it('pays for the last block to the nano, and not for one nano more', async () => {
    // A block of six seconds costs 0.01; ten of them are a minute.
    const rows = table<'customer' | 'limit' | 'credit' | 'charged' | 'verdict'>(`
      customer | limit       | credit    | charged     | verdict
      exact    | 10000000    | 0         | 0           | allowed 6
      short    | 9999999     | 0         | 0           | insufficient_credit
      rest     | 19999999    | 0         | 0           | allowed 6
      two      | 20000000    | 0         | 0           | allowed 12
      spent    | 10000000000 | 0         | 9990000000  | allowed 6
      over     | 10000000000 | 0         | 9990000001  | insufficient_credit
      deep     | 10000000000 | 0         | 12000000000 | insufficient_credit
      paid     | 10000000000 | 120000000 | 10110000000 | allowed 6
    `);
    for (const { customer, limit, credit, charged, verdict } of rows) {
      const code = `account:${customer}`;
      const creditLimit = { nanos: BigInt(limit), currency: 'EUR' };
      valueOf(await rig.operator.openAccount({ customerId: customer, accountCodes: [customer], postpaid: true, creditLimit }));
      if (BigInt(credit) > 0n) valueOf(await rig.operator.postCredit(code, BigInt(credit), `edge-${customer}`));
      await rig.operator.settle([callRated(newCall(), code, BigInt(charged))]);
      expect([customer, await rig.operator.verdict(newCall(), code)]).toEqual([customer, verdict]);
    }
    await expectExact(rig.database);
  });

  it('is not passed by forty calls at once over two instances', async () => {
    const creditLimit = { nanos: euro / 2n, currency: 'EUR' };
    valueOf(await rig.operator.openAccount({ customerId: 'crowd', accountCodes: ['c1', 'c2'], postpaid: true, creditLimit }));
    const verdicts = await Promise.all(
      Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? rig : rig.second).another().verdict(newCall(), `account:c${1 + (at % 2)}`)),
    );
    // 0.50 is five minutes: whoever is first takes all of it.
    expect(verdicts.filter((verdict) => verdict === 'allowed 300')).toHaveLength(1);
    expect(await rig.operator.balance('account:c1')).toEqual({ credit: 0n, reserved: euro / 2n, available: 0n });
  }, 30_000);
});

describe('a call that is known already', () => {
  it('is refused when it was settled, and reserves nothing more', async () => {
    const [card, call] = [await rig.operator.activeCard(2n * euro), newCall()];
    await rig.operator.authorize(call, card);
    await rig.operator.settle([callRated(call, card, euro / 4n)]);
    expect(await rig.second.operator.verdict(call, card)).toBe('call_settled');
    expect(await rig.operator.balance(card)).toEqual({ credit: (7n * euro) / 4n, reserved: 0n, available: (7n * euro) / 4n });
  });

  it('may reserve after it was charged, until a later rating or its time frees that', async () => {
    const card = await rig.operator.activeCard(4n * euro);
    const [rerated, forgotten] = [newCall(), newCall()];
    await rig.operator.settle([callRated(rerated, card, euro), callRated(forgotten, card, euro)]);
    expect(await rig.operator.verdict(rerated, card)).toBe('allowed 600');
    expect(await rig.operator.verdict(forgotten, card)).toBe('allowed 600');
    await rig.operator.settle([anotherCopy(callRated(rerated, card, euro), 1), callRated(rerated, card, euro / 2n, { revision: 2 })]);
    expect(await stateOf(rerated)).toBe('settled');
    rig.clock.advanceSec(660);
    await expireReservations(rig.deps);
    expect(await stateOf(forgotten)).toBe('expired');
    expect(await rig.operator.balance(card)).toEqual({ credit: (5n * euro) / 2n, reserved: 0n, available: (5n * euro) / 2n });
    await expectExact(rig.database);
  });

  it('that was reserved for on one card and rated for another frees the first in its time', async () => {
    const [one = '', two = ''] = await rig.operator.activeCards(2, 2n * euro);
    const call = newCall();
    await rig.operator.authorize(call, one);
    await rig.operator.settle([callRated(call, two, euro / 2n)]);
    expect(await rig.operator.balance(one)).toMatchObject({ credit: 2n * euro, reserved: euro });
    expect(await rig.operator.balance(two)).toMatchObject({ credit: (3n * euro) / 2n, reserved: 0n });
    rig.clock.advanceSec(660);
    await expireReservations(rig.second.deps);
    expect(await rig.operator.balance(one)).toMatchObject({ credit: 2n * euro, reserved: 0n });
    await expectExact(rig.database);
  });
});

describe('a clock that goes back', () => {
  it('neither frees what is open nor opens what is over, and no call is told twice', async () => {
    const card = await rig.operator.activeCard(2n * euro);
    const [first, second] = [newCall(), newCall()];
    await rig.operator.authorize(first, card);
    rig.clock.advanceSec(-3_600);
    await expireReservations(rig.deps);
    expect(await stateOf(first)).toBe('open');
    expect(await rig.operator.verdict(second, card)).toBe('allowed 600');
    expect(await rig.operator.verdict(newCall(), card)).toBe('insufficient_credit');
    rig.clock.advanceSec(660);
    await expireReservations(rig.deps);
    expect([await stateOf(first), await stateOf(second)]).toEqual(['open', 'expired']);
    rig.clock.advanceSec(-7_200);
    await rig.operator.settle([callRated(second, card, euro / 4n), callRated(first, card, euro / 4n)]);
    expect([await stateOf(first), await stateOf(second)]).toEqual(['settled', 'expired']);
    rig.clock.advanceSec(86_400);
    await expireReservations(rig.deps);
    expect(await rig.operator.balance(card)).toEqual({ credit: (3n * euro) / 2n, reserved: 0n, available: (3n * euro) / 2n });
    await expectExact(rig.database);
  });
});

describe(`many calls in one request (TOLLWIRE_TEST_SEED=${seed})`, () => {
  it('are answered in their order, each once, with repeats and rivals among them', async () => {
    const [card, other] = [await rig.operator.activeCard(100n * euro), await rig.operator.activeCard(euro)];
    valueOf(await rig.operator.openAccount({ customerId: 'pair', accountCodes: ['p1', 'p2', 'p3'] }));
    valueOf(await rig.operator.postCredit('account:p1', 100n * euro, 'pair'));
    const [mine, ours] = [Array.from({ length: 40 }, newCall), Array.from({ length: 40 }, newCall)];
    const random = seeded(seed);
    const items = Array.from({ length: 1_000 }, () => {
      const at = random.below(40);
      return random.in100(50) ? itemOf(mine[at] ?? '', card) : itemOf(ours[at] ?? '', `account:p${1 + random.below(3)}`);
    });
    const rivals = Array.from({ length: 20 }, (_, at) => itemOf(mine[at] ?? '', other));
    // The same calls the other way round from the other instance: whoever is first decides, the others get that answer.
    const [one, two] = await Promise.all([verdictsOf(rig, items), verdictsOf(rig.second, items.toReversed())]);
    expect(two.toReversed()).toEqual(one);
    expect(new Set(one).size).toBe(80);
    expect(await verdictsOf(rig, rivals)).toEqual(rivals.map(() => 'idempotency_mismatch'));
    expect(await rig.operator.balance(card)).toMatchObject({ reserved: 40n * euro });
    expect(await rig.operator.balance('account:p3')).toMatchObject({ reserved: 40n * euro });
    await expectExact(rig.database);
  }, 30_000);

  it('are one request of at most a thousand, and one bad call among them disturbs no other', async () => {
    const card = await rig.operator.activeCard(5n * euro);
    const good = Array.from({ length: 3 }, () => itemOf(newCall(), card));
    const bad = [create(AuthorizeItemSchema, {}), { ...itemOf(newCall(), card), calledNumber: '' }, itemOf(newCall(), 'nul\0')];
    const verdicts = await verdictsOf(rig, [good[0], bad[0], good[1], bad[1], bad[2], good[2]].flatMap((item) => item ?? []));
    expect(verdicts.map((verdict) => (verdict.includes('-') ? 'allowed' : verdict))).toEqual([
      'allowed', 'field_missing', 'allowed', 'field_missing', 'field_malformed', 'allowed',
    ]);
    const tooMany = await authorizer(rig.deps)(Array.from({ length: 1_001 }, () => itemOf(newCall(), card)));
    expect(tooMany).toMatchObject({ ok: false, refusal: { code: 'too_many_items' } });
  });
});

describe('the end of a reservation', () => {
  it('comes once, when its call is settled, expired and asked for at one moment', async () => {
    for (let round = 0; round < 25; round += 1) {
      const [card, call] = [await rig.operator.activeCard(2n * euro), newCall()];
      await rig.operator.authorize(call, card);
      rig.clock.advanceSec(660);
      const [, , , again] = await Promise.all([
        expireReservations(rig.deps),
        rig.second.operator.settle([callRated(call, card, euro / 4n)]),
        expireReservations(rig.second.deps),
        rig.second.another().verdict(call, card),
      ]);
      expect(['allowed 600', 'call_settled', 'reservation_expired']).toContain(again);
      expect(['settled', 'expired']).toContain(await stateOf(call));
      expect(await rig.operator.balance(card)).toEqual({ credit: (7n * euro) / 4n, reserved: 0n, available: (7n * euro) / 4n });
    }
    await expectExact(rig.database);
  }, 30_000);

  it('is not before its very microsecond', async () => {
    const [card, call] = [await rig.operator.activeCard(euro), newCall()];
    await rig.operator.authorize(call, card);
    const overAt = rig.clock.nowUs() + 660_000_000;
    const at = (us: number) => ({ ...rig.deps, clock: { nowUs: () => instantUs(us) } });
    await expireReservations(at(overAt - 1));
    expect(await stateOf(call)).toBe('open');
    await expireReservations(at(overAt));
    expect(await stateOf(call)).toBe('expired');
  });
});

describe('what happens between reading and reserving', () => {
  /** A card that was used before: its calls need not wait for a lock. */
  const usedCard = async () => {
    const card = await rig.operator.activeCard(10n * euro);
    await rig.operator.authorize(newCall(), card);
    return card;
  };
  const during = async (meanwhile: () => Promise<unknown>, card: string) => {
    rig.prices.meanwhile = async () => {
      rig.prices.meanwhile = () => Promise.resolve();
      await meanwhile();
    };
    return await rig.operator.verdict(newCall(), card);
  };

  it('counts: credit that another call took, or that was paid in, is as it is then', async () => {
    const card = await usedCard();
    const taking = await during(() => rig.second.operator.authorize(newCall(), card), card);
    expect([taking, await rig.operator.balance(card)]).toEqual(['allowed 600', { credit: 10n * euro, reserved: 3n * euro, available: 7n * euro }]);
    const paying = await during(async () => valueOf(await rig.second.operator.postCredit(card, 5n * euro, newCall())), card);
    expect([paying, await rig.operator.balance(card)]).toEqual(['allowed 600', { credit: 15n * euro, reserved: 4n * euro, available: 11n * euro }]);
    await expectExact(rig.database);
  });

  it('leaves too little for both: one call is refused', async () => {
    const card = await usedCard();
    await rig.operator.settle([callRated(newCall(), card, 8n * euro)]);
    const verdict = await during(() => rig.second.operator.authorize(newCall(), card), card);
    expect([verdict, (await rig.operator.balance(card)).available]).toEqual(['insufficient_credit', 0n]);
  });

  it('is looked at again where it took long: a card that was suspended is refused', async () => {
    const card = await usedCard();
    const suspending = async () => {
      valueOf(await rig.operator.change('deactivateCards', [card]));
      rig.clock.advanceSec(1);
    };
    expect(await during(suspending, card)).toBe('card_deactivated');
  });

  it('reserves once where two instances reserve for one call', async () => {
    const card = await usedCard();
    const item = itemOf(newCall(), card);
    const both = await Promise.all([verdictsOf(rig, [item]), verdictsOf(rig.second, [item])]);
    expect(new Set(both.flat()).size).toBe(1);
    await expectExact(rig.database);
  });
});
