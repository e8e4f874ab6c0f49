import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { expectExact } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { codeOf } from '../fixture/cashier.fixture.ts';
import { agentCard, untilWaiting } from '../fixture/money.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';
import { lockName } from '../ledger/payee.ts';

const dayUs = 86_400_000_000n;

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-vouchers', { callSecMax: 600, graceSec: 60 });
  valueOf(await rig.operator.registerReseller('agent'));
  valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['a1'] }));
});
afterAll(async () => {
  await expectExact(rig.database);
  await rig.close();
});

describe('a voucher', () => {
  it('VOU-03: of many who try it at once over two instances has one winner, ever', async () => {
    const [code = ''] = await rig.cashier.vouchers({ batchId: 'race' });
    const cards = await rig.operator.activeCards(10, 0n);
    const codes = await Promise.all(cards.map((card, at) => codeOf((at % 2 === 0 ? rig : rig.second).cashier.redeem(card, code, `race-${at}`))));
    expect(codes.toSorted()).toEqual(['ok', ...new Array<string>(9).fill('voucher_used')]);
    const credits = await Promise.all(cards.map((card) => rig.operator.balance(card)));
    expect(credits.reduce((sum, { credit }) => sum + credit, 0n)).toBe(10n * euro);
    const winner = codes.indexOf('ok');
    expect(await codeOf(rig.cashier.redeem(cards[winner] ?? '', code, `race-${winner}`))).toBe('ok');
    expect(valueOf(await rig.cashier.voucherBatch('race'))).toMatchObject({ redeemedCount: 1, quantity: 1 });
  });

  it('is refused by a code of its own', async () => {
    const { card } = await agentCard(rig);
    const soon = BigInt(rig.clock.nowUs()) + dayUs;
    const batches = {
      used: await rig.cashier.vouchers({ batchId: 'used' }),
      expired: await rig.cashier.vouchers({ batchId: 'expired', expiresAtUs: soon }),
      void: await rig.cashier.vouchers({ batchId: 'void' }),
      other: await rig.cashier.vouchers({ batchId: 'other', resellerId: 1 }),
      usd: await rig.cashier.vouchers({ batchId: 'usd', currency: 'USD' }),
      own: await rig.cashier.vouchers({ batchId: 'own', resellerId: 2 }),
      unknown: ['0000000000000000'],
    };
    valueOf(await rig.cashier.redeem('account:a1', batches.used[0] ?? '', 'first'));
    valueOf(await rig.cashier.voidVouchers('void'));
    rig.clock.advanceSec(86_400);
    const rows = table<'case' | 'batch' | 'answer'>(`
      case   | batch   | answer
      VOU-02 | used    | voucher_used
      VOU-04 | expired | voucher_expired
      voided | void    | voucher_void
      VOU-05 | other   | voucher_of_other_reseller
      own    | own     | ok
      right  | usd     | currency_mismatch
      wrong  | unknown | unknown_voucher
    `);
    for (const { batch, answer } of rows) {
      const [code = ''] = Object.entries(batches).find(([name]) => name === batch)?.[1] ?? [];
      expect([batch, await codeOf(rig.cashier.redeem(card, ` ${code.slice(0, 8)}-${code.slice(8)} `, `try-${batch}`))]).toEqual([batch, answer]);
      rig.clock.advanceSec(901);
    }
  });

  it('may be guessed at five times in a quarter of an hour, at once or one after the other, from one place or for one card', async () => {
    const [one = '', two = ''] = await rig.operator.activeCards(2, 0n);
    const guesses = await Promise.all(Array.from({ length: 12 }, (_, at) => codeOf((at % 2 === 0 ? rig : rig.second).cashier.redeem(one, '1111222233334444', `g${at}`, '4312345'))));
    expect(guesses.filter((code) => code === 'unknown_voucher')).toHaveLength(5);
    expect(guesses.filter((code) => code === 'too_many_tries')).toHaveLength(7);
    const [code = ''] = await rig.cashier.vouchers({ batchId: 'tries' });
    expect(await codeOf(rig.cashier.redeem(two, code, 'from there', '4312345'))).toBe('too_many_tries');
    expect(await codeOf(rig.cashier.redeem(two, code, 'from elsewhere', '4399999'))).toBe('ok');
    for (let nth = 0; nth < 5; nth += 1) expect(await codeOf(rig.cashier.redeem(two, '1111222233334444', `g${nth}`))).toBe('unknown_voucher');
    const again = ['from elsewhere', 'another id'].map((id) => codeOf(rig.cashier.redeem(two, code, id, '4399999')));
    expect(await Promise.all([...again, codeOf(rig.cashier.redeem(one, code, 'from elsewhere'))])).toEqual(['ok', 'too_many_tries', 'too_many_tries']);
    rig.clock.advanceSec(900);
    expect(await codeOf(rig.cashier.redeem(one, code, 'later', '4312345'))).toBe('voucher_used');
  });

  it('is told of once, in no table in clear, and needs a key', async () => {
    const [code = ''] = await rig.cashier.vouchers({ batchId: 'clear' });
    expect(code).toMatch(/^\d{16}$/);
    expect(await codeOf(rig.cashier.makeVouchers({ batchId: 'clear' }))).toBe('voucher_codes_told');
    expect(await codeOf(rig.cashier.makeVouchers({ batchId: 'clear', quantity: 2 }))).toBe('idempotency_mismatch');
    const rows = await rig.database.query(`SELECT 1 FROM voucher WHERE position(convert_to($1, 'UTF8') IN code_index) > 0`, [code]);
    expect(rows).toEqual([]);
    expect(new Set(await rig.cashier.vouchers({ batchId: 'many', quantity: 1_000 })).size).toBe(1_000);
  });
});

