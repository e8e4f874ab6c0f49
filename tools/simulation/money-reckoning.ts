import { CreditForfeitedSchema, CreditRestoredSchema, dataOf, PaymentReceivedSchema, PaymentReversedSchema, publicEvents, VoucherRedeemedSchema } from '@tollwire/contracts';
import { Violation } from './violation.ts';
import { vouchers } from './books.ts';
import { eventsIn, rowsOf, sameList, text, whole } from './committed.ts';
import type { Row } from './postgres/values.ts';
import type { World } from './world.ts';

/** A payment is there once, with its transfer and its commission's; what went back is no more than it, in the end with the same part of the commission. */
export function holdPayments({ payments, card: { store } }: World): void {
  const reversals = Map.groupBy(rowsOf(store, 'payment_reversal'), (row) => text(row, 'payment_id'));
  const moved = new Map(rowsOf(store, 'transfer').map((row) => [text(row, 'id'), whole(row, 'amount')]));
  const holdMoved = (name: string, amount: bigint) => {
    if ((moved.get(name) ?? 0n) !== amount) throw new Violation(`the transfer ${name} is of ${moved.get(name) ?? 0n}; it should be of ${amount}`);
  };
  const stored = new Map(rowsOf(store, 'payment').map((row) => [text(row, 'payment_id'), row]));
  for (const { paymentId, nanos, taken, reversed } of payments) {
    const row = stored.get(paymentId);
    if (taken && row === undefined) throw new Violation(`the payment ${paymentId} was answered, and is not there`);
    if (row === undefined) continue;
    if (whole(row, 'amount') !== nanos) throw new Violation(`the payment ${paymentId} of ${nanos} is kept as ${text(row, 'amount')}`);
    holdMoved(`payment:bank:${paymentId}`, nanos);
    holdMoved(`commission:bank:${paymentId}`, whole(row, 'commission'));
    const back = reversals.get(paymentId) ?? [];
    const [sum, commission] = ['amount', 'commission'].map((column) => back.reduce((all, each) => all + whole(each, column), 0n));
    if ((sum ?? 0n) > nanos) throw new Violation(`of the payment ${paymentId} of ${nanos} went back ${sum}`);
    if (sum === nanos && commission !== whole(row, 'commission')) throw new Violation(`the payment ${paymentId} went back, and of its commission of ${text(row, 'commission')} only ${commission}`);
    for (const each of back) {
      holdMoved(`payment_reversal:bank:${text(each, 'reversal_id')}`, whole(each, 'amount'));
      holdMoved(`commission_reversal:bank:${text(each, 'reversal_id')}`, whole(each, 'commission'));
    }
    for (const [reversalId, amount] of reversed) {
      if (!back.some((each) => text(each, 'reversal_id') === reversalId && whole(each, 'amount') === amount)) throw new Violation(`${reversalId} of ${amount} was answered, and is not there`);
    }
  }
  const paid = eventsIn(store, publicEvents.PaymentReceived).map((event) => dataOf(PaymentReceivedSchema, event).paymentId);
  sameList('payments', 'told', paid, [...stored.keys()]);
  const wentBack = eventsIn(store, publicEvents.PaymentReversed).map((event) => dataOf(PaymentReversedSchema, event).reversalId);
  sameList('payments that went back', 'told', wentBack, [...reversals.values()].flat().map((row) => text(row, 'reversal_id')));
}

/** A voucher is redeemed once, by whoever was told to have won it, and its value is there with it. */
export function holdVouchers({ winners, card: { store } }: World): void {
  const redeemed = rowsOf(store, 'voucher_redemption');
  for (const [code, winner] of winners) {
    if (!redeemed.some((row) => text(row, 'redemption_id') === `${winner}-${code}`)) throw new Violation(`${winner} was told to have won the voucher ${code}, and has not`);
  }
  const posted = rowsOf(store, 'transfer').filter((row) => text(row, 'code') === 'voucher').map((row) => `${text(row, 'credit_account')} ${text(row, 'amount')}`);
  const values = new Map<string, bigint>(vouchers.map(({ batchId, nanos }) => [batchId, nanos]));
  sameList('vouchers', 'posted', posted, redeemed.map((row) => `${text(row, 'account_id')} ${values.get(text(row, 'batch_id'))}`));
  sameList('vouchers', 'told', eventsIn(store, publicEvents.VoucherRedeemed).map((event) => dataOf(VoucherRedeemedSchema, event).batchId), redeemed.map((row) => text(row, 'batch_id')));
}

