import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Sql } from '@tollwire/event-store';
import { expectExact } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';
import { expireReservations } from './expire-reservations.ts';

let rig: CardRig;
beforeAll(async () => {
  // At 0.10 a minute in blocks of six seconds; a minute at a time.
  rig = await cardRig('card-expire-extend', { callSecMax: 600, graceSec: 60 });
  valueOf(await rig.operator.setLimits({ name: 'by the minute', creditPolicy: 'fixed_slice', sliceSec: 60 }));
});
afterAll(() => rig.close());

/** The sweep, with something that happens once it has seen which reservations are due, before it has locked their accounts. */
async function sweepWith(meanwhile: () => Promise<void>): Promise<void> {
  const { database } = rig.second;
  let isFirst = true;
  const paused = (tx: Sql): Sql => ({
    query: async <Row>(text: string, params?: readonly unknown[]) => {
      const rows = await tx.query<Row>(text, params);
      if (isFirst && text.includes('valid_until_us <= ')) {
        isFirst = false;
        await meanwhile();
      }
      return rows;
    },
  });
  const transaction = async <T>(work: (tx: Sql) => Promise<T>) => await database.transaction((tx) => work(paused(tx)), { byKey: true });
  await expireReservations({ ...rig.second.deps, database: Object.assign(Object.create(database), { transaction }) });
}

describe('a reservation that is extended while a sweep finds it due', () => {
  it('is kept: the answer to the extension says until when', async () => {
    valueOf(await rig.operator.openAccount({ customerId: 'late', accountCodes: ['late'] }));
    valueOf(await rig.operator.limitAccount('late', 'by the minute'));
    valueOf(await rig.operator.postCredit('account:late', euro, 'credit-late'));
    const call = 'ext/late/1';
    expect(await rig.operator.verdict(call, 'account:late')).toBe('allowed 60');
    rig.clock.advanceSec(120);
    let extended = '';
    await sweepWith(async () => {
      extended = await rig.operator.extension(call, 1, 100);
    });
    expect(extended).toBe('160');
    const [kept] = await rig.database.query<{ state: string; due: boolean }>('SELECT state, valid_until_us <= $2 AS due FROM reservation WHERE call_key = $1', [call, rig.clock.nowUs()]);
    expect([kept, await rig.operator.balance('account:late')]).toEqual([{ state: 'open', due: false }, { credit: euro, reserved: 270_000_000n, available: 730_000_000n }]);
    await expectExact(rig.database);
  });
});
