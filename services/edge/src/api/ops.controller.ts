import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CardTotalsSchema,
  CdrTotalsSchema,
  ListDeadLettersReplySchema,
  ListSwitchesReply_SwitchSchema,
  ListSwitchesReplySchema,
  RatingTotalsSchema,
  RedriveDeadLettersReplySchema,
  SetRemovedPrefixesReplySchema,
} from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { jsonOf } from '../http/json-of.ts';
import { type Json, reply, valueOf } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './ops.schema.ts';
import { totalsReply } from './ops.openapi.ts';

@ApiTags('operation')
@Controller('v1')
export class OpsController {
  private readonly ask: EdgeAskers;
  private readonly switches: EdgeDeps['switches'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.ask = edge.ask;
    this.switches = edge.switches;
  }

  @Get('totals')
  @Answers({
    summary: 'What was counted and charged, by each service itself',
    description: 'Meant for reconciliation: calls closed, calls rated and charges posted are counted by three services in three databases.',
    reply: totalsReply,
  })
  async totals(): Promise<Json> {
    const [card, rating, cdr] = await Promise.all([this.ask.card.totals({}), this.ask.rating.totals({}), this.ask.cdr.totals({})]);
    return { card: reply(CardTotalsSchema, card), rating: reply(RatingTotalsSchema, rating), cdr: reply(CdrTotalsSchema, cdr) };
  }

  @Get('switches')
  @Answers({ summary: 'List the switches that calls were told of or that were registered', reply: ListSwitchesReplySchema })
  async listSwitches(): Promise<Json> {
    return reply(ListSwitchesReplySchema, await this.ask.cdr.listSwitches({}));
  }

  @Post('switches')
  @Answers({
    summary: 'Register a switch, or set how its clock goes',
    description:
      'As a whole: what is not given is UTC, no skew, no address. What it tells from then on is set back by `skewMs` (within five seconds at every door), and local times of its ' +
      'files are read in its zone. Set it before calls are told: a call that is told again by another clock contradicts what was told.',
    reply: ListSwitchesReply_SwitchSchema,
  })
  async setSwitch(@Body({ schema: parse.switchSettings }) settings: parse.SwitchSettings, @Caller() caller: Principal): Promise<Json> {
    const set = await this.ask.cdr.setSwitch({ ...settings, by: nameOf(caller) });
    this.switches.forget();
    return jsonOf(ListSwitchesReply_SwitchSchema, valueOf(set, { name: 'switchId' }));
  }

  @Post('removed-prefixes')
  @Answers({
    summary: 'Set what is taken off numbers before they are looked up',
    description:
      'As a whole, for all switches: the longest prefix that a called number begins with is taken off, once, before the call is authorized, journalled, priced or recorded ' +
      '(within five seconds at every door). `GET /v1/switches` shows them.',
    reply: SetRemovedPrefixesReplySchema,
  })
  async setRemovedPrefixes(@Body({ schema: parse.removedPrefixes }) { prefixes }: parse.RemovedPrefixes): Promise<Json> {
    const set = await this.ask.cdr.setRemovedPrefixes({ prefixes });
    this.switches.forget();
    return reply(SetRemovedPrefixesReplySchema, set);
  }

  @Get('dead-letters/:service')
  @Answers({
    summary: 'Events that a service could not take, with the reason',
    description: 'With `id` one of them, and as `content` what it tells, as JSON; numbers of people by their prefixes.',
    reply: ListDeadLettersReplySchema,
  })
  async listDeadLetters(
    @Param({ schema: parse.servicePath }) { service }: parse.ServicePath,
    @Query({ schema: parse.deadLetterPage }) page: parse.DeadLetterPage,
  ): Promise<Json> {
    const letters = await this.ask.ops[service].listDeadLetters({ pageSize: page.pageSize, afterId: BigInt(page.afterId), id: BigInt(page.id ?? 0) });
    return reply(ListDeadLettersReplySchema, letters);
  }

  @Post('dead-letters/:service/redrive')
  @Answers({ summary: 'Try dead letters again', reply: RedriveDeadLettersReplySchema })
  async redriveDeadLetters(
    @Param({ schema: parse.servicePath }) { service }: parse.ServicePath,
    @Body({ schema: parse.redrive }) { ids }: parse.Redrive,
  ): Promise<Json> {
    const redriven = await this.ask.ops[service].redriveDeadLetters({ ids: ids.map(BigInt) }, { timeoutMs: 30_000 });
    return reply(RedriveDeadLettersReplySchema, redriven);
  }
}
