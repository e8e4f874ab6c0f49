import { Body, Controller, Delete, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AlarmSchema, BacktestAlarmReplySchema, ListAlarmReportsReplySchema, ListAlarmsReplySchema } from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { jsonOf } from '../http/json-of.ts';
import { type Json, reply, valueOf } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './alarms.schema.ts';

/** What the documented fields are called in the body. */
const sentNames = { alertCondition: 'condition', alertValue: 'threshold', alertConditionAddOn: 'comparedWith', emailToSendAlarm: 'email' };

@ApiTags('watching')
@Controller('v1/alarms')
export class AlarmsController {
  private readonly alarms: EdgeAskers['alarms'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.alarms = edge.ask.alarms;
  }

  @Post()
  @Answers({
    summary: 'Set an alarm upon the traffic',
    description: 'It is active at once. Where it fires, its webhook is told, signed by HMAC-SHA256 in the header `tollwire-signature`, and again until it answers 2xx.',
    status: 201,
    reply: AlarmSchema,
    refusals: ['currency_malformed'],
  })
  async defineAlarm(@Body({ schema: parse.newAlarm }) alarm: parse.NewAlarm, @Caller() caller: Principal): Promise<Json> {
    return jsonOf(AlarmSchema, valueOf(await this.alarms.defineAlarm({ ...alarm, by: nameOf(caller) }), sentNames));
  }

  @Get()
  @Answers({ summary: 'List alarms', reply: ListAlarmsReplySchema })
  async listAlarms(): Promise<Json> {
    return reply(ListAlarmsReplySchema, await this.alarms.listAlarms({}));
  }

  @Post('backtest')
  @Answers({
    summary: 'What an alarm would have said of past traffic',
    description: 'Every whole period of the time, at most 1,000, by the sums as they stand now. Nothing is kept and nobody is told.',
    reply: BacktestAlarmReplySchema,
    refusals: ['currency_malformed'],
  })
  async backtestAlarm(@Body({ schema: parse.backtest }) test: parse.Backtest): Promise<Json> {
    return jsonOf(BacktestAlarmReplySchema, valueOf(await this.alarms.backtestAlarm(test, { timeoutMs: 30_000 }), sentNames));
  }

  @Post(':alarmId/status')
  @Answers({ summary: 'Switch an alarm on or off', reply: AlarmSchema, refusals: ['unknown_alarm'] })
  async setAlarmStatus(@Param({ schema: parse.alarmPath }) { alarmId }: parse.AlarmPath, @Body({ schema: parse.alarmStatus }) { status }: parse.AlarmStatus): Promise<Json> {
    return reply(AlarmSchema, await this.alarms.setAlarmStatus({ id: alarmId, status }));
  }

  @Delete(':alarmId')
  @Answers({ summary: 'Delete an alarm, with its reports and what it would still have told', status: 204, refusals: ['unknown_alarm'] })
  async deleteAlarm(@Param({ schema: parse.alarmPath }) { alarmId }: parse.AlarmPath): Promise<void> {
    valueOf(await this.alarms.deleteAlarm({ id: alarmId }));
  }

  @Get(':alarmId/reports')
  @Answers({ summary: 'What an alarm measured, and what became of it', description: 'The newest first, at most 100.', reply: ListAlarmReportsReplySchema, refusals: ['unknown_alarm'] })
  async listAlarmReports(@Param({ schema: parse.alarmPath }) { alarmId }: parse.AlarmPath): Promise<Json> {
    return reply(ListAlarmReportsReplySchema, await this.alarms.listAlarmReports({ id: alarmId }));
  }
}
