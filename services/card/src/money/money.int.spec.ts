import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BalanceLowSchema, dataOf, publicEvents } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { table, until } from '@tollwire/testing';
import { expectExact, publishedOf } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { codeOf } from '../fixture/cashier.fixture.ts';
import { callRated, valueOf } from '../fixture/operator.fixture.ts';
import { lockName } from '../ledger/payee.ts';
import { forfeitCredit } from '../sweeps/forfeit-credit.ts';
import { restoreExtended } from '../sweeps/restore-credit.ts';

const aloneMax = 100n * euro;
const dayUs = 86_400_000_000n;

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-money', { callSecMax: 600, graceSec: 60 }, { money: { creditAloneMax: () => aloneMax, forfeitAfterDays: 30 } });
  valueOf(await rig.operator.registerReseller('agent'));
  valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['a1'] }));
});
afterAll(async () => {
  await expectExact(rig.database);
  await rig.close();
});

let batchCount = 0;

/** A card that a reseller sells, of a type of its own. */
async function agentCard(nanos = 0n, resellerId = 2): Promise<{ card: string; cardTypeId: number }> {
  batchCount += 1;
  const { id: cardTypeId = 0 } = valueOf(await rig.operator.createCardType({ nanos }));
  const { cardIds } = valueOf(await rig.operator.issueCards({ batchId: `agent-${batchCount}`, cardTypeId, quantity: 1, resellerId }));
  const card = present(present(cardIds, 'cards')[0], 'a card');
  valueOf(await rig.operator.change('activateCards', [card]));
  return { card, cardTypeId };
}

/** Until so many wait for a lock. */
async function untilWaiting(count: number): Promise<void> {
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await until(async () => (await rig.second.database.query(waiting)).length === count);
}

const both = <T>(work: (instance: CardRig | CardRig['second']) => Promise<T>) => Promise.all([work(rig), work(rig.second)]);