describe('a batch of vouchers that is voided', () => {
  it('counts the redemption that is under way, and lets none begin', async () => {
    const [first = '', second = ''] = await rig.cashier.vouchers({ batchId: 'void-race', quantity: 2 });
    const [one = '', two = ''] = await rig.operator.activeCards(2, 0n);
    const asked: Promise<unknown>[] = [];
    // Somebody redeems the first, and gives up: so who is next waits, with all that it has looked at.
    const givenUp = rig.database.transaction(async (tx) => {
      await tx.query(`INSERT INTO voucher_redemption (code_index, redemption_id, batch_id, account_id, redeemed_at_us)
        SELECT code_index, 'given-up', batch_id, $1, 0 FROM voucher WHERE batch_id = 'void-race' AND serial = 1`, [`card:${two}`]);
      asked.push(codeOf(rig.cashier.redeem(one, first, 'under-way')));
      await untilWaiting(rig, 1);
      asked.push(rig.second.cashier.voidVouchers('void-race').then((voided) => valueOf(voided).redeemedCount));
      await untilWaiting(rig, 2);
      throw new Error('given up');
    });
    await expect(givenUp).rejects.toThrow('given up');
    expect(await Promise.all(asked)).toEqual(['ok', 1]);
    expect(await codeOf(rig.cashier.redeem(two, second, 'too-late'))).toBe('voucher_void');
    expect(valueOf(await rig.cashier.voucherBatch('void-race'))).toMatchObject({ redeemedCount: 1 });
  });

  it('refuses the redemption that waited for it', async () => {
    const [code = ''] = await rig.cashier.vouchers({ batchId: 'void-first' });
    const [card = ''] = await rig.operator.activeCards(1, 0n);
    const asked: Promise<string>[] = [];
    await rig.database.transaction(async (tx) => {
      await lockName(tx, 'vouchers:void-first');
      asked.push(codeOf(rig.second.cashier.redeem(card, code, 'waits')));
      await untilWaiting(rig, 1);
      await tx.query(`INSERT INTO voucher_void (batch_id, voided_at_us) VALUES ('void-first', 0)`);
    });
    expect(await Promise.all(asked)).toEqual(['voucher_void']);
  });
});
