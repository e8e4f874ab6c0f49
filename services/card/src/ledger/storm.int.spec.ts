import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthorizeResult } from '@tollwire/contracts';
import { isTransient } from '@tollwire/event-store';
import { expectBalanced, expectExact } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { callRated, valueOf } from '../fixture/operator.fixture.ts';
import { seeded, seedOfRun } from '../fixture/seeded.fixture.ts';
import { settleCharges } from '../reactions/settle-charges.ts';
import { expireReservations } from '../sweeps/expire-reservations.ts';

const seed = seedOfRun();
const random = seeded(seed);
const cent = euro / 100n;
const burstCount = 12;
const ordersPerBurst = 60;
const callsPerBurst = 12;

let rig: CardRig;
let payers: [string, ...string[]];
beforeAll(async () => {
  rig = await cardRig('card-storm', { callSecMax: 600, graceSec: 60 });
  // One card that half of all calls go to and that soon runs dry, richer ones, one for absurd charges, and a customer.
  const [hot = ''] = await rig.operator.activeCards(1, 8n * euro);
  const cards = await rig.operator.activeCards(4, 50n * euro);
  const creditLimit = { nanos: 2n * euro, currency: 'EUR' };
  valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['a1', 'a2'], postpaid: true, creditLimit }));
  payers = [hot, hot, hot, hot, ...cards, 'account:a1', 'account:a2'];
});
afterAll(() => rig.close());

class GivenUp extends Error {}

/** A client of the service: a switch that asks until it is answered, or a consumer that is given its batch until it commits. */
async function persisted<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GivenUp) && !isTransient(error)) throw error;
    }
  }
}

const amounts: [bigint, ...bigint[]] = [0n, 1n, 7n * cent, 30n * cent, euro, 4n * euro, -1n];
const absurd: [bigint, ...bigint[]] = [10n ** 18n, 10n ** 18n + 1n, 2n ** 62n, -(2n ** 62n)];

/** A rating of a call as it may arrive: any revision, sometimes for somebody else, in another currency or beyond reason. */
function anyRating(call: string, payer: string, isOld: boolean) {
  const charged = random.in100(10) ? random.oneOf(payers) : payer;
  const doomed = payers[payers.length - 3] ?? payer;
  const options = { revision: 1 + random.below(4) + (isOld ? 4 : 0), eventId: randomUUID(), currency: random.in100(5) ? 'USD' : 'EUR' };
  return random.in100(5) ? callRated(call, doomed, random.oneOf(absurd), options) : callRated(call, charged, random.oneOf(amounts), options);
}

/** What was answered to a call that was allowed, whoever asked. */
const allowed = new Map<string, AuthorizeResult['result']>();

function orderOf(burst: number, nth: number): () => Promise<unknown> {
  const { operator, another, deps, database } = random.in100(50) ? rig : { ...rig.second };
  const number = random.below(callsPerBurst);
  // Calls of the burst before come back, too: settled, expired, or being both at once.
  const isOld = burst > 0 && random.in100(50);
  const call = `storm/${isOld ? burst - 1 : burst}-${number}/1`;
  const payer = random.in100(10) ? random.oneOf(payers) : (payers[number % payers.length] ?? payers[0]);
  const kind = random.below(12);
  if (kind >= 10) {
    // Sequence numbers and seconds so few that they come again, rightly and wrongly.
    const [sequence, usedSec] = [1 + random.below(3), 60 * random.below(12)];
    return () => persisted<unknown>(() => (kind === 10 ? operator.extend(call, sequence, usedSec) : operator.release(call)));
  }
  if (kind < 4) {
    const door = random.in100(50) ? another() : operator;
    return async () => {
      const answer = await persisted(() => door.authorize(call, payer));
      if (answer.case !== 'authorized') return;
      expect(allowed.get(call) ?? answer).toEqual(answer);
      allowed.set(call, answer);
    };
  }
  if (kind < 8) {
    const ratings = Array.from({ length: 1 + random.below(5) }, () => anyRating(call, payer, isOld));
    return () => persisted(() => operator.settle([...ratings, ...ratings.slice(1)]));
  }
  if (kind === 8) {
    const seconds = random.oneOf([60, 300, 660, -60, -600]);
    const rated = anyRating(call, payer, isOld);
    return async () => {
      rig.clock.advanceSec(seconds);
      await persisted(() => expireReservations(deps));
      // A process that dies before its commit leaves nothing behind.
      const died = database.transaction(async (tx) => {
        await settleCharges(deps).handle(tx, [rated]);
        throw new GivenUp();
      });
      await expect(died).rejects.toThrow();
    };
  }
  const nanos = BigInt(1 + random.below(200)) * cent;
  return () => persisted(() => operator.postCredit(payer, nanos, `storm-${burst}-${nth % 3}`));
}

const cutFirst = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'card-1' AND state <> 'idle'`;

describe(`money in a storm (TOLLWIRE_TEST_SEED=${seed})`, () => {
  it('is exact after every burst and balanced at every instant, over two instances whose connections are cut', async () => {
    let cutCount = 0;
    for (let burst = 0; burst < burstCount; burst += 1) {
      const orders = Array.from({ length: ordersPerBurst }, (_, nth) => orderOf(burst, nth));
      const cutsMax = random.below(6);
      let blowing = true;
      const cutter = async () => {
        for (let cuts = 0; blowing && cuts < cutsMax; ) {
          const cut = await rig.second.database.query(cutFirst);
          cuts += cut.length;
          cutCount += cut.length;
        }
      };
      const auditor = async () => {
        while (blowing) await expectBalanced(rig.second.database);
      };
      await Promise.all([Promise.all(orders.map((order) => order())).finally(() => (blowing = false)), cutter(), auditor()]);
      await expectExact(rig.second.database);
    }
    expect(cutCount).toBeGreaterThan(0);
    expect(allowed.size).toBeGreaterThan(burstCount);
    const states = await rig.database.query<{ state: string }>('SELECT DISTINCT state FROM reservation ORDER BY state');
    expect(states.map(({ state }) => state)).toEqual(expect.arrayContaining(['expired', 'settled']));
  }, 120_000);

  it('ends with nothing reserved once its reservations are over, and no call that is over let through again', async () => {
    rig.clock.advanceSec(86_400);
    await Promise.all([expireReservations(rig.deps), expireReservations(rig.second.deps)]);
    await expectExact(rig.database);
    expect((await rig.operator.totals()).openReservationCount).toBe(0n);
    for (const [call] of [...allowed].slice(0, 20)) {
      const [row] = await rig.database.query<{ party: string; state: string }>('SELECT party, state FROM reservation WHERE call_key = $1', [call]);
      const over = { settled: 'call_settled', expired: 'reservation_expired', released: 'call_released' }[row?.state ?? ''];
      expect(await rig.operator.verdict(call, row?.party.replace(/^card:/, '') ?? '')).toBe(over);
    }
  }, 30_000);

  it('parked what could not be charged, by its reason', async () => {
    const rows = await rig.database.query<{ code: string }>('SELECT DISTINCT code FROM dead_letter ORDER BY code');
    expect(rows.map(({ code }) => code)).toEqual(['amount_malformed', 'conflict', 'currency_mismatch']);
  });
});
