import { create } from '@bufbuild/protobuf';
import { CreditDecisionSchema, PostCreditRequestSchema, ProposeCreditRequestSchema, RedeemVoucherRequestSchema, ReversePaymentRequestSchema, TakePaymentRequestSchema } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { postCredit } from '../../services/card/src/accounts/post-credit.ts';
import { decideCredit, proposeCredit } from '../../services/card/src/money/proposals.ts';
import { redeemVoucher } from '../../services/card/src/money/redeem-voucher.ts';
import { reversePayment } from '../../services/card/src/money/reverse-payment.ts';
import { takePayment } from '../../services/card/src/money/take-payment.ts';
import { Violation } from './violation.ts';
import { payers, vouchers } from './books.ts';
import { someCard } from './instances.ts';
import { aloneMaxNanos } from './processes.ts';
import type { World } from './world.ts';

const paymentsMax = 4;

/** Money arrives under one of few names, so that it often arrives again. */
export function topUp(world: World): void {
  const party = world.chance.oneOf(payers);
  if (party === undefined) return;
  const nth = world.chance.below(4);
  // The last name is for more than one person may post alone.
  const nanos = nth === 3 ? aloneMaxNanos + 1n : 700_000_000n;
  const transferId = `${party.value}-${nth}`;
  const request = create(PostCreditRequestSchema, { party: { party }, amount: { nanos, currency: 'EUR' }, transferId });
  someCard(world, `is given money for ${party.value}`, async ({ deps }) => {
    const posted = await postCredit(deps, request);
    // What two people have posted may be asked for again by one.
    const byTwo = world.card.store.rowsOf('credit_proposal').get(transferId)?.['status'] === 'posted';
    if (posted.ok && nanos > aloneMaxNanos && !byTwo) throw new Violation(`one person alone posted ${nanos} to ${party.value}`);
  });
}

const people = ['ann', 'bob'] as const;
const creditsByTwo = payers.slice(0, 3).map((party) => ({ party, transferId: `${party.value}-3`, nanos: aloneMaxNanos + 1n }));

/** Somebody proposes a credit that one person may not post alone, under the name that it is tried to be posted under; at times of another amount. */
export function propose(world: World): void {
  const { party, transferId, nanos } = present(world.chance.oneOf(creditsByTwo), 'a credit');
  const by = present(world.chance.oneOf(people), 'a person');
  const other = world.chance.in1000(100) ? 1n : 0n;
  const request = create(ProposeCreditRequestSchema, { party: { party }, amount: { nanos: nanos + other, currency: 'EUR' }, transferId, reason: 'goodwill', by });
  someCard(world, `is proposed the credit ${transferId} by ${by}`, async ({ deps }) => {
    await proposeCredit(deps, request, {});
  });
}

/** Somebody approves a credit or turns it down, perhaps who proposed it, perhaps after somebody else has decided. */
export function decide(world: World): void {
  const { transferId } = present(world.chance.oneOf(creditsByTwo), 'a credit');
  const by = present(world.chance.oneOf(people), 'a person');
  const type = world.chance.in1000(700) ? 'Approve' : 'Reject';
  someCard(world, `is told by ${by} to ${type} the credit ${transferId}`, async ({ deps }) => {
    const decided = await decideCredit(deps, type, create(CreditDecisionSchema, { transferId, by }), {});
    if (!decided.ok) return;
    const { proposedBy, status = '' } = decided.value;
    if (type === 'Approve' && proposedBy === by) throw new Violation(`${by} proposed the credit ${transferId}, and approved it`);
    const before = world.decided.get(transferId);
    if (before !== undefined && before !== status) throw new Violation(`the credit ${transferId} is ${before}, and then ${status}`);
    world.decided.set(transferId, status);
  });
}

const provider = 'bank';

/** A provider tells of a payment, more than once; what it is told must be so. At times it tells another amount, which must change nothing. */
export function pay(world: World): void {
  const { chance, payments } = world;
  const isNew = payments.length < paymentsMax && (payments.length === 0 || chance.in1000(400));
  if (isNew) {
    const payer = present(chance.oneOf(payers), 'a payer');
    payments.push({ paymentId: `p${payments.length + 1}`, payer, nanos: BigInt(1 + chance.below(2_000_000_000)), taken: false, reversed: new Map() });
  }
  const payment = isNew ? payments.at(-1) : chance.oneOf(payments);
  if (payment === undefined) return;
  const { paymentId, payer, nanos } = payment;
  // Only of one that it knows to be taken: else the wrong amount might be the one that counts.
  const other = payment.taken && chance.in1000(150) ? 1n : 0n;
  const request = create(TakePaymentRequestSchema, { provider, paymentId, party: { party: payer }, amount: { nanos: nanos + other, currency: 'EUR' }, signedByProvider: true });
  someCard(world, `is paid ${paymentId} for ${payer.value}`, async ({ deps }) => {
    const taken = await takePayment(deps, request, {});
    if (taken.ok && other > 0n) throw new Violation(`the payment ${paymentId} of ${nanos} was taken as ${nanos + other}`);
    if (taken.ok) payment.taken = true;
  });
}

/** The whole of a payment is taken back, or a part of it, under one of few names. */
export function takeBack(world: World): void {
  const { chance } = world;
  const payment = chance.oneOf(world.payments);
  if (payment === undefined) return;
  const { paymentId, nanos } = payment;
  const nth = chance.below(4);
  const reversalId = `${paymentId}-${nth}`;
  // By its name, so that it is always the same: a third, two thirds, and twice all that is left.
  const part = [nanos / 3n, nanos - nanos / 3n][nth];
  const request = create(ReversePaymentRequestSchema, {
    provider, paymentId, reversalId, kind: nth === 0 ? 'refund' : 'chargeback', ...(part === undefined || part === 0n ? {} : { amount: { nanos: part, currency: 'EUR' } }),
  });
  someCard(world, `takes back ${reversalId}`, async ({ deps }) => {
    const answer = await reversePayment(deps, request, {});
    if (!answer.ok) return;
    const amount = answer.value.reversals?.find((each) => each.reversalId === reversalId)?.amount?.nanos ?? 0n;
    const before = payment.reversed.get(reversalId);
    if (before !== undefined && before !== amount) throw new Violation(`${reversalId} took back ${before}, and then ${amount}`);
    payment.reversed.set(reversalId, amount);
  });
}

/** Somebody types the code of a voucher, one of few or one that is none, and again where no answer came. */
export function redeem(world: World): void {
  const party = present(world.chance.oneOf(payers), 'a payer');
  const code = world.chance.in1000(150) ? '9999999999999999' : present(world.chance.oneOf(vouchers), 'a voucher').code;
  const request = create(RedeemVoucherRequestSchema, { party: { party }, code, redemptionId: `${party.value}-${code}` });
  someCard(world, `is given the voucher ${code} for ${party.value}`, async ({ deps }) => {
    if (!(await redeemVoucher(deps, request, {})).ok) return;
    const winner = world.winners.get(code);
    if (winner !== undefined && winner !== party.value) throw new Violation(`the voucher ${code} was won by ${winner} and by ${party.value}`);
    world.winners.set(code, party.value);
  });
}
