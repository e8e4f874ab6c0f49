import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  BalanceReplySchema, CardCreatedReplySchema, CardsChangedSchema, CardTypeOfferSchema, IssueCardsReplySchema, ListCardTypesReplySchema, ListResellersReplySchema, OpenAccountReplySchema,
} from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './cards.schema.ts';
import { knowsPlan } from './known.ts';
import { partyOf } from '../http/parties.ts';

const batchTimeout = { timeoutMs: 30_000 };

@ApiTags('cards')
@Controller('v1')
export class CardsController {
  private readonly card: EdgeAskers['card'];
  private readonly catalog: EdgeAskers['catalog'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.card = edge.ask.card;
    this.catalog = edge.ask.catalog;
  }

  @Get('resellers')
  @Answers({ summary: 'List resellers; the first is the own company', reply: ListResellersReplySchema })
  async listResellers(): Promise<Json> {
    return reply(ListResellersReplySchema, await this.card.listResellers({}));
  }

  @Post('resellers')
  @Answers({ summary: 'Register a reseller', status: 201, reply: CardCreatedReplySchema, refusals: ['username_taken'] })
  async registerReseller(@Body({ schema: parse.reseller }) body: parse.Reseller, @Caller() caller: Principal): Promise<Json> {
    return reply(CardCreatedReplySchema, await this.card.registerReseller({ ...body, by: nameOf(caller) }));
  }

  @Get('card-types')
  @Answers({ summary: 'List card types with their terms', reply: ListCardTypesReplySchema })
  async listCardTypes(): Promise<Json> {
    return reply(ListCardTypesReplySchema, await this.card.listCardTypes({}));
  }

  @Post('card-types')
  @Answers({ summary: 'Create a card type', status: 201, reply: CardCreatedReplySchema, refusals: ['unknown_plan'] })
  async createCardType(@Body({ schema: parse.cardType }) body: parse.CardType, @Caller() caller: Principal): Promise<Json> {
    await knowsPlan(this.catalog, { tariffId: body.tariffId });
    return reply(CardCreatedReplySchema, await this.card.createCardType({ ...body, by: nameOf(caller) }));
  }

  @Post('card-types/:cardTypeId/withdraw')
  @Answers({
    summary: 'Make no cards of a type from now on',
    description: 'Cards that were made go on: they are sold, activated and call. Withdrawn already, nothing changes.',
    reply: CardTypeOfferSchema,
    refusals: ['unknown_card_type'],
  })
  async withdrawCardType(@Param({ schema: parse.cardTypePath }) path: parse.CardTypePath, @Caller() caller: Principal): Promise<Json> {
    return reply(CardTypeOfferSchema, await this.card.withdrawCardType({ ...path, by: nameOf(caller) }));
  }

  @Post('card-types/:cardTypeId/offer')
  @Answers({ summary: 'Make cards of a type again', reply: CardTypeOfferSchema, refusals: ['unknown_card_type'] })
  async offerCardType(@Param({ schema: parse.cardTypePath }) path: parse.CardTypePath, @Caller() caller: Principal): Promise<Json> {
    return reply(CardTypeOfferSchema, await this.card.offerCardType({ ...path, by: nameOf(caller) }));
  }

  @Post('card-batches')
  @Answers({
    summary: 'Make a batch of cards to order',
    status: 201,
    reply: IssueCardsReplySchema,
    refusals: ['unknown_card_type', 'unknown_reseller', 'cardtype_inactive', 'idempotency_mismatch'],
  })
  async issueCards(@Body({ schema: parse.cardBatch }) body: parse.CardBatch, @Caller() caller: Principal): Promise<Json> {
    return reply(IssueCardsReplySchema, await this.card.issueCards({ ...body, by: nameOf(caller) }, batchTimeout));
  }

  @Post('cards/sell')
  @Answers({ summary: 'Sell cards to customers', description: 'Cards that cannot be are left as they are and listed.', reply: CardsChangedSchema })
  async sellCards(@Body({ schema: parse.cardSelection }) body: parse.CardSelection, @Caller() caller: Principal): Promise<Json> {
    return reply(CardsChangedSchema, await this.card.sellCards(selected(body, caller), batchTimeout));
  }

  @Post('cards/pay')
  @Answers({ summary: 'Note that the reseller has paid for cards', reply: CardsChangedSchema })
  async payCards(@Body({ schema: parse.cardSelection }) body: parse.CardSelection, @Caller() caller: Principal): Promise<Json> {
    return reply(CardsChangedSchema, await this.card.payCards(selected(body, caller), batchTimeout));
  }

  @Post('cards/activate')
  @Answers({ summary: 'Activate cards: from now on they may call', reply: CardsChangedSchema })
  async activateCards(@Body({ schema: parse.cardSelection }) body: parse.CardSelection, @Caller() caller: Principal): Promise<Json> {
    return reply(CardsChangedSchema, await this.card.activateCards(selected(body, caller), batchTimeout));
  }

  @Post('cards/deactivate')
  @Answers({ summary: 'Deactivate cards for good', reply: CardsChangedSchema })
  async deactivateCards(@Body({ schema: parse.cardSelection }) body: parse.CardSelection, @Caller() caller: Principal): Promise<Json> {
    return reply(CardsChangedSchema, await this.card.deactivateCards(selected(body, caller), batchTimeout));
  }

  @Get('cards/:cardId/balance')
  @Answers({ summary: 'Credit, reservations and status of a card', reply: BalanceReplySchema, refusals: ['unknown_card'] })
  async cardBalance(@Param({ schema: parse.cardPath }) path: parse.CardPath): Promise<Json> {
    return reply(BalanceReplySchema, await this.card.balance({ party: partyOf(path) }));
  }

  @Post('accounts')
  @Answers({ summary: 'Open the account of a customer', status: 201, reply: OpenAccountReplySchema, refusals: ['account_exists', 'currency_mismatch', 'unknown_plan'] })
  async openAccount(@Body({ schema: parse.account }) { creditLimit, companyName = '', ...body }: parse.Account, @Caller() caller: Principal): Promise<Json> {
    await knowsPlan(this.catalog, { voipPlanId: body.voipPlanId });
    const limit = creditLimit === undefined ? {} : { creditLimit };
    return reply(OpenAccountReplySchema, await this.card.openAccount({ ...body, ...limit, companyName, by: nameOf(caller) }));
  }

  @Get('accounts/:accountCode/balance')
  @Answers({ summary: 'Credit, reservations and status of an account', reply: BalanceReplySchema, refusals: ['unknown_account'] })
  async accountBalance(@Param({ schema: parse.accountPath }) path: parse.AccountPath): Promise<Json> {
    return reply(BalanceReplySchema, await this.card.balance({ party: partyOf(path) }));
  }

  @Post('credits')
  @Answers({
    summary: 'Post credit to a card or an account',
    reply: BalanceReplySchema,
    refusals: ['unknown_card', 'unknown_account', 'currency_mismatch', 'amount_malformed', 'idempotency_mismatch', 'approval_needed'],
  })
  async postCredit(@Body({ schema: parse.credit }) { amount, transferId, ...party }: parse.Credit, @Caller() caller: Principal): Promise<Json> {
    return reply(BalanceReplySchema, await this.card.postCredit({ party: partyOf(party), amount, transferId, by: nameOf(caller) }));
  }
}

/** A reseller's key acts for its reseller, whatever the body says; an operator's for whom it names. */
function selected({ cardIds, resellerId = 0 }: parse.CardSelection, caller: Principal) {
  return { cardIds, resellerId: caller.role === 'reseller' ? caller.resellerId : resellerId, by: nameOf(caller) };
}
