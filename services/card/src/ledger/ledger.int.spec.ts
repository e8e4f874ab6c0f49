import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { anotherCopy, callRated, valueOf } from '../fixture/operator.fixture.ts';
import { expireReservations } from '../sweeps/expire-reservations.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-ledger', { callSecMax: 600, graceSec: 60 });
});
afterAll(() => rig.close());

/** Every checked account against what its transfers and open reservations say; rows that differ. */
const differences = () =>
  rig.database.query(`
    SELECT l.id, l.credit, t.credit, l.reserved, r.reserved FROM ledger_account l
    CROSS JOIN LATERAL (SELECT coalesce(sum(CASE WHEN credit_account = l.id THEN amount ELSE -amount END), 0) AS credit
      FROM transfer WHERE l.id IN (credit_account, debit_account)) t
    CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS reserved FROM reservation WHERE account_id = l.id AND state = 'open') r
    WHERE l.credit <> t.credit OR l.reserved <> r.reserved`);

describe('the ledger', () => {
  it('sums to zero and agrees with its transfers after any storm of calls over two instances', async () => {
    const cards = await rig.operator.activeCards(3, 5n * euro);
    const step = fc.record({
      kind: fc.constantFrom('authorize', 'settle', 'settle', 'expire', 'refill'),
      card: fc.nat(2),
      call: fc.nat(7),
      cents: fc.nat(150),
      revision: fc.integer({ min: 1, max: 3 }),
      at: fc.nat(1),
    });
    let storm = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        storm += 1;
        const work = steps.map(async ({ kind, card, call, cents, revision, at }, copy) => {
          const { operator, deps } = at === 0 ? rig : rig.second;
          const [cardId, key] = [cards[card] ?? '', `storm/${storm}-${card}-${call}/1`];
          if (kind === 'authorize') return operator.authorize(key, cardId);
          if (kind === 'refill') return operator.postCredit(cardId, BigInt(cents + 1) * (euro / 100n), `${storm}-${card}-${call}`);
          if (kind === 'settle') return operator.settle([anotherCopy(callRated(key, cardId, BigInt(cents) * (euro / 100n), { revision }), storm * 1_000 + copy)]);
          rig.clock.advanceSec(300);
          return expireReservations(deps);
        });
        await Promise.all(work);
        expect(await differences()).toEqual([]);
        expect((await rig.operator.totals()).ledgerSum).toEqual([{ nanos: 0n, currency: 'EUR' }]);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('lets the service add to what has moved, and never change it', async () => {
    await rig.operator.activeCard(euro);
    for (const statement of [
      'UPDATE transfer SET amount = amount + 1',
      'DELETE FROM transfer',
      'TRUNCATE transfer',
      'UPDATE charge SET amount = 0',
      'DELETE FROM charge',
      'UPDATE event SET version = 1',
      'DELETE FROM ledger_account',
      'DELETE FROM reservation',
      'DELETE FROM reseller',
    ]) {
      await expect(rig.database.query(statement)).rejects.toThrow('permission denied');
    }
  });

  it('refuses a transfer of nothing, of less, or from an account to itself', async () => {
    const insert = (id: string, debit: string, credit: string, amount: number) =>
      rig.database.query(
        `INSERT INTO transfer (id, debit_account, credit_account, amount, currency, code, at_us) VALUES ($1, $2, $3, $4, 'EUR', 'top_up', 0)`,
        [id, debit, credit, amount],
      );
    await expect(insert('t1', 'a', 'b', 0)).rejects.toThrow('transfer_amount_check');
    await expect(insert('t2', 'a', 'b', -1)).rejects.toThrow('transfer_amount_check');
    await expect(insert('t3', 'a', 'a', 1)).rejects.toThrow('check');
  });
});

describe('credit', () => {
  it('is posted once for a transfer id, also when asked twice at once', async () => {
    const card = await rig.operator.activeCard(0n);
    const asked = Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? rig : rig.second).operator.postCredit(card, euro, 'pay_1'));
    for (const answer of await Promise.all(asked)) expect(valueOf(answer)).toMatchObject({ credit: { nanos: euro } });
    expect(await rig.operator.postCredit(card, 2n * euro, 'pay_1')).toMatchObject({ ok: false, refusal: { code: 'idempotency_mismatch' } });
  });

  it('is refused where it makes no sense', async () => {
    const card = await rig.operator.activeCard(0n);
    const codeOf = async (answer: ReturnType<typeof rig.operator.postCredit>) => {
      const posted = await answer;
      return posted.ok ? 'posted' : posted.refusal.code;
    };
    expect(await codeOf(rig.operator.postCredit(card, 0n, 'zero'))).toBe('amount_malformed');
    expect(await codeOf(rig.operator.postCredit(card, -1n, 'less'))).toBe('amount_malformed');
    expect(await codeOf(rig.operator.postCredit(card, 1n, 'usd', { currency: 'USD' }))).toBe('currency_mismatch');
    expect(await codeOf(rig.operator.postCredit(card, 1n, 'xx', { currency: 'XX' }))).toBe('currency_malformed');
    expect(await codeOf(rig.operator.postCredit('account:nobody', 1n, 'who'))).toBe('unknown_account');
    expect(await codeOf(rig.operator.postCredit(card, 1n, ''))).toBe('field_missing');
  });

  it('shows on the documented card in whole cents', async () => {
    const card = await rig.operator.activeCard(euro);
    await rig.operator.settle([callRated(`fs1/cents-${card}/1`, card, 1n)]);
    expect(await rig.database.query('SELECT credit FROM card WHERE cardid = $1', [card])).toEqual([{ credit: 99n }]);
  });
});
