import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SetProviderLimitsReplySchema } from '@tollwire/contracts';
import { EDGE, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import { carrierLimits, type CarrierLimits } from './carrier-limits.schema.ts';
import { type CarrierPath, carrierPath } from './carriers.schema.ts';

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
}
