import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isTransient } from '@tollwire/event-store';
import { until } from '@tollwire/testing';
import { expectExact } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { callRated } from '../fixture/operator.fixture.ts';
import { settleCharges } from './settle-charges.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-rivals', { callSecMax: 600, graceSec: 60 });
});
afterAll(() => rig.close());

/** Settles as the consumer does: what is transient is given again. */
async function settled(at: CardRig | CardRig['second'], ...events: Parameters<CardRig['operator']['settle']>[0][]) {
  for (const batch of events) {
    for (;;) {
      try {
        await at.operator.settle(batch);
        break;
      } catch (error) {
        if (!isTransient(error)) throw error;
      }
    }
  }
}

describe('ratings of one call that name different payers', () => {
  it.each([['the same revision', 1], ['a later revision', 2]])('charge one of them, the other waits parked: %s, told at once', async (_case, revision) => {
    for (let round = 0; round < 20; round += 1) {
      const [one = '', two = ''] = await rig.operator.activeCards(2, euro);
      const call = `rivals/${revision}-${round}/1`;
      await Promise.all([settled(rig, [callRated(call, one, 7n)]), settled(rig.second, [callRated(call, two, 9n, { revision, eventId: crypto.randomUUID() })])]);
      await expectExact(rig.database);
    }
    const letters = await rig.database.query(`SELECT 1 FROM dead_letter WHERE code = 'conflict'`);
    expect(letters.length).toBeGreaterThan(0);
  }, 30_000);

  it('wait for each other, also when the second finds the first uncommitted', async () => {
    const [one = '', two = ''] = await rig.operator.activeCards(2, euro);
    const rated = [callRated('rivals/held/1', one, 7n), callRated('rivals/held/1', two, 9n, { revision: 2 })] as const;
    let second: Promise<unknown> = Promise.resolve();
    await rig.database.transaction(async (tx) => {
      await settleCharges(rig.deps).handle(tx, [rated[0]]);
      second = settled(rig.second, [rated[1]]);
      await until(async () => (await waiting()) > 0);
    });
    await second;
    await expectExact(rig.database);
    expect(await rig.operator.balance(two)).toMatchObject({ credit: euro });
  }, 30_000);
});

/** Sessions of the second instance that wait for another transaction. */
async function waiting(): Promise<number> {
  const rows = await rig.database.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'card-2' AND wait_event_type = 'Lock'`,
  );
  return rows.length;
}
