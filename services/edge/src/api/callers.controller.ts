import { Body, Controller, Delete, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallerAddressSchema, CallerBoundSchema, CallerPolicySchema, ListAddressesReplySchema, ListCallerPoliciesReplySchema } from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { type Json, reply, valueOf } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './card-life.schema.ts';
import { cardPath, type CardPath } from './cards.schema.ts';

@ApiTags('callers')
@Controller('v1')
export class CallersController {
  private readonly callers: EdgeAskers['callers'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.callers = edge.ask.callers;
  }

  @Post('cards/:cardId/clis')
  @Answers({
    summary: 'Bind a caller to a card', reply: CallerBoundSchema,
    refusals: ['unknown_card', 'cli_taken', 'too_many_clis', 'card_deactivated', 'number_not_international'],
  })
  async bindCli(@Param({ schema: cardPath }) { cardId }: CardPath, @Body({ schema: parse.cliBody }) { cli }: parse.CliBody, @Caller() caller: Principal): Promise<Json> {
    return reply(CallerBoundSchema, await this.callers.bindCli({ cardId, cli, by: nameOf(caller) }));
  }

  @Post('cards/:cardId/clis/release')
  @Answers({ summary: 'Free a caller of a card', reply: CallerBoundSchema, refusals: ['unknown_card', 'number_not_international'] })
  async unbindCli(@Param({ schema: cardPath }) { cardId }: CardPath, @Body({ schema: parse.cliBody }) { cli }: parse.CliBody, @Caller() caller: Principal): Promise<Json> {
    return reply(CallerBoundSchema, await this.callers.unbindCli({ cardId, cli, by: nameOf(caller) }));
  }

  @Get('caller-policies')
  @Answers({ summary: 'What is done with callers whom nobody knows', reply: ListCallerPoliciesReplySchema })
  async listPolicies(): Promise<Json> {
    return reply(ListCallerPoliciesReplySchema, await this.callers.listCallerPolicies({}));
  }

  @Post('caller-policies')
  @Answers({
    summary: 'Set what is done with callers whom nobody knows, on a trunk, on a switch, or everywhere else', reply: CallerPolicySchema,
    refusals: ['unknown_card_type', 'cardtype_inactive', 'unknown_reseller'],
  })
  async setPolicy(@Body({ schema: parse.callerPolicy }) body: parse.CallerPolicyBody, @Caller() caller: Principal): Promise<Json> {
    const { switchId = '', trunk = '', cardTypeId = 0, ...rest } = body;
    return reply(CallerPolicySchema, await this.callers.setCallerPolicy({ switchId, trunk, cardTypeId, ...rest, by: nameOf(caller) }));
  }

  @Get('caller-addresses')
  @Answers({ summary: 'Addresses that call on an account', reply: ListAddressesReplySchema })
  async listAddresses(): Promise<Json> {
    return reply(ListAddressesReplySchema, await this.callers.listAddresses({}));
  }

  @Post('caller-addresses')
  @Answers({ summary: 'Let an address call on an account', reply: CallerAddressSchema, refusals: ['unknown_account'] })
  async registerAddress(@Body({ schema: parse.callerAddress }) body: parse.CallerAddressBody, @Caller() caller: Principal): Promise<Json> {
    return reply(CallerAddressSchema, await this.callers.registerAddress({ ...body, by: nameOf(caller) }));
  }

  @Delete('caller-addresses/:address')
  @Answers({ summary: 'Take an address off the list', status: 204 })
  async removeAddress(@Param({ schema: parse.addressPath }) { address }: parse.AddressPath, @Caller() caller: Principal): Promise<void> {
    valueOf(await this.callers.removeAddress({ address, by: nameOf(caller) }));
  }
}
