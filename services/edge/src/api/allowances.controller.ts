import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AllowanceBundleSchema, AllowanceGrantSchema, ListBundlesReplySchema, ListGrantsReplySchema, ShowAllowancesReplySchema } from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { partyOf, planOf } from '../http/parties.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './allowances.schema.ts';

@ApiTags('allowances')
@Controller('v1')
export class AllowancesController {
  private readonly allowances: EdgeAskers['allowances'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.allowances = edge.ask.allowances;
  }

  @Post('allowance-bundles')
  @Answers({ summary: 'Define a bundle of free seconds, for good', status: 201, reply: AllowanceBundleSchema, refusals: ['idempotency_mismatch'] })
  async defineBundle(@Body({ schema: parse.bundle }) { name, validFrom, validUntil, ...terms }: parse.Bundle, @Caller() caller: Principal): Promise<Json> {
    const bundle = { name, terms: { ...terms, ...validityOf({ validFrom, validUntil }) }, by: nameOf(caller) };
    return reply(AllowanceBundleSchema, await this.allowances.defineBundle(bundle));
  }

  @Get('allowance-bundles')
  @Answers({ summary: 'List bundles by their names', reply: ListBundlesReplySchema })
  async listBundles(@Query({ schema: parse.bundlePage }) page: parse.BundlePage): Promise<Json> {
    return reply(ListBundlesReplySchema, await this.allowances.listBundles(page));
  }

  @Post('allowance-grants')
  @Answers({
    summary: 'Grant free seconds to a card, an account code, or everyone on a plan, for good',
    status: 201,
    reply: AllowanceGrantSchema,
    refusals: ['unknown_card', 'unknown_account', 'unknown_plan', 'unknown_bundle', 'idempotency_mismatch'],
  })
  async grantAllowance(@Body({ schema: parse.grant }) body: parse.Grant, @Caller() caller: Principal): Promise<Json> {
    const { grantId, bundle, terms = {} } = body;
    const what = bundle === undefined ? { case: 'terms' as const, value: terms } : { case: 'bundle' as const, value: bundle };
    const granted = await this.allowances.grantAllowance({ grantId, to: targetOf(body), what, ...validityOf(body), by: nameOf(caller) });
    return reply(AllowanceGrantSchema, granted);
  }

  @Get('allowance-grants')
  @Answers({ summary: 'List grants in the order in which they were made', reply: ListGrantsReplySchema })
  async listGrants(@Query({ schema: parse.grantPage }) page: parse.GrantPage): Promise<Json> {
    const { afterSequence } = page;
    const isAll = [page.cardId, page.accountCode, page.tariffId, page.voipPlanId].every((one) => one === undefined);
    return reply(ListGrantsReplySchema, await this.allowances.listGrants(isAll ? { afterSequence } : { afterSequence, to: targetOf(page) }));
  }

  @Get('cards/:cardId/allowances')
  @Answers({ summary: 'Free seconds that a card has left', reply: ShowAllowancesReplySchema, refusals: ['unknown_card'] })
  async cardAllowances(@Param({ schema: parse.cardPath }) path: parse.CardPath, @Query({ schema: parse.balanceQuery }) { at }: parse.BalanceQuery): Promise<Json> {
    return reply(ShowAllowancesReplySchema, await this.allowances.showAllowances({ party: partyOf(path), atUs: at ?? 0n }));
  }

  @Get('accounts/:accountCode/allowances')
  @Answers({ summary: 'Free seconds that an account code has left', reply: ShowAllowancesReplySchema, refusals: ['unknown_account'] })
  async accountAllowances(@Param({ schema: parse.accountPath }) path: parse.AccountPath, @Query({ schema: parse.balanceQuery }) { at }: parse.BalanceQuery): Promise<Json> {
    return reply(ShowAllowancesReplySchema, await this.allowances.showAllowances({ party: partyOf(path), atUs: at ?? 0n }));
  }
}

interface Named {
  readonly cardId?: string | undefined;
  readonly accountCode?: string | undefined;
  readonly tariffId?: number | undefined;
  readonly voipPlanId?: number | undefined;
}

/** To whom: a payer, else a plan. */
function targetOf(named: Named) {
  if (named.cardId !== undefined || named.accountCode !== undefined) return { case: 'party' as const, value: partyOf(named) };
  return { case: 'plan' as const, value: planOf(named) };
}

/** 0 stands for no bound. */
function validityOf({ validFrom, validUntil }: { readonly validFrom?: bigint | undefined; readonly validUntil?: bigint | undefined }) {
  return { validFromUs: validFrom ?? 0n, validUntilUs: validUntil ?? 0n };
}