/** A credit that was approved is posted once, by two people; one that is not has moved nothing. What was answered is so. */
export function holdProposals({ decided, card: { store } }: World): void {
  const proposals = rowsOf(store, 'credit_proposal');
  const posted = new Map(rowsOf(store, 'transfer').map((row) => [text(row, 'id'), row]));
  for (const row of proposals) {
    const [name, status] = [text(row, 'transfer_id'), text(row, 'status')];
    const transfer = posted.get(`top_up:${name}`);
    if ((status === 'posted') !== (transfer !== undefined)) throw new Violation(`the credit ${name} is ${status}, its transfer is ${transfer === undefined ? 'not there' : 'there'}`);
    if (transfer === undefined) continue;
    if (whole(transfer, 'amount') !== whole(row, 'amount')) throw new Violation(`the credit ${name} of ${text(row, 'amount')} is posted as ${text(transfer, 'amount')}`);
    if (text(transfer, 'posted_by') !== `${text(row, 'proposed_by')}, ${text(row, 'decided_by')}`) throw new Violation(`the credit ${name} is posted by ${text(transfer, 'posted_by')}`);
    if (text(row, 'proposed_by') === text(row, 'decided_by')) throw new Violation(`the credit ${name} is posted by one person`);
  }
  const statuses = new Map(proposals.map((row) => [text(row, 'transfer_id'), text(row, 'status')]));
  for (const [name, status] of decided) if (statuses.get(name) !== status) throw new Violation(`the credit ${name} was answered to be ${status}; it is ${statuses.get(name) ?? 'not there'}`);
}

/** What went to breakage has its transfer and was told, as has what came back; and nothing is withheld from a card that lives. */
export function holdBreakage({ nowUs, card: { store } }: World): void {
  const broken = rowsOf(store, 'broken_credit');
  const restored = broken.filter((row) => (row['restored_at_us'] ?? null) !== null);
  const namesOf = (rows: readonly Row[]) => rows.map((row) => `${text(row, 'cardid')} ${text(row, 'amount')}`);
  const moved = (code: string, column: string) =>
    rowsOf(store, 'transfer').filter((row) => text(row, 'code') === code).map((row) => `${text(row, column).replace('card:', '')} ${text(row, 'amount')}`);
  sameList('breakages', 'posted', moved('breakage', 'debit_account'), namesOf(broken));
  sameList('returns of breakage', 'posted', moved('breakage_return', 'credit_account'), namesOf(restored));
  const forfeits = eventsIn(store, publicEvents.CreditForfeited).map((event) => dataOf(CreditForfeitedSchema, event));
  sameList('breakages', 'told', forfeits.map(({ cardId, amount }) => `${cardId} ${amount?.nanos ?? 0n}`), namesOf(broken));
  const returns = eventsIn(store, publicEvents.CreditRestored).map((event) => dataOf(CreditRestoredSchema, event));
  sameList('returns of breakage', 'told', returns.map(({ cardId, amount }) => `${cardId} ${amount?.nanos ?? 0n}`), namesOf(restored));
  const alive = rowsOf(store, 'card_state').filter(({ deactivated = null, expires = null }) => deactivated === null && (expires === null || BigInt(String(expires)) > BigInt(nowUs)));
  const withheld = broken.filter((row) => !restored.includes(row) && alive.some(({ cardid }) => cardid === row['cardid']));
  if (withheld.length > 0) throw new Violation(`the cards ${namesOf(withheld).join(', ')} live, and their credit is broken`);
}
