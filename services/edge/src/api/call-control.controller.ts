import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallExtendedSchema, DialerSettingSchema, DialingRulesSchema, ListDialerSettingsReplySchema, ReleaseCallReplySchema, ShowDialingReplySchema } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { jsonOf } from '../http/json-of.ts';
import { partyOf } from '../http/parties.ts';
import { type Json, reply, valueOf } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import { extendedReply } from './call-control.openapi.ts';
import * as parse from './call-control.schema.ts';
import { type CardTypePath, cardTypePath } from './cards.schema.ts';
import { knowsGateways } from './known.ts';

@ApiTags('call control')
@Controller('v1')
export class CallControlController {
  private readonly control: EdgeAskers['control'];
  private readonly routing: EdgeAskers['routing'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.control = edge.ask.control;
    this.routing = edge.ask.routing;
  }

  @Post('calls/:switch/:callId/extend')
  @Answers({
    summary: 'May this call, which is up, go on for longer?',
    description: 'Reserves what the longer call costs beyond what is reserved for it. Idempotent by sequence number. A refusal is an answer (200): the call then ends at the limit that it has.',
    reply: extendedReply,
  })
  async extendCall(
    @Param({ schema: parse.callPath }) path: parse.CallPath,
    @Query({ schema: parse.legQuery }) { leg }: parse.LegQuery,
    @Body({ schema: parse.extension }) body: parse.Extension,
  ): Promise<Json> {
    const { result } = valueOf(await this.control.extendCall({ call: { switchId: path.switch, callId: path.callId, leg }, ...body }));
    if (result.case === 'extended') return { allowed: true, ...jsonOf(CallExtendedSchema, result.value) };
    const { code, detail, field, facts } = present(result.value, 'a refusal where a call is not extended');
    return { allowed: false, refusal: { code, detail, ...(field === '' ? {} : { field }), facts } };
  }

  @Post('calls/:switch/:callId/release')
  @Answers({
    summary: 'Give up a call that was not attempted',
    description: 'What is reserved for it is free again, once, and nothing is charged. Again, it is answered the same.',
    reply: ReleaseCallReplySchema,
    refusals: ['unknown_call', 'call_settled'],
  })
  async releaseCall(@Param({ schema: parse.callPath }) path: parse.CallPath, @Query({ schema: parse.legQuery }) { leg }: parse.LegQuery): Promise<Json> {
    return reply(ReleaseCallReplySchema, await this.control.releaseCall({ call: { switchId: path.switch, callId: path.callId, leg } }));
  }

  @Post('dialer-settings')
  @Answers({
    summary: 'Set dialling limits under a name, as a whole',
    description: 'They hold from the next call on for all that is under them.',
    reply: DialerSettingSchema,
    refusals: ['currency_mismatch'],
  })
  async setDialerSetting(@Body({ schema: parse.dialerSetting }) setting: parse.DialerSettingBody, @Caller() caller: Principal): Promise<Json> {
    return reply(DialerSettingSchema, await this.control.setDialerSetting({ setting, by: nameOf(caller) }));
  }

  @Get('dialer-settings')
  @Answers({ summary: 'List dialling limits by their names', reply: ListDialerSettingsReplySchema })
  async listDialerSettings(): Promise<Json> {
    return reply(ListDialerSettingsReplySchema, await this.control.listDialerSettings({}));
  }

  @Post('accounts/:accountCode/dialer-setting')
  @Answers({ summary: 'Put an account under dialling limits, or under none', reply: DialingRulesSchema, refusals: ['unknown_account', 'unknown_dialer_setting', 'currency_mismatch'] })
  async limitAccount(@Param({ schema: parse.accountPath }) path: parse.AccountPath, @Body({ schema: parse.limited }) { setting }: parse.Limited, @Caller() caller: Principal): Promise<Json> {
    return reply(DialingRulesSchema, await this.control.limitAccount({ ...path, setting: setting ?? '', by: nameOf(caller) }));
  }

  @Post('card-types/:cardTypeId/dialer-setting')
  @Answers({ summary: 'Put each card of a type under dialling limits, or under none', reply: DialingRulesSchema, refusals: ['unknown_card_type', 'unknown_dialer_setting', 'currency_mismatch'] })
  async limitCardType(@Param({ schema: cardTypePath }) path: CardTypePath, @Body({ schema: parse.limited }) { setting }: parse.Limited, @Caller() caller: Principal): Promise<Json> {
    return reply(DialingRulesSchema, await this.control.limitCardType({ ...path, setting: setting ?? '', by: nameOf(caller) }));
  }

  @Post('accounts/:accountCode/gateways')
  @Answers({
    summary: 'Say which gateways the calls of an account may use',
    description: 'By themselves or by their groups, as a whole; nothing of both: all. GET /v1/providers tells their ids.',
    reply: DialingRulesSchema,
    refusals: ['unknown_account', 'unknown_gateway'],
  })
  async allowGateways(@Param({ schema: parse.accountPath }) path: parse.AccountPath, @Body({ schema: parse.allowedGateways }) body: parse.AllowedGateways, @Caller() caller: Principal): Promise<Json> {
    await knowsGateways(this.routing, body);
    return reply(DialingRulesSchema, await this.control.allowGateways({ ...path, ...body, by: nameOf(caller) }));
  }

  @Post('accounts/:accountCode/suspend')
  @Answers({ summary: 'Suspend an account: no call is let through or extended', reply: DialingRulesSchema, refusals: ['unknown_account'] })
  async suspendAccount(@Param({ schema: parse.accountPath }) path: parse.AccountPath, @Body({ schema: parse.suspension }) body: parse.Suspension, @Caller() caller: Principal): Promise<Json> {
    return reply(DialingRulesSchema, await this.control.suspendAccount({ ...path, ...body, by: nameOf(caller) }));
  }

  @Post('accounts/:accountCode/resume')
  @Answers({ summary: 'End the suspension of an account', reply: DialingRulesSchema, refusals: ['unknown_account'] })
  async resumeAccount(@Param({ schema: parse.accountPath }) path: parse.AccountPath, @Caller() caller: Principal): Promise<Json> {
    return reply(DialingRulesSchema, await this.control.resumeAccount({ ...path, by: nameOf(caller) }));
  }

  @Get('accounts/:accountCode/dialling')
  @Answers({ summary: 'The dialling limits of an account, and what of them is in use', reply: ShowDialingReplySchema, refusals: ['unknown_account'] })
  async accountDialing(@Param({ schema: parse.accountPath }) path: parse.AccountPath): Promise<Json> {
    return reply(ShowDialingReplySchema, await this.control.showDialing({ party: partyOf(path) }));
  }

  @Get('cards/:cardId/dialling')
  @Answers({ summary: 'The dialling limits of a card, and what of them is in use', reply: ShowDialingReplySchema, refusals: ['unknown_card'] })
  async cardDialing(@Param({ schema: parse.cardPath }) path: parse.CardPath): Promise<Json> {
    return reply(ShowDialingReplySchema, await this.control.showDialing({ party: partyOf(path) }));
  }
}
