import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ChangeListReplySchema, HitNoticeSchema, ListNoticesReplySchema, ShowListReplySchema } from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './lists.schema.ts';

/** Each country of a request is looked up in the number plan. */
const changeTimeout = { timeoutMs: 30_000 };

@ApiTags('watching')
@Controller('v1')
export class ListsController {
  private readonly lists: EdgeAskers['lists'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.lists = edge.ask.lists;
  }

  @Get('lists/:list')
  @Answers({ summary: 'What is on a list, since when and by whom, and how often calls met it', reply: ShowListReplySchema })
  async show(@Param({ schema: parse.listPath }) { list }: parse.ListPath, @Query({ schema: parse.listPage }) page: parse.ListPage): Promise<Json> {
    return reply(ShowListReplySchema, await this.lists.showList({ list, ...page }));
  }

  @Post('lists/:list')
  @Answers({
    summary: 'Put prefixes and countries on a list',
    description: 'Calls are screened by it within a second. The whitelist goes first. Each entry stands for itself: those at fault are told, the others are listed.',
    reply: ChangeListReplySchema,
  })
  async add(@Param({ schema: parse.listPath }) { list }: parse.ListPath, @Body({ schema: parse.listedNumbers }) { entries }: parse.ListedNumbers, @Caller() caller: Principal): Promise<Json> {
    return reply(ChangeListReplySchema, await this.lists.listNumbers({ list, entries, by: nameOf(caller) }, changeTimeout));
  }

  @Post('lists/:list/remove')
  @Answers({ summary: 'Take prefixes and countries off a list', reply: ChangeListReplySchema })
  async remove(@Param({ schema: parse.listPath }) { list }: parse.ListPath, @Body({ schema: parse.listedNumbers }) { entries }: parse.ListedNumbers, @Caller() caller: Principal): Promise<Json> {
    return reply(ChangeListReplySchema, await this.lists.delistNumbers({ list, entries, by: nameOf(caller) }, changeTimeout));
  }

  @Get('list-notices')
  @Answers({ summary: 'Who is told that calls met a list', reply: ListNoticesReplySchema })
  async notices(): Promise<Json> {
    return reply(ListNoticesReplySchema, await this.lists.listNotices({}));
  }

  @Post('list-notices/:list')
  @Answers({
    summary: 'Say who is told that calls met a list',
    description: 'By e-mail, by a signed webhook as of alarms, or both; once within `throttleSec`, whichever entries are met. With neither, nobody is told.',
    reply: HitNoticeSchema,
  })
  async setNotice(@Param({ schema: parse.listPath }) { list }: parse.ListPath, @Body({ schema: parse.listNotice }) notice: parse.ListNoticeBody, @Caller() caller: Principal): Promise<Json> {
    return reply(HitNoticeSchema, await this.lists.setListNotice({ list, ...notice, by: nameOf(caller) }));
  }
}
