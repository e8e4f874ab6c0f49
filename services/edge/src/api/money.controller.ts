import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CommissionSchema, CreditProposalSchema, ListCommissionsReplySchema, ListCreditProposalsReplySchema, ListLowBalancesReplySchema, ListPaymentsReplySchema, ListReservationsReplySchema,
  LowBalanceSchema, PaymentSchema, StatementReplySchema,
} from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { partyOf } from '../http/parties.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './money.schema.ts';

@ApiTags('money')
@Controller('v1')
export class MoneyController {
  private readonly money: EdgeAskers['money'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.money = edge.ask.money;
  }

  @Get('cards/:cardId/statement')
  @Answers({ summary: 'Statement of a card', description: 'Each transfer with the balance after it, in their order.', reply: StatementReplySchema, refusals: ['unknown_card', 'cursor_malformed'] })
  async cardStatement(@Param({ schema: parse.cardPath }) path: parse.CardPath, @Query({ schema: parse.statementPage }) page: parse.StatementPage): Promise<Json> {
    return reply(StatementReplySchema, await this.money.statement({ account: { case: 'party', value: partyOf(path) }, ...stretchOf(page) }));
  }

  @Get('accounts/:accountCode/statement')
  @Answers({ summary: 'Statement of an account', reply: StatementReplySchema, refusals: ['unknown_account', 'cursor_malformed'] })
  async accountStatement(@Param({ schema: parse.accountPath }) path: parse.AccountPath, @Query({ schema: parse.statementPage }) page: parse.StatementPage): Promise<Json> {
    return reply(StatementReplySchema, await this.money.statement({ account: { case: 'party', value: partyOf(path) }, ...stretchOf(page) }));
  }

  @Get('ledger/:ledgerAccount/statement')
  @Answers({
    summary: 'Statement of any ledger account',
    description: 'By its name: `revenue:EUR`, `tax:EUR`, `cost:EUR`, `carrier:NORTH:EUR`, `reseller:7:EUR`, `commission:EUR`, `breakage:EUR`, `funding:EUR`, `card:…`, `customer:…`.',
    reply: StatementReplySchema,
    refusals: ['unknown_ledger_account', 'cursor_malformed'],
  })
  async ledgerStatement(@Param({ schema: parse.ledgerPath }) { ledgerAccount }: parse.LedgerPath, @Query({ schema: parse.statementPage }) page: parse.StatementPage): Promise<Json> {
    return reply(StatementReplySchema, await this.money.statement({ account: { case: 'ledgerAccount', value: ledgerAccount }, ...stretchOf(page) }));
  }

  @Get('cards/:cardId/reservations')
  @Answers({ summary: 'Calls that credit of a card is set aside for', reply: ListReservationsReplySchema, refusals: ['unknown_card'] })
  async cardReservations(@Param({ schema: parse.cardPath }) path: parse.CardPath): Promise<Json> {
    return reply(ListReservationsReplySchema, await this.money.listReservations({ party: partyOf(path) }));
  }

  @Get('accounts/:accountCode/reservations')
  @Answers({ summary: 'Calls that credit of an account is set aside for', reply: ListReservationsReplySchema, refusals: ['unknown_account'] })
  async accountReservations(@Param({ schema: parse.accountPath }) path: parse.AccountPath): Promise<Json> {
    return reply(ListReservationsReplySchema, await this.money.listReservations({ party: partyOf(path) }));
  }

  @Get('cards/:cardId/payments')
  @Answers({ summary: 'Payments for a card, the latest first', reply: ListPaymentsReplySchema, refusals: ['unknown_card', 'cursor_malformed'] })
  async cardPayments(@Param({ schema: parse.cardPath }) path: parse.CardPath, @Query({ schema: parse.cursorPage }) { cursor }: parse.CursorPage): Promise<Json> {
    return reply(ListPaymentsReplySchema, await this.money.listPayments({ party: partyOf(path), cursor }));
  }

  @Get('accounts/:accountCode/payments')
  @Answers({ summary: 'Payments for an account, the latest first', reply: ListPaymentsReplySchema, refusals: ['unknown_account', 'cursor_malformed'] })
  async accountPayments(@Param({ schema: parse.accountPath }) path: parse.AccountPath, @Query({ schema: parse.cursorPage }) { cursor }: parse.CursorPage): Promise<Json> {
    return reply(ListPaymentsReplySchema, await this.money.listPayments({ party: partyOf(path), cursor }));
  }

  @Post('payments')
  @Answers({
    summary: 'Post a payment that was taken at a till or by bank',
    description: 'The commission of the reseller is posted with it. Providers tell of theirs at `/webhooks/payments/:provider`, signed; more than one person may ' +
      'post alone is proposed as a credit with the provider and the id of the payment, and taken when another approves it.',
    reply: PaymentSchema,
    refusals: ['unknown_card', 'unknown_account', 'currency_mismatch', 'amount_malformed', 'idempotency_mismatch', 'approval_needed'],
  })
  async takePayment(@Body({ schema: parse.payment }) { provider, paymentId, amount, ...party }: parse.Payment, @Caller() caller: Principal): Promise<Json> {
    return reply(PaymentSchema, await this.money.takePayment({ provider, paymentId, amount, party: partyOf(party), by: nameOf(caller) }));
  }

