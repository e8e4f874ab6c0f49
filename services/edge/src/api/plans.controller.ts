import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ListPlansReplySchema, PlanListingSchema, PlanReplySchema } from '@tollwire/contracts';
import { refuse } from '@tollwire/core';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './plans.schema.ts';

/** Plans of every kind, once they are there: tariffs, retail, carrier, ban and VoIP plans. */
@ApiTags('catalog')
@Controller('v1/plans')
export class PlansController {
  private readonly catalog: EdgeAskers['catalog'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.catalog = edge.ask.catalog;
  }

  @Get(':kind')
  @Answers({ summary: 'List the plans of a kind', reply: ListPlansReplySchema })
  async list(@Param({ schema: parse.plansPath }) path: parse.PlansPath, @Query({ schema: parse.plansPage }) page: parse.PlansPage): Promise<Json> {
    return reply(ListPlansReplySchema, await this.catalog.listPlans({ ...path, ...page }));
  }

  @Get(':kind/:id')
  @Answers({ summary: 'Show a plan with its parts', reply: PlanListingSchema, refusals: ['unknown_plan'] })
  async show(@Param({ schema: parse.planPath }) path: parse.PlanPath): Promise<Json> {
    const listed = await this.catalog.listPlans(path);
    const plan = listed.ok ? listed.value.plans[0] : undefined;
    if (!listed.ok) return reply(PlanListingSchema, listed);
    return reply(PlanListingSchema, plan === undefined ? refuse({ code: 'unknown_plan', field: 'id' }) : { ok: true, value: plan });
  }

  @Post(':kind/:id/rename')
  @Answers({ summary: 'Give a plan another name', reply: PlanReplySchema, refusals: ['unknown_plan', 'name_taken'] })
  async rename(
    @Param({ schema: parse.planPath }) path: parse.PlanPath,
    @Body({ schema: parse.planName }) body: parse.PlanName,
    @Caller() caller: Principal,
  ): Promise<Json> {
    return reply(PlanReplySchema, await this.catalog.renamePlan({ ...path, ...body, by: nameOf(caller) }));
  }

  @Delete(':kind/:id')
  @Answers({ summary: 'Delete a plan that nothing uses', reply: PlanReplySchema, refusals: ['unknown_plan', 'plan_in_use'] })
  async remove(@Param({ schema: parse.planPath }) path: parse.PlanPath, @Caller() caller: Principal): Promise<Json> {
    return reply(PlanReplySchema, await this.catalog.deletePlan({ ...path, by: nameOf(caller) }));
  }
}
