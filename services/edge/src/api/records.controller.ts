import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ListUnmaskingsReplySchema } from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { type Json, reply } from '../http/reply.ts';
import * as parse from './records.schema.ts';

@ApiTags('calls')
@Controller('v1')
export class RecordsController {
  private readonly records: EdgeAskers['records'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.records = edge.ask.records;
  }

  @Get('unmaskings')
  @Answers({
    summary: 'To whom the numbers of calls were shown whole, and why',
    description: 'The newest first, a page at a time; the next has `beforeId` of the last. One for each answer that showed numbers, with every call in it.',
    reply: ListUnmaskingsReplySchema,
  })
  async listUnmaskings(@Query({ schema: parse.unmaskingPage }) page: parse.UnmaskingPage): Promise<Json> {
    return reply(ListUnmaskingsReplySchema, await this.records.listUnmaskings(page));
  }
}
