import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  ActivateDeckReplySchema,
  DiffDecksReplySchema,
  ListDeckDiffRowsReplySchema,
  ListDeckHistoryReplySchema,
  ListDeckRatesReplySchema,
  MakeDeckReplySchema,
  RateChange,
  RollBackDeckReplySchema,
} from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { deckForecast } from '../forecast/deck-forecast.ts';
import { deckForecastReply } from '../forecast/deck-forecast.openapi.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { Refused } from '../http/refused.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import { type DigestPath, digestPath } from './catalog.schema.ts';
import * as parse from './decks.schema.ts';

/** Two decks of a million rates are compared before the answer, once. */
const diffTimeout = { timeoutMs: 60_000 };
const WEEK_US = 7n * 86_400n * 1_000_000n;

/** What people look at and decide before a version of a deck counts, and how they take it back. */
@ApiTags('catalog')
@Controller('v1/decks')
export class DecksController {
  private readonly catalog: EdgeAskers['catalog'];
  private readonly edge: EdgeDeps;

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.edge = edge;
    this.catalog = edge.ask.catalog;
  }

  @Get('history')
  @Answers({ summary: 'What was done to a deck, by whom and when', reply: ListDeckHistoryReplySchema })
  async listHistory(@Query({ schema: parse.deckOwner }) owner: parse.DeckOwner): Promise<Json> {
    return reply(ListDeckHistoryReplySchema, await this.catalog.listDeckHistory(owner));
  }

  @Get(':digest/diff')
  @Answers({ summary: 'What a deck version would change, in all and by destination', reply: DiffDecksReplySchema, refusals: ['unknown_deck'] })
  async diff(@Param({ schema: digestPath }) path: DigestPath, @Query({ schema: parse.deckDiff }) { against = '', ...deck }: parse.DeckDiff): Promise<Json> {
    return reply(DiffDecksReplySchema, await this.catalog.diffDecks({ ...path, ...deck, againstDigest: against }, diffTimeout));
  }

  @Get(':digest/diff/rows')
  @Answers({ summary: 'What a deck version would change, row by row', reply: ListDeckDiffRowsReplySchema, refusals: ['unknown_deck'] })
  async diffRows(
    @Param({ schema: digestPath }) path: DigestPath,
    @Query({ schema: parse.deckDiffRows }) { against = '', change, pageToken = '', ...deck }: parse.DeckDiffRows,
  ): Promise<Json> {
    const request = { ...path, ...deck, againstDigest: against, change: change ?? RateChange.UNSPECIFIED, pageToken };
    return reply(ListDeckDiffRowsReplySchema, await this.catalog.listDeckDiffRows(request, diffTimeout));
  }

  @Get(':digest/rates')
  @Answers({ summary: 'What a deck version holds, by prefix', reply: ListDeckRatesReplySchema, refusals: ['unknown_deck'] })
  async rates(
    @Param({ schema: digestPath }) path: DigestPath,
    @Query({ schema: parse.deckRates }) { prefix = '', pageToken = '', ...deck }: parse.DeckRates,
  ): Promise<Json> {
    return reply(ListDeckRatesReplySchema, await this.catalog.listDeckRates({ ...path, ...deck, prefix, pageToken }));
  }

  @Get(':digest/forecast')
  @Answers({
    summary: 'What calls of the last days would come to by a deck version',
    reply: deckForecastReply,
    refusals: ['unknown_deck', 'deck_malformed', 'rates_not_loaded'],
  })
  async forecast(@Param({ schema: digestPath }) path: DigestPath, @Query({ schema: parse.deckForecast }) { since, until, ...deck }: parse.DeckForecast): Promise<Json> {
    const untilUs = until ?? BigInt(this.edge.clock.nowUs());
    const answer = await deckForecast(this.edge.ask, { ...path, ...deck, sinceUs: since ?? untilUs - WEEK_US, untilUs });
    if (!answer.ok) throw new Refused(answer.refusal);
    return answer.value;
  }

  @Post(':digest/approve')
  @Answers({ summary: 'Let a deck version be put in force', reply: ActivateDeckReplySchema, refusals: ['unknown_deck', 'own_approval'] })
  async approve(
    @Param({ schema: digestPath }) path: DigestPath,
    @Body({ schema: parse.deckApproval }) { note = '', ...deck }: parse.DeckApproval,
    @Caller() caller: Principal,
  ): Promise<Json> {
    return reply(ActivateDeckReplySchema, await this.catalog.approveDeck({ ...path, ...deck, note, by: nameOf(caller) }));
  }

  @Post(':digest/reject')
  @Answers({ summary: 'Keep a deck version from being put in force', reply: ActivateDeckReplySchema, refusals: ['unknown_deck', 'deck_in_force'] })
  async reject(
    @Param({ schema: digestPath }) path: DigestPath,
    @Body({ schema: parse.deckRejection }) deck: parse.DeckRejection,
    @Caller() caller: Principal,
  ): Promise<Json> {
    return reply(ActivateDeckReplySchema, await this.catalog.rejectDeck({ ...path, ...deck, by: nameOf(caller) }));
  }

  @Post('make')
  @Answers({
    summary: 'Make a version from decks of carriers: margin, floor, rounding',
    status: 201,
    reply: MakeDeckReplySchema,
    refusals: ['unknown_plan', 'no_exchange_rate', 'not_in_force', 'deck_empty', 'too_many_items', 'concurrent_change'],
  })
  async make(@Body({ schema: parse.deckMaking }) rule: parse.DeckMaking, @Caller() caller: Principal): Promise<Json> {
    return reply(MakeDeckReplySchema, await this.catalog.makeDeck({ ...rule, by: nameOf(caller) }, { timeoutMs: 120_000 }));
  }

  @Post('rollback')
  @Answers({
    summary: 'Put the version before the one in force in force again',
    reply: RollBackDeckReplySchema,
    refusals: ['nothing_to_roll_back', 'deck_rejected', 'deck_start_taken'],
  })
  async rollBack(@Body({ schema: parse.deckRollback }) deck: parse.DeckRollback, @Caller() caller: Principal): Promise<Json> {
    return reply(RollBackDeckReplySchema, await this.catalog.rollBackDeck({ ...deck, by: nameOf(caller) }));
  }
}
