import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-stopped', { callSecMax: 600, graceSec: 60 });
});
afterAll(() => rig.close());

/** What is answered to a call of a card whose account another transaction has locked, and leaves as it was, once something has happened meanwhile. */
async function verdictAfter(meanwhile: () => Promise<void>, call: string, card: string): Promise<string> {
  const [locked, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const other = rig.second.database.transaction(async (tx) => {
    await tx.query('SELECT 1 FROM ledger_account WHERE id = $1 FOR UPDATE', [`card:${card}`]);
    locked.resolve();
    await done.promise;
  });
  await locked.promise;
  const verdict = rig.operator.verdict(call, card);
  const isWaiting = async () => (await rig.second.database.query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).length > 0;
  while (!(await isWaiting())) await setTimeout(5);
  await meanwhile();
  done.resolve();
  await other;
  return await verdict;
}

describe('a card that is stopped while its account is waited for', () => {
  it('is refused where it was deactivated more than 100 ms before its call got the account', async () => {
    const card = await rig.operator.activeCard(10n * euro);
    await rig.operator.authorize('fs1/used/1', card);
    const stop = async () => {
      valueOf(await rig.second.operator.change('deactivateCards', [card]));
      rig.clock.advanceSec(5);
      await setTimeout(500);
    };
    expect(await verdictAfter(stop, 'fs1/stopped/1', card)).toBe('card_deactivated');
  });

  it('is refused where it has expired by then, on the first call of the card, too', async () => {
    const card = await rig.operator.activeCard(10n * euro, 1);
    rig.clock.advanceSec(86_399);
    const expire = async () => {
      rig.clock.advanceSec(5);
    };
    expect(await verdictAfter(expire, 'fs1/expired/1', card)).toBe('card_expired');
  });
});
