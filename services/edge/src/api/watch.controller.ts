import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LiveCallsReplySchema, RecountReportsReplySchema, ReservedReplySchema, RestartSwitchReplySchema, TrafficReportReplySchema } from '@tollwire/contracts';
import { EDGE, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { replySchemaOf } from '../http/reply-schema.ts';
import { jsonOf } from '../http/json-of.ts';
import { type Json, reply, valueOf } from '../http/reply.ts';
import * as parse from './watch.schema.ts';

/** What the report's fields are called in the query. */
const sentNames = { groupBy: 'by', compareFromUs: 'compareFrom' };

@ApiTags('watching')
@Controller('v1')
export class WatchController {
  private readonly edge: EdgeDeps;

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.edge = edge;
  }

  @Get('reports/traffic')
  @Answers({
    summary: 'What the calls that are over amount to',
    description:
      'Calls, answers, minutes, money and the ratios of the trade, by place and step of time, a few seconds behind the calls. A ratio is left out ' +
      'where there is nothing to divide by. Times are whole minutes, days those of UTC; by minutes at most 31 days. With `compareFrom` each row ' +
      'has beside it what was `compared`: the same of an earlier time.',
    reply: TrafficReportReplySchema,
    refusals: ['reply_too_large'],
  })
  async trafficReport(@Query({ schema: parse.trafficQuery }) query: parse.TrafficQuery): Promise<Json> {
    return jsonOf(TrafficReportReplySchema, valueOf(await this.edge.ask.watch.trafficReport(query, { timeoutMs: 30_000 }), sentNames));
  }

  @Get('reports/live')
  @Answers({
    summary: 'How many calls go on now',
    description: 'The largest groups first; with how many reservations are open for calls, and the money that they set aside, by currency.',
    reply: parse.liveReply(replySchemaOf(LiveCallsReplySchema), replySchemaOf(ReservedReplySchema)),
  })
  async liveCalls(@Query({ schema: parse.liveQuery }) query: parse.LiveQuery): Promise<Json> {
    const [live, reserved] = await Promise.all([this.edge.ask.watch.liveCalls(query), this.edge.ask.control.showReserved({})]);
    return { ...reply(LiveCallsReplySchema, live), ...reply(ReservedReplySchema, reserved) };
  }

  @Post('reports/recount')
  @Answers({
    summary: 'Bring the sums of reports to what the calls say',
    description:
      'Once after an upgrade that ran beside the version before, which may have counted otherwise. A request goes on for some seconds and tells how far it got: ask again from ' +
      '`until` on until that is the end. Calls go on meanwhile, and so may other recounts; done again it corrects nothing. Of a time from which calls were dropped by their age ' +
      'only the sums know, so that is refused.',
    reply: RecountReportsReplySchema,
  })
  async recountReports(@Body({ schema: parse.recount }) body: parse.Recount): Promise<Json> {
    return jsonOf(RecountReportsReplySchema, valueOf(await this.edge.ask.watch.recountReports(body, { timeoutMs: 120_000 })));
  }

  @Post('switches/:switchId/restarted')
  @Answers({
    summary: 'Tell that a switch was started again',
    description: 'Its calls that were set up before and have no end are closed, flagged `no_end`, and what was reserved for them is freed. An end that comes after all corrects that.',
    reply: RestartSwitchReplySchema,
    refusals: ['unknown_switch'],
  })
  async switchRestarted(@Param({ schema: parse.switchPath }) { switchId }: parse.SwitchPath, @Body({ schema: parse.restarted }) { at }: parse.Restarted): Promise<Json> {
    const atUs = at ?? BigInt(this.edge.clock.nowUs());
    return jsonOf(RestartSwitchReplySchema, valueOf(await this.edge.ask.watch.restartSwitch({ switchId, atUs }, { timeoutMs: 30_000 })));
  }
}
