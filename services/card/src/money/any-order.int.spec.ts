import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expectExact } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { anotherCopy, callRated, valueOf } from '../fixture/operator.fixture.ts';
import { forfeitCredit } from '../sweeps/forfeit-credit.ts';
import { restoreExtended } from '../sweeps/restore-credit.ts';

const cent = euro / 100n;

let rig: CardRig;
let cards: string[];
let codes: string[];
beforeAll(async () => {
  rig = await cardRig('card-any-order', { callSecMax: 600, graceSec: 60 }, { money: { creditAloneMax: () => euro, forfeitAfterDays: 1 } });
  cards = await rig.operator.activeCards(3, 2n * euro, 3_000);
  valueOf(await rig.cashier.commission(1, 123_456));
  valueOf(await rig.cashier.lowBalance({ scope: { case: 'allAccounts', value: {} }, thresholdsNanos: [euro] }));
  codes = await rig.cashier.vouchers({ batchId: 'any', quantity: 20, nanos: 30n * cent });
  valueOf(await rig.cashier.approveVouchers('any', 'bob'));
});
afterAll(() => rig.close());

const step = fc.record({
  kind: fc.constantFrom('pay', 'reverse', 'redeem', 'credit', 'propose', 'approve', 'call', 'rate', 'forfeit', 'extend'),
  card: fc.nat(2),
  nth: fc.nat(5),
  cents: fc.integer({ min: 1, max: 150 }),
  second: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One order, as it comes to one of two instances. */
async function order({ kind, card, nth, cents, second }: Step, run: number, copy: number): Promise<unknown> {
  const { operator, cashier, deps, database } = second ? rig.second : rig;
  const cardId = cards[card] ?? '';
  const nanos = BigInt(cents) * cent;
  switch (kind) {
    case 'pay':
      return await cashier.pay(cardId, nanos, `${run}-${nth}`, { signedByProvider: copy % 2 === 0 });
    case 'reverse':
      return await cashier.reverse({ paymentId: `${run}-${nth}`, reversalId: `${run}-${nth}-${cents % 3}`, amount: { nanos, currency: 'EUR' } });
    case 'redeem':
      return await cashier.redeem(cardId, codes[(run + nth) % codes.length] ?? '', `${run}-${copy}`);
    case 'credit':
      return await operator.postCredit(cardId, nanos, `${run}-${nth}`, { by: 'ann' });
    case 'propose':
      return await cashier.propose(cardId, nanos, `${run}-${nth}`);
    case 'approve':
      return await cashier.decide('approveCredit', `${run}-${nth}`, nth % 2 === 0 ? 'ann' : 'bob');
    case 'call':
      return await operator.authorize(`any/${run}-${card}-${nth}/0`, cardId);
    case 'rate':
      return await operator.settle([anotherCopy(callRated(`any/${run}-${card}-${nth}/0`, cardId, nanos), run * 100 + copy)]);
    case 'forfeit':
      await forfeitCredit(deps);
      return undefined;
    default:
      // Cards are extended by a command of their own; here only the instant counts.
      await rig.database.query(`UPDATE card_state SET expires = from_us($2::bigint) WHERE cardid = $1`, [cardId, rig.clock.nowUs() + (nth - 3) * 86_400_000_000]);
      await restoreExtended({ ...deps, database });
      return undefined;
  }
}

describe('money that comes and goes', () => {
  it('is exact after any orders at once over two instances: the ledger sums to 0, a balance is its transfers and its fold', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        run += 1;
        rig.clock.advanceSec(1_000);
        await Promise.all(steps.map((each, copy) => order(each, run, copy)));
        await expectExact(rig.database);
        const [wrong] = await rig.database.query<{ count: bigint }>('SELECT count(*) FROM voucher_redemption r FULL JOIN voucher v USING (code_index) WHERE v.code_index IS NULL');
        expect(wrong?.count).toBe(0n);
      }),
      { numRuns: 20 },
    );
    const [redeemed] = await rig.database.query<{ count: bigint }>('SELECT count(*) FROM voucher_redemption');
    const [posted] = await rig.database.query<{ count: bigint }>(`SELECT count(*) FROM transfer WHERE code = 'voucher'`);
    expect(posted).toEqual(redeemed);
  }, 90_000);
});
