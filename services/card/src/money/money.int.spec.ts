import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BalanceLowSchema, dataOf, publicEvents } from '@tollwire/contracts';
import { table } from '@tollwire/testing';
import { expectExact, publishedOf } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { codeOf } from '../fixture/cashier.fixture.ts';
import { agentCard, untilWaiting } from '../fixture/money.fixture.ts';
import { callRated, valueOf } from '../fixture/operator.fixture.ts';
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

const both = <T>(work: (instance: CardRig | CardRig['second']) => Promise<T>) => Promise.all([work(rig), work(rig.second)]);

describe('a payment', () => {
  it('PAY-01: of 50 with 10 % commission puts 50 on the card and 5 on the account of the agent', async () => {
    const { card } = await agentCard(rig);
    valueOf(await rig.cashier.commission(2, 100_000));
    const before = await rig.cashier.standsAt('reseller:2:EUR');
    const paid = valueOf(await rig.cashier.pay(card, 50n * euro, 'pay-01'));
    expect(paid).toMatchObject({ commission: { nanos: 5n * euro }, resellerId: 2, reversed: { nanos: 0n } });
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 50n * euro });
    expect((await rig.cashier.standsAt('reseller:2:EUR')) - before).toBe(5n * euro);
  });

  it('PAY-03: told twice, by two instances at once, posts once; with another content it is a conflict', async () => {
    const { card } = await agentCard(rig);
    const answers = await both(({ cashier }) => cashier.pay(card, 20n * euro, 'pay_1'));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true]);
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 20n * euro });
    expect(await codeOf(rig.cashier.pay(card, 21n * euro, 'pay_1'))).toBe('idempotency_mismatch');
    expect(await codeOf(rig.cashier.pay('account:a1', 20n * euro, 'pay_1'))).toBe('idempotency_mismatch');
    expect(await codeOf(rig.cashier.pay(card, 20n * euro, 'pay_1', { provider: 'other' }))).toBe('ok');
  });

  it('is refused where it makes no sense', async () => {
    const { card } = await agentCard(rig);
    expect(await codeOf(rig.cashier.pay(card, euro, 'usd', { currency: 'USD' }))).toBe('currency_mismatch');
    expect(await codeOf(rig.cashier.pay(card, 0n, 'zero'))).toBe('amount_malformed');
    expect(await codeOf(rig.cashier.pay('9999999999999999', euro, 'who'))).toBe('unknown_card');
    expect(await codeOf(rig.cashier.pay(card, euro, 'p', { provider: 'Bank:1' }))).toBe('field_malformed');
    expect([await codeOf(rig.cashier.commission(2, 1, 999_999)), await codeOf(rig.cashier.commission(999_999, 1))]).toEqual(['unknown_card_type', 'unknown_reseller']);
  });

  it('goes back in parts with its commission, each once, and never by more than it was', async () => {
    const { card, cardTypeId } = await agentCard(rig);
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

/** The thresholds that a card was told to have fallen below, and how much it had then. */
async function toldLow(card: string) {
  const events = (await publishedOf(rig.database, publicEvents.BalanceLow)).map((event) => dataOf(BalanceLowSchema, event));
  return events.filter(({ account }) => account.value === card).map(({ threshold, balance }) => [threshold?.nanos, balance?.nanos]);
}

describe('a low balance', () => {
  it('is told once for each threshold that it falls below, and again after it has been above', async () => {
    const { card, cardTypeId } = await agentCard(rig, 10n * euro);
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
      await untilWaiting(rig, 1);
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