describe('a payment', () => {
  it('PAY-01: of 50 with 10 % commission puts 50 on the card and 5 on the account of the agent', async () => {
    const { card } = await agentCard();
    valueOf(await rig.cashier.commission(2, 100_000));
    const before = await rig.cashier.standsAt('reseller:2:EUR');
    const paid = valueOf(await rig.cashier.pay(card, 50n * euro, 'pay-01'));
    expect(paid).toMatchObject({ commission: { nanos: 5n * euro }, resellerId: 2, reversed: { nanos: 0n } });
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 50n * euro });
    expect((await rig.cashier.standsAt('reseller:2:EUR')) - before).toBe(5n * euro);
  });

  it('PAY-03: told twice, by two instances at once, posts once; with another content it is a conflict', async () => {
    const { card } = await agentCard();
    const answers = await both(({ cashier }) => cashier.pay(card, 20n * euro, 'pay_1'));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true]);
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 20n * euro });
    expect(await codeOf(rig.cashier.pay(card, 21n * euro, 'pay_1'))).toBe('idempotency_mismatch');
    expect(await codeOf(rig.cashier.pay('account:a1', 20n * euro, 'pay_1'))).toBe('idempotency_mismatch');
    expect(await codeOf(rig.cashier.pay(card, 20n * euro, 'pay_1', { provider: 'other' }))).toBe('ok');
  });

  it('is refused where it makes no sense', async () => {
    const { card } = await agentCard();
    expect(await codeOf(rig.cashier.pay(card, euro, 'usd', { currency: 'USD' }))).toBe('currency_mismatch');
    expect(await codeOf(rig.cashier.pay(card, 0n, 'zero'))).toBe('amount_malformed');
    expect(await codeOf(rig.cashier.pay('9999999999999999', euro, 'who'))).toBe('unknown_card');
    expect(await codeOf(rig.cashier.pay(card, euro, 'p', { provider: 'Bank:1' }))).toBe('field_malformed');
    expect([await codeOf(rig.cashier.commission(2, 1, 999_999)), await codeOf(rig.cashier.commission(999_999, 1))]).toEqual(['unknown_card_type', 'unknown_reseller']);
  });

  it('goes back in parts with its commission, each once, and never by more than it was', async () => {
    const { card, cardTypeId } = await agentCard();
    valueOf(await rig.cashier.commission(2, 333_333, cardTypeId));
    const owed = await rig.cashier.standsAt('reseller:2:EUR');
    valueOf(await rig.cashier.pay(card, 10n * euro, 'parts'));
    await rig.operator.settle([callRated(`sw/spent-${card}/0`, card, 9n * euro)]);
    const part = { paymentId: 'parts', amount: { nanos: 3n * euro, currency: 'EUR' } };
    const first = await both(({ cashier }) => cashier.reverse({ ...part, reversalId: 'r1' }));
    expect(first.map(({ ok }) => ok)).toEqual([true, true]);
    const rows = table<'reversal' | 'payment' | 'kind' | 'euros' | 'answer'>(`
      reversal | payment | kind       | euros | answer
      r1       | parts   | refund     | 3     | ok
      r1       | parts   | chargeback | 3     | idempotency_mismatch
      r1       | parts   | refund     | 2     | idempotency_mismatch
      r2       | nothing | refund     | 1     | unknown_payment
      r2       | parts   | gift       | 1     | field_malformed
      r2       | parts   | refund     | 8     | payment_reversed
    `);
    for (const { reversal: reversalId, payment: paymentId, kind, euros, answer } of rows) {
      const amount = { nanos: BigInt(euros) * euro, currency: 'EUR' };
      expect([reversalId, kind, euros, await codeOf(rig.cashier.reverse({ reversalId, paymentId, kind, amount }))]).toEqual([reversalId, kind, euros, answer]);
    }
    const gone = valueOf(await rig.cashier.reverse({ reversalId: 'r3', paymentId: 'parts', kind: 'chargeback' }));
    expect(gone).toMatchObject({ reversed: { nanos: 10n * euro }, commission: { nanos: 3_333_330_000n }, commissionReversed: { nanos: 3_333_330_000n } });
    expect(await codeOf(rig.cashier.reverse({ reversalId: 'r4', paymentId: 'parts' }))).toBe('payment_reversed');
    expect(await rig.operator.balance(card)).toMatchObject({ credit: -9n * euro });
    expect(await rig.cashier.standsAt('reseller:2:EUR')).toBe(owed);
    expect(valueOf(await rig.cashier.payments(card)).payments).toHaveLength(1);
  });
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
    const { card } = await agentCard();
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
      await untilWaiting(1);
      asked.push(rig.second.cashier.voidVouchers('void-race').then((voided) => valueOf(voided).redeemedCount));
      await untilWaiting(2);
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
      await untilWaiting(1);
      await tx.query(`INSERT INTO voucher_void (batch_id, voided_at_us) VALUES ('void-first', 0)`);
    });
    expect(await Promise.all(asked)).toEqual(['voucher_void']);
  });
});

describe('a credit above what one person may post', () => {
  it('is proposed by one and posted by another, once', async () => {
    const { card } = await agentCard();
    const large = aloneMax + 1n;
    expect(await codeOf(rig.operator.postCredit(card, aloneMax, 'small'))).toBe('ok');
    expect(await codeOf(rig.operator.postCredit(card, large, 'large', { by: 'ann' }))).toBe('approval_needed');
    expect(valueOf(await rig.cashier.propose(card, large, 'large'))).toMatchObject({ status: 'proposed', proposedBy: 'ann' });
    expect(await codeOf(rig.cashier.propose(card, large, 'large'))).toBe('ok');
    expect(await codeOf(rig.cashier.propose(card, large + 1n, 'large'))).toBe('idempotency_mismatch');
    expect(await codeOf(rig.cashier.decide('approveCredit', 'large', 'ann'))).toBe('own_proposal');
    expect(await codeOf(rig.cashier.decide('approveCredit', 'large', ''))).toBe('field_missing');
    expect(await codeOf(rig.cashier.decide('approveCredit', 'nothing', 'bob'))).toBe('unknown_proposal');
    expect(await rig.operator.balance(card)).toMatchObject({ credit: aloneMax });
    const approved = await both(({ cashier }) => cashier.decide('approveCredit', 'large', 'bob'));
    for (const answer of approved) expect(valueOf(answer)).toMatchObject({ status: 'posted', decidedBy: 'bob' });
    expect(await rig.operator.balance(card)).toMatchObject({ credit: aloneMax + large });
    expect(await codeOf(rig.operator.postCredit(card, large, 'large', { by: 'ann' }))).toBe('ok');
    expect(await codeOf(rig.cashier.decide('rejectCredit', 'large', 'bob'))).toBe('proposal_decided');
    expect(await rig.operator.balance(card)).toMatchObject({ credit: aloneMax + large });
  });

  it('may be rejected, also by who proposed it, and is then never posted', async () => {
    const { card } = await agentCard();
    valueOf(await rig.cashier.propose(card, euro, 'withdrawn'));
    expect(valueOf(await rig.cashier.decide('rejectCredit', 'withdrawn', 'ann'))).toMatchObject({ status: 'rejected' });
    expect(await codeOf(rig.cashier.decide('approveCredit', 'withdrawn', 'bob'))).toBe('proposal_decided');
    expect(valueOf(await rig.cashier.proposals('rejected')).proposals?.map(({ transferId }) => transferId)).toEqual(['withdrawn']);
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 0n });
  });
});

