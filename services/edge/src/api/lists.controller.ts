import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ChangeListReplySchema, ShowListReplySchema } from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './lists.schema.ts';

/** Each country of a request is looked up in the number plan. */
const changeTimeout = { timeoutMs: 30_000 };

@ApiTags('watching')
@Controller('v1/lists')
export class ListsController {
  private readonly lists: EdgeAskers['lists'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.lists = edge.ask.lists;
  }

  @Get(':list')
  @Answers({ summary: 'What is on a list, since when and by whom, and how often calls met it', reply: ShowListReplySchema })
  async show(@Param({ schema: parse.listPath }) { list }: parse.ListPath, @Query({ schema: parse.listPage }) page: parse.ListPage): Promise<Json> {
    return reply(ShowListReplySchema, await this.lists.showList({ list, ...page }));
  }

  @Post(':list')
  @Answers({
    summary: 'Put prefixes and countries on a list',
    description: 'Calls are screened by it within a second. The whitelist goes first. Each entry stands for itself: those at fault are told, the others are listed.',
    reply: ChangeListReplySchema,
  })
  async add(@Param({ schema: parse.listPath }) { list }: parse.ListPath, @Body({ schema: parse.listedNumbers }) { entries }: parse.ListedNumbers, @Caller() caller: Principal): Promise<Json> {
    return reply(ChangeListReplySchema, await this.lists.listNumbers({ list, entries, by: nameOf(caller) }, changeTimeout));
  }

  @Post(':list/remove')
  @Answers({ summary: 'Take prefixes and countries off a list', reply: ChangeListReplySchema })
  async remove(@Param({ schema: parse.listPath }) { list }: parse.ListPath, @Body({ schema: parse.listedNumbers }) { entries }: parse.ListedNumbers, @Caller() caller: Principal): Promise<Json> {
    return reply(ChangeListReplySchema, await this.lists.delistNumbers({ list, entries, by: nameOf(caller) }, changeTimeout));
  }
}
