import { Body, Controller, Get, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ListRoutingPoliciesReplySchema, SetRoutingPolicyReplySchema } from '@tollwire/contracts';
import { EDGE, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { planOf } from '../http/parties.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './routing-policies.schema.ts';

@ApiTags('carriers')
@Controller('v1/routing-policies')
export class RoutingPoliciesController {
  private readonly edge: EdgeDeps;

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.edge = edge;
  }

  @Get()
  @Answers({ summary: 'List how plans are routed', description: 'A plan that is not listed goes by least cost of a minute.', reply: ListRoutingPoliciesReplySchema })
  async list(): Promise<Json> {
    return reply(ListRoutingPoliciesReplySchema, await this.edge.ask.routing.listRoutingPolicies({}));
  }

  @Post()
  @Answers({ summary: 'Say how the calls of a plan are routed', reply: SetRoutingPolicyReplySchema, refusals: ['conflict'] })
  async set(@Body({ schema: parse.routingPolicy }) body: parse.RoutingPolicyBody, @Caller() caller: Principal): Promise<Json> {
    const request = { plan: planOf(body), policy: body.policy, by: nameOf(caller) };
    return reply(SetRoutingPolicyReplySchema, await this.edge.ask.routing.setRoutingPolicy(request));
  }
}