/** The thresholds that a card was told to have fallen below, and how much it had then. */
async function toldLow(card: string) {
  const events = (await publishedOf(rig.database, publicEvents.BalanceLow)).map((event) => dataOf(BalanceLowSchema, event));
  return events.filter(({ account }) => account.value === card).map(({ threshold, balance }) => [threshold?.nanos, balance?.nanos]);
}

describe('a low balance', () => {
  it('is told once for each threshold that it falls below, and again after it has been above', async () => {
    const { card, cardTypeId } = await agentCard(10n * euro);
    valueOf(await rig.cashier.lowBalance({ scope: { case: 'cardTypeId', value: cardTypeId }, thresholdsNanos: [5n * euro, 2n * euro] }));
    const spend = (call: string, nanos: bigint) => rig.operator.settle([callRated(`low/${call}-${card}/0`, card, nanos)]);
    await spend('one', 5n * euro);
    expect(await toldLow(card)).toEqual([]);
    await spend('two', euro);
    await spend('three', euro);
    expect(await toldLow(card)).toEqual([[5n * euro, 4n * euro]]);
    valueOf(await rig.operator.postCredit(card, 2n * euro, `up-${card}`));
    await spend('four', 4n * euro);
    expect(await toldLow(card)).toEqual([[5n * euro, 4n * euro], [5n * euro, euro], [2n * euro, euro]]);
    valueOf(await rig.cashier.lowBalance({ scope: { case: 'party', value: { party: { case: 'cardId', value: card } } }, thresholdsNanos: [] }));
    await spend('five', 4n * euro);
    expect(await toldLow(card)).toHaveLength(3);
  });

  it('shows what is set: all of it, or for one card or account the nearest first, which counts', async () => {
    const { id: cardTypeId = 0 } = valueOf(await rig.operator.createCardType({ nanos: euro }));
    const { cardIds: [own = '', others = ''] = [] } = valueOf(await rig.operator.issueCards({ batchId: 'alerts', cardTypeId, quantity: 2 }));
    valueOf(await rig.operator.openAccount({ customerId: 'alerted', accountCodes: ['al2', 'al1'] }));
    const ofCard = { scope: { case: 'party' as const, value: { party: { case: 'cardId' as const, value: own } } }, thresholdsNanos: [] };
    const ofType = { scope: { case: 'cardTypeId' as const, value: cardTypeId }, thresholdsNanos: [5n * euro, euro], by: 'ann' };
    const ofAccount = { scope: { case: 'party' as const, value: { party: { case: 'accountCode' as const, value: 'al1' } } }, thresholdsNanos: [-euro] };
    for (const setting of [ofCard, ofType, ofAccount]) valueOf(await rig.cashier.lowBalance(setting));
    expect((await rig.cashier.lowBalances(own)).map(({ scope }) => scope?.case)).toEqual(['party', 'cardTypeId']);
    expect(await rig.cashier.lowBalances(others)).toMatchObject([ofType]);
    expect(await rig.cashier.lowBalances('account:al2')).toMatchObject([ofAccount]);
    expect(await rig.cashier.lowBalances()).toEqual(expect.arrayContaining([ofCard, ofType, ofAccount].map((setting) => expect.objectContaining({ thresholdsNanos: setting.thresholdsNanos }))));
    await expect(rig.cashier.lowBalances('account:nobody')).rejects.toThrow('unknown_account');
  });

  it('is asked for of those that there are', async () => {
    expect(await codeOf(rig.cashier.lowBalance({ scope: { case: 'cardTypeId', value: 4_000_000 }, thresholdsNanos: [euro] }))).toBe('unknown_card_type');
    expect(await codeOf(rig.cashier.lowBalance({ thresholdsNanos: [euro] }))).toBe('field_missing');
    expect(await codeOf(rig.cashier.lowBalance({ scope: { case: 'allAccounts', value: {} }, thresholdsNanos: [-euro] }))).toBe('ok');
  });
});

