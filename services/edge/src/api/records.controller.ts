import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { EraseNumberReplySchema, EraseNumbersReplySchema, ListErasuresReplySchema, ListUnmaskingsReplySchema } from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
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

  @Post('number-erasures')
  @Answers({
    summary: 'Erase the numbers of calls, by whole days of UTC',
    description:
      'Drops the keys of the days on which the calls were set up: nobody can read those numbers any more, in calls or in the log of events. ' +
      'Prefixes, times and money stay. It cannot be undone.',
    reply: EraseNumbersReplySchema,
  })
  async eraseNumbers(@Body({ schema: parse.erasure }) erasure: parse.ErasureBody, @Caller() caller: Principal): Promise<Json> {
    return reply(EraseNumbersReplySchema, await this.records.eraseNumbers({ ...erasure, by: nameOf(caller) }));
  }

  @Post('number-erasures/number')
  @Answers({
    summary: 'Erase one number',
    description:
      'The calls from it and to it say no more of who called whom, for good; prefixes, times and money stay. The log of their events, and every other service that keeps the ' +
      'number, follow within minutes, also one that is down now (`services` and `doneAt` of the list). A card that the number is bound to loses that caller.',
    reply: EraseNumberReplySchema,
  })
  async eraseNumber(@Body({ schema: parse.numberErasure }) erasure: parse.NumberErasureBody, @Caller() caller: Principal): Promise<Json> {
    return reply(EraseNumberReplySchema, await this.records.eraseNumber({ ...erasure, by: nameOf(caller) }));
  }

  @Get('number-erasures')
  @Answers({ summary: 'Which numbers were erased, by whom and why', description: 'The newest first, at most 1,000.', reply: ListErasuresReplySchema })
  async listErasures(): Promise<Json> {
    return reply(ListErasuresReplySchema, await this.records.listErasures({}));
  }
}
