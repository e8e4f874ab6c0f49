import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ListVoucherBatchesReplySchema, MakeVouchersReplySchema, RedeemVoucherReplySchema, VoucherBatchSchema } from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { partyOf } from '../http/parties.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './money.schema.ts';

@ApiTags('vouchers')
@Controller('v1/vouchers')
export class VouchersController {
  private readonly money: EdgeAskers['money'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.money = edge.ask.money;
  }

  @Post()
  @Answers({
    summary: 'Make a batch of vouchers',
    description: 'Their codes are told in this answer and never again: they are kept as keyed digests. Whose answer was lost voids the batch. ' +
      'A batch that is worth more than one person may post alone (`needsApproval`) is redeemed when another has approved it, not before.',
    status: 201,
    reply: MakeVouchersReplySchema,
    refusals: ['unknown_reseller', 'voucher_codes_told', 'vouchers_not_set_up', 'idempotency_mismatch', 'amount_malformed'],
  })
  async makeVouchers(@Body({ schema: parse.voucherBatch }) { expiresAt = 0n, resellerId = 0, ...body }: parse.VoucherBatch, @Caller() caller: Principal): Promise<Json> {
    return reply(MakeVouchersReplySchema, await this.money.makeVouchers({ ...body, expiresAtUs: expiresAt, resellerId, by: nameOf(caller) }, { timeoutMs: 30_000 }));
  }

  @Post('redeem')
  @Answers({
    summary: 'Redeem a voucher for a card or an account',
    description: 'One wins, ever. After five tries that failed in a quarter of an hour, for the card or from the place, none is taken.',
    reply: RedeemVoucherReplySchema,
    refusals: [
      'unknown_voucher', 'voucher_used', 'voucher_expired', 'voucher_void', 'voucher_not_approved', 'voucher_of_other_reseller', 'too_many_tries', 'currency_mismatch', 'unknown_card',
      'unknown_account', 'card_expired', 'card_deactivated', 'vouchers_not_set_up', 'amount_malformed',
    ],
  })
  async redeemVoucher(@Body({ schema: parse.redemption }) { code, redemptionId, triedFrom = '', ...party }: parse.Redemption, @Caller() caller: Principal): Promise<Json> {
    return reply(RedeemVoucherReplySchema, await this.money.redeemVoucher({ code, redemptionId, triedFrom, party: partyOf(party), by: nameOf(caller) }));
  }

  @Get()
  @Answers({ summary: 'The latest batches of vouchers, all or those that wait for approval', reply: ListVoucherBatchesReplySchema })
  async listVoucherBatches(@Query({ schema: parse.voucherBatches }) { waiting: awaitingApproval }: parse.VoucherBatches): Promise<Json> {
    return reply(ListVoucherBatchesReplySchema, await this.money.listVoucherBatches({ awaitingApproval }));
  }

  @Get(':batchId')
  @Answers({ summary: 'What became of a batch of vouchers', reply: VoucherBatchSchema, refusals: ['unknown_voucher_batch'] })
  async showVoucherBatch(@Param({ schema: parse.voucherPath }) path: parse.VoucherPath): Promise<Json> {
    return reply(VoucherBatchSchema, await this.money.showVoucherBatch(path));
  }

  @Post(':batchId/approve')
  @Answers({
    summary: 'Let a batch of vouchers be redeemed that one person may not make alone',
    description: 'By somebody else than who made it.',
    reply: VoucherBatchSchema,
    refusals: ['unknown_voucher_batch', 'own_proposal', 'voucher_void'],
  })
  async approveVouchers(@Param({ schema: parse.voucherPath }) path: parse.VoucherPath, @Caller() caller: Principal): Promise<Json> {
    return reply(VoucherBatchSchema, await this.money.approveVouchers({ ...path, by: nameOf(caller) }));
  }

  @Post(':batchId/void')
  @Answers({ summary: 'Take the vouchers of a batch that are not redeemed out of use, for good', reply: VoucherBatchSchema, refusals: ['unknown_voucher_batch'] })
  async voidVouchers(@Param({ schema: parse.voucherPath }) path: parse.VoucherPath, @Caller() caller: Principal): Promise<Json> {
    return reply(VoucherBatchSchema, await this.money.voidVouchers({ ...path, by: nameOf(caller) }));
  }
}