describe('credit of an expired card', () => {
  it('CARD-14: goes to breakage when its days are over, and is back once when the card is extended', async () => {
    const card = await rig.operator.activeCard(4_200_000_000n, 10);
    valueOf(await rig.cashier.lowBalance({ scope: { case: 'party', value: { party: { case: 'cardId', value: card } } }, thresholdsNanos: [euro] }));
    const later = await rig.operator.activeCard(euro, 100);
    rig.clock.advanceSec(10 * 86_400);
    valueOf(await rig.operator.change('sellCards', [card]));
    await Promise.all([forfeitCredit(rig.deps), forfeitCredit(rig.second.deps)]);
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 4_200_000_000n });
    rig.clock.advanceSec(30 * 86_400);
    await Promise.all([forfeitCredit(rig.deps), forfeitCredit(rig.second.deps)]);
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 0n });
    expect(await rig.operator.balance(later)).toMatchObject({ credit: euro });
    expect(await rig.cashier.standsAt('breakage:EUR')).toBe(4_200_000_000n);
    expect(await toldLow(card)).toEqual([[euro, 0n]]);
    await restoreExtended(rig.deps);
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 0n });
    await rig.database.query(`UPDATE card_state SET expires = from_us($2::bigint), status = 'active' WHERE cardid = $1`, [card, BigInt(rig.clock.nowUs()) + dayUs]);
    await Promise.all([restoreExtended(rig.deps), restoreExtended(rig.second.deps)]);
    await restoreExtended(rig.deps);
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 4_200_000_000n });
    expect(await rig.cashier.standsAt('breakage:EUR')).toBe(0n);
  });

  /** What statements of a card and of breakage say of an instant at which work waits for the card's account: while it waits, and when it is done. */
  async function saidAround(card: string, work: () => Promise<void>) {
    const asked: Promise<void>[] = [];
    let untilUs = 0n;
    const said = () => Promise.all([card, 'breakage:EUR'].map(async (of) => valueOf(await rig.cashier.statement(of, { untilUs }))));
    const waiting = await rig.database.transaction(async (tx) => {
      await tx.query('SELECT 1 FROM ledger_account WHERE id = $1 FOR UPDATE', [`card:${card}`]);
      asked.push(work());
      await untilWaiting(1);
      rig.clock.advanceSec(10);
      untilUs = BigInt(rig.clock.nowUs());
      rig.clock.advanceSec(10);
      return said();
    });
    await Promise.all(asked);
    return { waiting, done: await said() };
  }

  it('goes and comes back at the instant at which its account was locked, so that a statement as of before stands', async () => {
    const card = await rig.operator.activeCard(2n * euro, 1);
    rig.clock.advanceSec(31 * 86_400);
    const gone = await saidAround(card, () => forfeitCredit(rig.deps));
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 0n });
    expect(gone.done).toEqual(gone.waiting);
    await rig.database.query(`UPDATE card_state SET expires = from_us($2::bigint), status = 'active' WHERE cardid = $1`, [card, BigInt(rig.clock.nowUs()) + dayUs]);
    const back = await saidAround(card, () => restoreExtended(rig.second.deps));
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 2n * euro });
    expect(back.done).toEqual(back.waiting);
  });
});