  @Post('payments/:provider/:paymentId/reversals')
  @Answers({
    summary: 'Take a payment or a part of it back, with its part of the commission',
    reply: PaymentSchema,
    refusals: ['unknown_payment', 'payment_reversed', 'currency_mismatch', 'amount_malformed', 'idempotency_mismatch'],
  })
  async reversePayment(
    @Param({ schema: parse.paymentPath }) path: parse.PaymentPath,
    @Body({ schema: parse.reversal }) { amount, ...body }: parse.Reversal,
    @Caller() caller: Principal,
  ): Promise<Json> {
    return reply(PaymentSchema, await this.money.reversePayment({ ...path, ...body, ...(amount === undefined ? {} : { amount }), by: nameOf(caller) }));
  }

  @Get('commissions')
  @Answers({ summary: 'List what resellers earn on payments now, of one card type or (0) of all others', reply: ListCommissionsReplySchema })
  async listCommissions(): Promise<Json> {
    return reply(ListCommissionsReplySchema, await this.money.listCommissions({}));
  }

  @Post('commissions')
  @Answers({ summary: 'Set what a reseller earns on payments from now on, of one card type or of all', reply: CommissionSchema, refusals: ['unknown_card_type', 'unknown_reseller'] })
  async setCommission(@Body({ schema: parse.commission }) { resellerId, cardTypeId = 0, percent: ppm }: parse.Commission, @Caller() caller: Principal): Promise<Json> {
    return reply(CommissionSchema, await this.money.setCommission({ resellerId, cardTypeId, ppm, by: nameOf(caller) }));
  }

  @Post('credit-proposals')
  @Answers({
    summary: 'Propose a credit that one person may not post alone',
    description: 'Where it is a payment, with its provider and id: approved, it is taken under that name, with the commission on it.',
    status: 201,
    reply: CreditProposalSchema,
    refusals: ['unknown_card', 'unknown_account', 'currency_mismatch', 'amount_malformed', 'idempotency_mismatch'],
  })
  async proposeCredit(@Body({ schema: parse.proposal }) { amount, transferId, reason, payment, ...party }: parse.Proposal, @Caller() caller: Principal): Promise<Json> {
    const proposed = { party: partyOf(party), amount, transferId, reason, by: nameOf(caller), ...(payment === undefined ? {} : { payment }) };
    return reply(CreditProposalSchema, await this.money.proposeCredit(proposed));
  }

  @Get('credit-proposals')
  @Answers({ summary: 'The latest proposals, of one status or all', reply: ListCreditProposalsReplySchema })
  async listProposals(@Query({ schema: parse.proposalQuery }) { status }: parse.ProposalQuery): Promise<Json> {
    return reply(ListCreditProposalsReplySchema, await this.money.listCreditProposals(status === undefined ? {} : { status }));
  }

  @Post('credit-proposals/:transferId/approve')
  @Answers({
    summary: 'Approve a proposed credit and post it',
    description: 'By somebody else than who proposed it.',
    reply: CreditProposalSchema,
    refusals: ['unknown_proposal', 'own_proposal', 'proposal_decided', 'amount_malformed', 'idempotency_mismatch'],
  })
  async approveCredit(@Param({ schema: parse.proposalPath }) path: parse.ProposalPath, @Body({ schema: parse.decision }) { note = '' }: parse.Decision, @Caller() caller: Principal): Promise<Json> {
    return reply(CreditProposalSchema, await this.money.approveCredit({ ...path, note, by: nameOf(caller) }));
  }

  @Post('credit-proposals/:transferId/reject')
  @Answers({ summary: 'Turn a proposed credit down', reply: CreditProposalSchema, refusals: ['unknown_proposal', 'proposal_decided'] })
  async rejectCredit(@Param({ schema: parse.proposalPath }) path: parse.ProposalPath, @Body({ schema: parse.decision }) { note = '' }: parse.Decision, @Caller() caller: Principal): Promise<Json> {
    return reply(CreditProposalSchema, await this.money.rejectCredit({ ...path, note, by: nameOf(caller) }));
  }

  @Get('low-balance')
  @Answers({
    summary: 'List the balances below which BalanceLow is told',
    description: 'For one card or account, the nearest first, which counts; else all that are set, at most 1,000.',
    reply: ListLowBalancesReplySchema,
    refusals: ['unknown_card', 'unknown_account'],
  })
  async listLowBalances(@Query({ schema: parse.lowBalanceQuery }) whose: parse.LowBalanceQuery): Promise<Json> {
    const isNamed = whose.cardId !== undefined || whose.accountCode !== undefined;
    return reply(ListLowBalancesReplySchema, await this.money.listLowBalances(isNamed ? { party: partyOf(whose) } : {}));
  }

  @Post('low-balance')
  @Answers({
    summary: 'Set the balances below which BalanceLow is told',
    description: 'Of one card or account, of all cards of a type, or of all accounts; the nearest counts.',
    reply: LowBalanceSchema,
    refusals: ['unknown_card', 'unknown_account', 'unknown_card_type'],
  })
  async setLowBalance(@Body({ schema: parse.lowBalance }) { thresholds: thresholdsNanos, ...whose }: parse.LowBalance, @Caller() caller: Principal): Promise<Json> {
    return reply(LowBalanceSchema, await this.money.setLowBalance({ scope: scopeOf(whose), thresholdsNanos, by: nameOf(caller) }));
  }
}

/** 0 stands for no bound. */
function stretchOf({ from, until, pageSize, cursor }: parse.StatementPage) {
  return { fromUs: from ?? 0n, untilUs: until ?? 0n, pageSize, cursor };
}

function scopeOf({ cardTypeId, ...party }: Omit<parse.LowBalance, 'thresholds'>) {
  if (cardTypeId !== undefined) return { case: 'cardTypeId' as const, value: cardTypeId };
  if (party.cardId === undefined && party.accountCode === undefined) return { case: 'allAccounts' as const, value: {} };
  return { case: 'party' as const, value: partyOf(party) };
}
