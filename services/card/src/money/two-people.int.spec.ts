import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { expectExact } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { codeOf } from '../fixture/cashier.fixture.ts';
import { agentCard } from '../fixture/money.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';

const aloneMax = 100n * euro;

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-two-people', { callSecMax: 600, graceSec: 60 }, { money: { creditAloneMax: () => aloneMax } });
  valueOf(await rig.operator.registerReseller('agent'));
});
afterAll(async () => {
  await expectExact(rig.database);
  await rig.close();
});

const both = <T>(work: (instance: CardRig | CardRig['second']) => Promise<T>) => Promise.all([work(rig), work(rig.second)]);

describe('a credit above what one person may post', () => {
  it('is proposed by one and posted by another, once', async () => {
    const { card } = await agentCard(rig);
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

  it('is told as a payment, too, which is taken under its own name with the commission on it', async () => {
    const { card } = await agentCard(rig);
    valueOf(await rig.cashier.commission(2, 100_000));
    const [large, named] = [aloneMax + 10n * euro, { provider: 'bank', paymentId: 'big' }];
    const owed = await rig.cashier.standsAt('reseller:2:EUR');
    expect(await codeOf(rig.cashier.pay(card, large, 'big'))).toBe('approval_needed');
    expect(valueOf(await rig.cashier.propose(card, large, 'a-big-one', 'ann', named))).toMatchObject({ status: 'proposed', payment: named });
    expect(await codeOf(rig.cashier.propose(card, large, 'a-big-one'))).toBe('idempotency_mismatch');
    expect(await codeOf(rig.cashier.propose(card, large, 'no-name', 'ann', { provider: 'bank', paymentId: '' }))).toBe('field_missing');
    const approved = await both(({ cashier }) => cashier.decide('approveCredit', 'a-big-one', 'bob'));
    for (const answer of approved) expect(valueOf(answer)).toMatchObject({ status: 'posted', payment: named });
    expect(await rig.operator.balance(card)).toMatchObject({ credit: large });
    expect((await rig.cashier.standsAt('reseller:2:EUR')) - owed).toBe(11n * euro);
    expect(valueOf(await rig.cashier.payments(card)).payments).toMatchObject([{ ...named, by: 'ann, bob', commission: { nanos: 11n * euro } }]);
    expect(valueOf(await rig.cashier.statement(card)).lines).toMatchObject([{ transferId: 'payment:bank:big', postedBy: 'ann, bob' }]);
    // Told of again, by a person or by the provider, it is the same payment.
    expect(await Promise.all([false, true].map((signedByProvider) => codeOf(rig.cashier.pay(card, large, 'big', { signedByProvider }))))).toEqual(['ok', 'ok']);
    expect(await rig.operator.balance(card)).toMatchObject({ credit: large });
  });

  it('needs nobody where the provider has signed for the payment, and is not posted twice where it was proposed before that', async () => {
    const { card } = await agentCard(rig);
    const large = aloneMax + 1n;
    valueOf(await rig.cashier.propose(card, large, 'early', 'ann', { provider: 'bank', paymentId: 'signed' }));
    valueOf(await rig.cashier.propose(card, large + 1n, 'wrong', 'ann', { provider: 'bank', paymentId: 'signed' }));
    expect(await codeOf(rig.cashier.pay(card, large, 'signed', { signedByProvider: true }))).toBe('ok');
    expect(await codeOf(rig.cashier.decide('approveCredit', 'early', 'bob'))).toBe('ok');
    expect(await codeOf(rig.cashier.decide('approveCredit', 'wrong', 'bob'))).toBe('idempotency_mismatch');
    expect(valueOf(await rig.cashier.decide('rejectCredit', 'wrong', 'bob'))).toMatchObject({ status: 'rejected' });
    expect(await rig.operator.balance(card)).toMatchObject({ credit: large });
  });

  it('is a batch of vouchers, too, of which none is redeemed until another approves it', async () => {
    const half = { nanos: aloneMax / 2n, by: 'ann' };
    expect(valueOf(await rig.cashier.makeVouchers({ batchId: 'two-halves', quantity: 2, ...half }))).toMatchObject({ batch: { needsApproval: false } });
    const [code = ''] = await rig.cashier.vouchers({ batchId: 'three-halves', quantity: 3, ...half });
    await rig.cashier.vouchers({ batchId: 'never-mind', quantity: 3, ...half });
    valueOf(await rig.cashier.voidVouchers('never-mind'));
    expect([await rig.cashier.voucherBatches(), await rig.cashier.voucherBatches(true)]).toEqual([['never-mind', 'three-halves', 'two-halves'], ['three-halves']]);
    const [card = ''] = await rig.operator.activeCards(1, 0n);
    expect(await codeOf(rig.cashier.redeem(card, code, 'early'))).toBe('voucher_not_approved');
    const rows = table<'batch' | 'by' | 'answer'>(`
      batch        | by  | answer
      three-halves | ann | own_proposal
      three-halves |     | field_missing
      never-mind   | bob | voucher_void
      nothing      | bob | unknown_voucher_batch
      two-halves   | ann | ok
    `);
    for (const { batch, by, answer } of rows) expect([batch, by, await codeOf(rig.cashier.approveVouchers(batch, by))]).toEqual([batch, by, answer]);
    expect(await codeOf(rig.cashier.makeVouchers({ batchId: 'nobody', quantity: 3, ...half, by: '' }))).toBe('field_missing');
    const approved = await both(({ cashier }) => cashier.approveVouchers('three-halves', 'bob'));
    for (const answer of approved) expect(valueOf(answer)).toMatchObject({ needsApproval: true, madeBy: 'ann', approvedBy: 'bob' });
    expect(await rig.cashier.voucherBatches(true)).toEqual([]);
    expect(await codeOf(rig.cashier.redeem(card, code, 'late'))).toBe('ok');
    expect(await rig.operator.balance(card)).toMatchObject({ credit: half.nanos });
  });

  it('may be rejected, also by who proposed it, and is then never posted', async () => {
    const { card } = await agentCard(rig);
    valueOf(await rig.cashier.propose(card, euro, 'withdrawn'));
    expect(valueOf(await rig.cashier.decide('rejectCredit', 'withdrawn', 'ann'))).toMatchObject({ status: 'rejected' });
    expect(await codeOf(rig.cashier.decide('approveCredit', 'withdrawn', 'bob'))).toBe('proposal_decided');
    expect(valueOf(await rig.cashier.proposals('rejected')).proposals?.map(({ transferId }) => transferId)).toEqual(['withdrawn', 'wrong']);
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 0n });
  });
});
