import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { MeasuredCarriersReplySchema, SetProviderGatewaysReplySchema, SetProviderLimitsReplySchema, StateProviderBalanceReplySchema } from '@tollwire/contracts';
import { EDGE, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import { type CarrierBalance, carrierBalance, carrierLimits, type CarrierLimits, measuredQuery, type MeasuredQuery } from './carrier-limits.schema.ts';
import { type CarrierPath, carrierPath, type ProviderGateways, providerGateways } from './carriers.schema.ts';

@ApiTags('carriers')
@Controller('v1/providers')
export class CarrierWatchController {
  private readonly edge: EdgeDeps;

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.edge = edge;
  }

  @Post(':carrierCode/limits')
  @Answers({
    summary: 'Agree when a carrier takes calls, how many, and how good they must be',
    description: 'As a whole: what is left out is no limit. Live routes heed it from the next call on.',
    reply: SetProviderLimitsReplySchema,
    refusals: ['unknown_carrier'],
  })
  async agree(@Param({ schema: carrierPath }) path: CarrierPath, @Body({ schema: carrierLimits }) limits: CarrierLimits, @Caller() caller: Principal): Promise<Json> {
    return reply(SetProviderLimitsReplySchema, await this.edge.ask.routing.setProviderLimits({ ...path, limits, by: nameOf(caller) }));
  }

  @Post(':carrierCode/gateways')
  @Answers({
    summary: 'Agree on the gateways of a carrier, and the groups that they are in',
    description: 'As a whole; one that keeps its name keeps its id. A call gets those that its account may use, the first to be tried first.',
    reply: SetProviderGatewaysReplySchema,
    refusals: ['unknown_carrier', 'conflict'],
  })
  async gateways(@Param({ schema: carrierPath }) path: CarrierPath, @Body({ schema: providerGateways }) body: ProviderGateways, @Caller() caller: Principal): Promise<Json> {
    return reply(SetProviderGatewaysReplySchema, await this.edge.ask.routing.setProviderGateways({ ...path, ...body, by: nameOf(caller) }));
  }

  @Post(':carrierCode/balance')
  @Answers({
    summary: 'State what is left to be used up with a carrier',
    description: 'From now on: what it charges for calls that begin from then on is taken off when they are rated, and with nothing left it is out. Null: any amount may be used up.',
    reply: StateProviderBalanceReplySchema,
    refusals: ['unknown_carrier'],
  })
  async balance(@Param({ schema: carrierPath }) path: CarrierPath, @Body({ schema: carrierBalance }) { left }: CarrierBalance, @Caller() caller: Principal): Promise<Json> {
    return reply(StateProviderBalanceReplySchema, await this.edge.ask.routing.stateProviderBalance({ ...path, ...(left === null ? {} : { left }), by: nameOf(caller) }));
  }

  @Get('measured')
  @Answers({
    summary: 'What is measured of carriers now',
    description:
      'ASR, NER, ACD and PDD of the attempts that ended within the window, of each carrier as a whole (no destination) and by the country code of the ' +
      'called numbers, a second or two behind the calls; and which carriers are locked for it. Of carriers with limits of their capacity what is in use. ' +
      'A figure is left out where there is nothing to divide by.',
    reply: MeasuredCarriersReplySchema,
    refusals: ['unknown_carrier'],
  })
  async measured(@Query({ schema: measuredQuery }) query: MeasuredQuery): Promise<Json> {
    return reply(MeasuredCarriersReplySchema, await this.edge.ask.routing.measuredCarriers(query));
  }
}
