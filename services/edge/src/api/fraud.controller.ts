import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { FraudCaseSchema, FraudRuleSchema, ListFraudCasesReplySchema, ListFraudRulesReplySchema, ListHighRiskRangesReplySchema, SetHighRiskRangesReplySchema } from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './fraud.schema.ts';

@ApiTags('watching')
@Controller('v1/fraud')
export class FraudController {
  private readonly fraud: EdgeAskers['fraud'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.fraud = edge.ask.fraud;
  }

  @Get('rules')
  @Answers({ summary: 'The rules against fraud', reply: ListFraudRulesReplySchema })
  async listRules(): Promise<Json> {
    return reply(ListFraudRulesReplySchema, await this.fraud.listFraudRules({}));
  }

  @Post('rules')
  @Answers({
    summary: 'Set a rule against fraud while it happens',
    description: 'It counts calls that begin from now on, by open reservations and call events. A rule is not changed: retire it and set another.',
    status: 201,
    reply: FraudRuleSchema,
    refusals: ['currency_malformed'],
  })
  async setRule(@Body({ schema: parse.newRule }) terms: parse.NewRule, @Caller() caller: Principal): Promise<Json> {
    return reply(FraudRuleSchema, await this.fraud.setFraudRule({ terms, by: nameOf(caller) }));
  }

  @Post('rules/:ruleId/retire')
  @Answers({ summary: 'Take a rule out of work', description: 'What it has found and blocked stays so until it is cleared.', reply: FraudRuleSchema, refusals: ['unknown_fraud_rule'] })
  async retireRule(@Param({ schema: parse.rulePath }) { ruleId }: parse.RulePath, @Caller() caller: Principal): Promise<Json> {
    return reply(FraudRuleSchema, await this.fraud.retireFraudRule({ id: ruleId, by: nameOf(caller) }));
  }

  @Get('cases')
  @Answers({ summary: 'What the rules found, and what was blocked for it', description: 'The latest first, at most 1,000.', reply: ListFraudCasesReplySchema })
  async listCases(@Query({ schema: parse.caseQuery }) { status }: parse.CaseQuery): Promise<Json> {
    return reply(ListFraudCasesReplySchema, await this.fraud.listFraudCases({ status: status ?? '' }));
  }

  @Post('cases/clear')
  @Answers({ summary: 'Clear a case: what was blocked for it is free again', reply: FraudCaseSchema, refusals: ['unknown_fraud_case'] })
  async clearCase(@Body({ schema: parse.clearedCase }) body: parse.ClearedCase, @Caller() caller: Principal): Promise<Json> {
    return reply(FraudCaseSchema, await this.fraud.clearFraudCase({ ...body, by: nameOf(caller) }));
  }

  @Get('ranges')
  @Answers({ summary: 'The high-risk ranges, a page at a time', reply: ListHighRiskRangesReplySchema })
  async listRanges(@Query({ schema: parse.rangePage }) { after }: parse.RangePage): Promise<Json> {
    return reply(ListHighRiskRangesReplySchema, await this.fraud.listHighRiskRanges({ afterPrefix: after ?? '' }));
  }

  @Post('ranges')
  @Answers({ summary: 'Add high-risk ranges', reply: SetHighRiskRangesReplySchema })
  async addRanges(@Body({ schema: parse.ranges }) { ranges }: parse.Ranges, @Caller() caller: Principal): Promise<Json> {
    return reply(SetHighRiskRangesReplySchema, await this.fraud.setHighRiskRanges({ ranges, by: nameOf(caller) }));
  }

  @Post('ranges/remove')
  @Answers({ summary: 'Take high-risk ranges away', reply: SetHighRiskRangesReplySchema })
  async removeRanges(@Body({ schema: parse.ranges }) { ranges }: parse.Ranges, @Caller() caller: Principal): Promise<Json> {
    return reply(SetHighRiskRangesReplySchema, await this.fraud.setHighRiskRanges({ ranges, remove: true, by: nameOf(caller) }));
  }
}
