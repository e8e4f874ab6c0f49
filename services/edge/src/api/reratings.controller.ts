import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ListReratingsReplySchema, ReratingSchema } from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { jsonOf } from '../http/json-of.ts';
import { type Json, reply, valueOf } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './reratings.schema.ts';

/** What the filter's fields are called in the body, where they stand beside the others. */
const sentNames = { 'filter.fromUs': 'from', 'filter.untilUs': 'until' };

@ApiTags('reratings')
@Controller('v1/reratings')
export class ReratingsController {
  private readonly rating: EdgeAskers['rating'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.rating = edge.ask.rating;
  }

  @Post()
  @Answers({
    summary: 'Rate calls again, by the rates that are known now',
    description: 'A dry run tells what would change; with `apply` the differences are posted. It runs in the background: ask on until its status is `done`.',
    status: 202,
    reply: ReratingSchema,
    refusals: ['idempotency_mismatch'],
  })
  async startRerating(@Body({ schema: parse.rerating }) order: parse.ReratingBody, @Caller() caller: Principal): Promise<Json> {
    return jsonOf(ReratingSchema, valueOf(await this.rating.startRerating({ ...order, by: nameOf(caller) }), sentNames));
  }

  @Get()
  @Answers({ summary: 'List re-ratings', description: 'The newest first, at most 100, each without its parties and calls.', reply: ListReratingsReplySchema })
  async listReratings(): Promise<Json> {
    return reply(ListReratingsReplySchema, await this.rating.listReratings({}));
  }

  @Get(':reratingId')
  @Answers({ summary: 'How far a re-rating is, and what it has found', reply: ReratingSchema, refusals: ['unknown_rerating'] })
  async getRerating(@Param({ schema: parse.reratingPath }) path: parse.ReratingPath): Promise<Json> {
    return reply(ReratingSchema, await this.rating.getRerating(path));
  }

  @Post(':reratingId/cancel')
  @Answers({ summary: 'End a re-rating where it is', description: 'What it has posted stands.', reply: ReratingSchema, refusals: ['unknown_rerating'] })
  async cancelRerating(@Param({ schema: parse.reratingPath }) path: parse.ReratingPath): Promise<Json> {
    return reply(ReratingSchema, await this.rating.cancelRerating(path));
  }
}
