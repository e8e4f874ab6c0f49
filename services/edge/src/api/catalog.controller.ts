import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  ActivateDeckReplySchema,
  CatalogCreatedReplySchema,
  ListDecksReplySchema,
  LoadNumberPlanReplySchema,
  LookUpPrefixReplySchema,
} from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './catalog.schema.ts';

const deckActivationRefusals = [
  'unknown_deck', 'deck_start_taken', 'deck_base_superseded', 'deck_not_approved', 'deck_rejected', 'own_approval',
] as const;

@ApiTags('catalog')
@Controller('v1')
export class CatalogController {
  private readonly catalog: EdgeAskers['catalog'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.catalog = edge.ask.catalog;
  }

  @Post('number-plan')
  @Answers({ summary: 'Load countries and their prefixes', reply: LoadNumberPlanReplySchema, refusals: ['unknown_country'] })
  async loadNumberPlan(@Body({ schema: parse.numberPlan }) plan: parse.NumberPlan): Promise<Json> {
    return reply(LoadNumberPlanReplySchema, await this.catalog.loadNumberPlan(plan, { timeoutMs: 30_000 }));
  }

  @Get('number-plan/:e164')
  @Answers({ summary: 'Where a number belongs, by its longest prefix', reply: LookUpPrefixReplySchema, refusals: ['unknown_prefix'] })
  async lookUpPrefix(@Param({ schema: parse.e164Path }) path: parse.E164Path): Promise<Json> {
    return reply(LookUpPrefixReplySchema, await this.catalog.lookUpPrefix(path));
  }

  @Post('tariffs')
  @Answers({ summary: 'Create a tariff: what cards pay', status: 201, reply: CatalogCreatedReplySchema, refusals: ['name_taken'] })
  async createTariff(@Body({ schema: parse.tariff }) tariff: parse.Tariff, @Caller() caller: Principal): Promise<Json> {
    return reply(CatalogCreatedReplySchema, await this.catalog.createTariff({ ...tariff, by: nameOf(caller) }));
  }

  @Post('retail-plans')
  @Answers({ summary: 'Create a retail plan: what accounts pay', status: 201, reply: CatalogCreatedReplySchema, refusals: ['name_taken', 'unknown_plan'] })
  async createRetailPlan(@Body({ schema: parse.retailPlan }) plan: parse.RetailPlan, @Caller() caller: Principal): Promise<Json> {
    return reply(CatalogCreatedReplySchema, await this.catalog.createRetailPlan({ ...plan, by: nameOf(caller) }));
  }

  @Post('carrier-plans')
  @Answers({ summary: 'Create a carrier plan: what a carrier charges', status: 201, reply: CatalogCreatedReplySchema, refusals: ['name_taken'] })
  async createCarrierPlan(@Body({ schema: parse.carrierPlan }) plan: parse.CarrierPlan, @Caller() caller: Principal): Promise<Json> {
    return reply(CatalogCreatedReplySchema, await this.catalog.createCarrierPlan({ ...plan, by: nameOf(caller) }));
  }

  @Post('ban-plans')
  @Answers({ summary: 'Create a ban plan: prefixes that are never dialled', status: 201, reply: CatalogCreatedReplySchema, refusals: ['name_taken'] })
  async createBanPlan(@Body({ schema: parse.banPlan }) plan: parse.BanPlan, @Caller() caller: Principal): Promise<Json> {
    return reply(CatalogCreatedReplySchema, await this.catalog.createBanPlan({ ...plan, by: nameOf(caller) }));
  }

  @Post('voip-plans')
  @Answers({ summary: 'Compose a VoIP plan, or compose it anew', status: 201, reply: CatalogCreatedReplySchema, refusals: ['name_taken', 'unknown_plan', 'too_many_items'] })
  async composeVoipPlan(@Body({ schema: parse.voipPlan }) { voipPlanId = 0, ...plan }: parse.VoipPlan, @Caller() caller: Principal): Promise<Json> {
    return reply(CatalogCreatedReplySchema, await this.catalog.composeVoipPlan({ ...plan, voipPlanId, by: nameOf(caller) }));
  }

  @Get('decks')
  @Answers({ summary: 'List versions of rate decks', reply: ListDecksReplySchema })
  async listDecks(@Query({ schema: parse.deckSearch }) owner: parse.DeckSearch): Promise<Json> {
    return reply(ListDecksReplySchema, await this.catalog.listDecks(owner));
  }

  @Post('decks/:digest/activate')
  @Answers({ summary: 'Put a deck version in force, approving it where nobody has', reply: ActivateDeckReplySchema, refusals: deckActivationRefusals })
  async activateDeck(
    @Param({ schema: parse.digestPath }) path: parse.DigestPath,
    @Body({ schema: parse.deckActivation }) { validFrom = 0n, ...deck }: parse.DeckActivation,
    @Caller() caller: Principal,
  ): Promise<Json> {
    const request = { ...path, ...deck, validFromUs: validFrom, by: nameOf(caller) };
    return reply(ActivateDeckReplySchema, await this.catalog.activateDeck(request, { timeoutMs: 60_000 }));
  }

  @Post('decks/:digest/withdraw')
  @Answers({ summary: 'Take a deck version back', reply: ActivateDeckReplySchema, refusals: ['unknown_deck', 'not_in_force'] })
  async withdrawDeck(
    @Param({ schema: parse.digestPath }) path: parse.DigestPath,
    @Body({ schema: parse.deckWithdrawal }) deck: parse.DeckWithdrawal,
    @Caller() caller: Principal,
  ): Promise<Json> {
    return reply(ActivateDeckReplySchema, await this.catalog.withdrawDeck({ ...path, ...deck, by: nameOf(caller) }, { timeoutMs: 60_000 }));
  }
}
