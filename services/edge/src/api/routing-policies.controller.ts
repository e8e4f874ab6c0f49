import { Body, Controller, Get, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ListRoutingPoliciesReplySchema, SetRoutingPolicyReplySchema } from '@tollwire/contracts';
import { EDGE, type EdgeDeps } from '../edge.deps.ts';
import { Refused } from '../http/refused.ts';
import { whatIf } from '../what-if/what-if.ts';
import { whatIfReply } from '../what-if/what-if.openapi.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { planOf } from '../http/parties.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import { knowsCarriers, knowsPlan } from './known.ts';
import * as parse from './routing-policies.schema.ts';

const WEEK_US = 7n * 86_400n * 1_000_000n;

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
  @Answers({ summary: 'Say how the calls of a plan are routed', reply: SetRoutingPolicyReplySchema, refusals: ['conflict', 'unknown_plan', 'unknown_carrier'] })
  async set(@Body({ schema: parse.routingPolicy }) body: parse.RoutingPolicyBody, @Caller() caller: Principal): Promise<Json> {
    await knowsPlan(this.edge.ask.catalog, body);
    await knowsCarriers(this.edge.ask, body.policy);
    const request = { plan: planOf(body), policy: body.policy, by: nameOf(caller) };
    return reply(SetRoutingPolicyReplySchema, await this.edge.ask.routing.setRoutingPolicy(request));
  }

  @Post('what-if')
  @Answers({
    summary: 'What would calls of the last days have cost by another policy, or other decks?',
    description:
      'Each answered call of the plan is routed by both policies over the decks that held when it began and the carriers as they are now, and goes over the first ' +
      'carrier of each list. With `decks`, the second time over those versions in place of everything that their carrier plans had in force. '
      + 'Its price is quoted before tax, without free seconds. Nothing is changed.',
    reply: whatIfReply,
    refusals: ['too_many_items', 'conflict', 'rates_not_loaded', 'unknown_plan', 'unknown_deck', 'deck_malformed'],
  })
  async whatIf(@Body({ schema: parse.whatIfBody }) { before, after, decks, from, until, accountCode = '', ...named }: parse.WhatIfBody, @Caller() caller: Principal): Promise<Json> {
    const untilUs = until ?? BigInt(this.edge.clock.nowUs());
    const fromUs = from ?? untilUs - WEEK_US;
    if (fromUs >= untilUs) throw new Refused({ code: 'field_out_of_range', field: 'from', detail: 'Begin before the end.' });
    const answer = await whatIf(this.edge.ask, { plan: planOf(named), before, after, decks, fromUs, untilUs, accountCode, by: nameOf(caller) });
    if (!answer.ok) throw new Refused(answer.refusal);
    // Nothing to compare is an answer only of a plan that there is.
    if (answer.value['callCount'] === 0) await knowsPlan(this.edge.ask.catalog, named);
    return answer.value;
  }
}
