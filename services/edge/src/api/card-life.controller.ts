import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CardRecordSchema, CardsChangedSchema, ListCardsReplySchema, PinExportSchema } from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './card-life.schema.ts';
import { cardPath, type CardPath, type CardSelection, cardSelection } from './cards.schema.ts';

const batchTimeout = { timeoutMs: 30_000 };
/** A slow hash for each card: some minutes for the largest batch on a small machine. */
const pinsTimeout = { timeoutMs: 300_000 };

@ApiTags('cards')
@Controller('v1')
export class CardLifeController {
  private readonly life: EdgeAskers['cardLife'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.life = edge.ask.cardLife;
  }

  @Get('cards')
  @Answers({ summary: 'List cards', description: 'In the order of their ids, a page at a time.', reply: ListCardsReplySchema })
  async listCards(@Query({ schema: parse.cardSearch }) { batchId = '', resellerId = 0, status = '', afterCardId = '', pageSize }: parse.CardSearch): Promise<Json> {
    return reply(ListCardsReplySchema, await this.life.listCards({ batchId, resellerId, status, afterCardId, pageSize }));
  }

  @Get('cards/:cardId')
  @Answers({ summary: 'A card, how it stands and who calls with it', reply: CardRecordSchema, refusals: ['unknown_card'] })
  async getCard(@Param({ schema: cardPath }) path: CardPath): Promise<Json> {
    return reply(CardRecordSchema, await this.life.getCard(path));
  }

  @Post('cards/extend')
  @Answers({ summary: 'Let cards live until a later instant', description: 'The credit of a card that had expired comes back with it.', reply: CardsChangedSchema })
  async extendCards(@Body({ schema: parse.extension }) { until, ...cards }: parse.Extension, @Caller() caller: Principal): Promise<Json> {
    return reply(CardsChangedSchema, await this.life.extendCards({ cards: selected(cards, caller), untilUs: until }, batchTimeout));
  }

  @Post('cards/suspend')
  @Answers({ summary: 'Stop cards until they are resumed', reply: CardsChangedSchema })
  async suspendCards(@Body({ schema: parse.suspension }) { reason, ...cards }: parse.Suspension, @Caller() caller: Principal): Promise<Json> {
    return reply(CardsChangedSchema, await this.life.suspendCards({ cards: selected(cards, caller), reason }, batchTimeout));
  }

  @Post('cards/resume')
  @Answers({ summary: 'Let suspended cards call again', reply: CardsChangedSchema })
  async resumeCards(@Body({ schema: cardSelection }) body: CardSelection, @Caller() caller: Principal): Promise<Json> {
    return reply(CardsChangedSchema, await this.life.resumeCards(selected(body, caller), batchTimeout));
  }

  @Post('card-batches/:batchId/pins')
  @Answers({
    summary: 'Make the PINs of a batch, and tell them this once',
    description: 'The export is sealed under the passphrase; ./tollwire card export-open reads it. Where the answer was lost, ask with renew.',
    status: 201,
    reply: PinExportSchema,
    refusals: ['unknown_batch', 'pins_exist'],
  })
  async makePins(@Param({ schema: parse.batchPath }) { batchId }: parse.BatchPath, @Body({ schema: parse.pins }) body: parse.PinsBody, @Caller() caller: Principal): Promise<Json> {
    const { pinLength = 0, passphrase, renew } = body;
    return reply(PinExportSchema, await this.life.makePins({ batchId, pinLength, passphrase, renew, by: nameOf(caller) }, pinsTimeout));
  }
}

/** Operators act for themselves, or for the reseller whom they name. */
function selected({ cardIds, resellerId = 0 }: CardSelection, caller: Principal) {
  return { cardIds, resellerId, by: nameOf(caller) };
}
