import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isTransient } from '@tollwire/event-store';
import { table } from '@tollwire/testing';
import { balanceNanosMax } from '../domain/credit.ts';
import { expectExact } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-post');
});
afterAll(() => rig.close());

/** The largest amount of one request: a billion units. */
const amountMax = 10n ** 18n;

const codeOf = async (answer: ReturnType<CardRig['operator']['postCredit']>) => {
  const posted = await answer;
  return posted.ok ? 'posted' : posted.refusal.code;
};

const transfersTo = (account: string) =>
  rig.database.query<{ id: string; amount: bigint; posted_by: string | null }>(
    'SELECT id, amount, posted_by FROM transfer WHERE credit_account = $1 ORDER BY id',
    [account],
  );

describe('credit that is posted', () => {
  it('stands under the name of who posted it, once, whoever sends it again', async () => {
    const card = await rig.operator.activeCard(0n);
    const posted = valueOf(await rig.operator.postCredit(card, euro, 'named', { by: 'ann\u0007' }));
    expect(posted).toMatchObject({ credit: { nanos: euro, currency: 'EUR' }, available: { nanos: euro }, status: 'active' });
    expect(valueOf(await rig.second.operator.postCredit(card, euro, 'named', { by: 'bob' }))).toEqual(posted);
    expect(await codeOf(rig.operator.postCredit(card, 2n * euro, 'named', { by: 'ann' }))).toBe('idempotency_mismatch');
    expect(await transfersTo(`card:${card}`)).toEqual([{ id: 'top_up:named', amount: euro, posted_by: 'ann' }]);
  });

  it('has no name where the request tells none', async () => {
    const card = await rig.operator.activeCard(0n);
    valueOf(await rig.operator.postCredit(card, euro, 'nameless'));
    expect(await transfersTo(`card:${card}`)).toEqual([{ id: 'top_up:nameless', amount: euro, posted_by: null }]);
  });

  it('belongs to one account: its id does for no other', async () => {
    const [one = '', two = ''] = await rig.operator.activeCards(2, euro);
    valueOf(await rig.operator.postCredit(one, euro, 'owned'));
    expect(await codeOf(rig.operator.postCredit(two, euro, 'owned'))).toBe('idempotency_mismatch');
    expect(await codeOf(rig.operator.postCredit('account:nobody', euro, 'owned'))).toBe('unknown_account');
    expect(await rig.operator.balance(two)).toMatchObject({ credit: euro });
  });

  it('arrives once for one of two cards when one id is raced for', async () => {
    const cards = await rig.operator.activeCards(2, 0n);
    for (let round = 0; round < 10; round += 1) {
      const codes = await Promise.all(
        cards.map((card, at) => codeOf((at === 0 ? rig : rig.second).operator.postCredit(card, euro, `race-${round}`))),
      );
      expect(codes.sort()).toEqual(['idempotency_mismatch', 'posted']);
    }
    const balances = await Promise.all(cards.map((card) => rig.operator.balance(card)));
    expect(balances.reduce((sum, { credit }) => sum + credit, 0n)).toBe(10n * euro);
    await expectExact(rig.database);
  }, 30_000);

  it('arrives once when its connection is cut and it is sent again', async () => {
    const card = await rig.operator.activeCard(0n);
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'card-1' AND state <> 'idle'`;
    const ids = Array.from({ length: 30 }, (_, at) => `cut-${at}`);
    let posting = true;
    const sentUntilAnswered = async (id: string) => {
      for (;;) {
        try {
          return valueOf(await rig.operator.postCredit(card, euro, id));
        } catch (error) {
          if (!isTransient(error)) throw error;
        }
      }
    };
    const cutter = async () => {
      let cutCount = 0;
      while (posting && cutCount < 20) cutCount += (await rig.second.database.query(cut)).length;
    };
    await Promise.all([Promise.all(ids.map(sentUntilAnswered)).finally(() => (posting = false)), cutter()]);
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 30n * euro });
    await expectExact(rig.database);
  }, 30_000);
});

describe('what cannot be posted', () => {
  it('is refused with its reason, and leaves the account as it was', async () => {
    valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['a1'] }));
    const rows = table<'nanos' | 'currency' | 'id' | 'answer'>(`
      nanos                | currency | id    | answer
      0                    | EUR      | zero  | amount_malformed
      -1                   | EUR      | less  | amount_malformed
      1000000000000000001  | EUR      | more  | amount_malformed
      1                    | USD      | usd   | currency_mismatch
      1                    | euro     | name  | currency_malformed
      1                    | eur      | small | posted
    `);
    for (const { nanos, currency, id, answer } of rows) {
      expect([id, await codeOf(rig.operator.postCredit('account:a1', BigInt(nanos), id, { currency }))]).toEqual([id, answer]);
    }
    expect(await rig.operator.balance('account:a1')).toEqual({ credit: 1n, reserved: 0n, available: 1n });
    expect(await codeOf(rig.operator.postCredit('account:a1', 1n, ''))).toBe('field_missing');
    expect(await codeOf(rig.operator.postCredit('account:a1', 1n, 'nul\0'))).toBe('field_malformed');
  });

  it('is what would take the balance out of its range; to the edge it is posted', async () => {
    const card = await rig.operator.activeCard(0n);
    for (let at = 0; at < 9; at += 1) valueOf(await rig.operator.postCredit(card, amountMax, `edge-${at}`));
    expect(await rig.operator.balance(card)).toMatchObject({ credit: balanceNanosMax });
    expect(await codeOf(rig.operator.postCredit(card, 1n, 'beyond'))).toBe('amount_malformed');
    expect(await rig.operator.balance(card)).toMatchObject({ credit: balanceNanosMax });
    expect(await rig.database.query('SELECT credit FROM card WHERE cardid = $1', [card])).toEqual([{ credit: balanceNanosMax / 10_000_000n }]);
    await expectExact(rig.database);
  });
});
