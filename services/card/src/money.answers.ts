import type { MoneyService } from '@tollwire/contracts';
import { ok } from '@tollwire/core';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { CardDeps } from './card.deps.ts';
import { listReservations } from './ledger/list-reservations.ts';
import { statement } from './ledger/statement.ts';
import { listCommissions, setCommission } from './money/commissions.ts';
import { moneyCounts } from './money/counts.ts';
import { listLowBalances } from './money/list-low-balances.ts';
import { listPayments } from './money/list-payments.ts';
import { decideCredit, listProposals, proposeCredit } from './money/proposals.ts';
import { redeemVoucher } from './money/redeem-voucher.ts';
import { reversePayment } from './money/reverse-payment.ts';
import { setLowBalance } from './money/set-low-balance.ts';
import { takePayment } from './money/take-payment.ts';
import { approveVouchers, listVoucherBatches, makeVouchers, showVoucherBatch, voidVouchers } from './money/vouchers.ts';
import { metaOf } from './wire/meta.ts';

/** Answers every request about the money of cards and accounts. */
export function moneyAnswers(deps: CardDeps): ServiceImplementation<typeof MoneyService> {
  const { database, clock } = deps;
  const counted = moneyCounts();
  return {
    statement: (request) => statement(database, request, clock.nowUs()),
    listReservations: ({ party }) => listReservations(database, party),
    takePayment: (request, context) => counted('payment', takePayment(deps, request, context)),
    reversePayment: (request, context) => counted('reversal', reversePayment(deps, request, context)),
    listPayments: (request) => listPayments(database, request),
    setCommission: (request) => setCommission(deps, request),
    makeVouchers: (request) => makeVouchers(deps, request),
    showVoucherBatch: (request) => showVoucherBatch(database, request),
    listVoucherBatches: (request) => listVoucherBatches(database, request),
    approveVouchers: (request) => approveVouchers(deps, request),
    voidVouchers: (request) => voidVouchers(deps, request),
    redeemVoucher: (request, context) => counted('voucher', redeemVoucher(deps, request, context)),
    proposeCredit: (request, context) => proposeCredit(deps, request, metaOf(request.by, context)),
    approveCredit: (request, context) => counted('approved_credit', decideCredit(deps, 'Approve', request, metaOf(request.by, context))),
    rejectCredit: (request, context) => decideCredit(deps, 'Reject', request, metaOf(request.by, context)),
    listCreditProposals: (request) => listProposals(database, request),
    listCommissions: async () => ok(await listCommissions(database)),
    listLowBalances: (request) => listLowBalances(database, request),
    setLowBalance: (request) => setLowBalance(deps, request),
  };
}
