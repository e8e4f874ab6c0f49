import { Body, Controller, Get, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  ActivateDeckReplySchema,
  CatalogCreatedReplySchema,
  DeckKind,
  FinishDeckImportReplySchema,
  ListDeckImportErrorsReplySchema,
  ListDecksReplySchema,
  LoadNumberPlanReplySchema,
  LookUpPrefixReplySchema,
} from '@tollwire/contracts';
import type { FastifyRequest } from 'fastify';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { type Json, reply } from '../http/reply.ts';
import { ApiStreamBody, streamOf } from '../http/stream-body.ts';
import type { Principal } from '../keys/key-ring.ts';
import { importDeck } from '../import/deck-import.ts';
import * as parse from './catalog.schema.ts';
import { deckImportedReply } from './imports.openapi.ts';

const deckImportRefusals = ['unknown_plan', 'too_many_items', 'deck_malformed', 'deck_empty', 'concurrent_change'] as const;
const deckActivationRefusals = [
  'unknown_deck', 'deck_start_taken', 'deck_base_superseded', 'deck_not_approved', 'deck_rejected', 'own_approval',
] as const;

@ApiTags('catalog')
@Controller('v1')
export class CatalogController {
  private readonly catalog: EdgeAskers['catalog'];
  private readonly edge: EdgeDeps;

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.edge = edge;
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
  @Answers({ summary: 'Compose a VoIP plan, or compose it anew', status: 201, reply: CatalogCreatedReplySchema, refusals: ['name_taken', 'unknown_plan', 'currency_mismatch', 'too_many_items'] })
  async composeVoipPlan(@Body({ schema: parse.voipPlan }) { voipPlanId = 0, ...plan }: parse.VoipPlan, @Caller() caller: Principal): Promise<Json> {
    return reply(CatalogCreatedReplySchema, await this.catalog.composeVoipPlan({ ...plan, voipPlanId, by: nameOf(caller) }));
  }

  @Get('decks')
  @Answers({ summary: 'List versions of rate decks', reply: ListDecksReplySchema })
  async listDecks(@Query({ schema: parse.deckSearch }) { kind, ownerId = 0 }: parse.DeckSearch): Promise<Json> {
    return reply(ListDecksReplySchema, await this.catalog.listDecks({ kind: kind ?? DeckKind.UNSPECIFIED, ownerId }));
  }

  @Post('decks/import')
  @ApiStreamBody('A rate deck as CSV.', ['text/csv'])
  @Answers({ summary: 'Import a version of a rate deck', status: 201, reply: deckImportedReply, refusals: deckImportRefusals })
  async importDeck(@Query({ schema: parse.deckImport }) query: parse.DeckImport, @Req() request: FastifyRequest, @Caller() caller: Principal): Promise<Json> {
    const csv = streamOf(request, this.edge.limits.streamBytesMax);
    const { importId, finished } = await importDeck(this.catalog, { ...query, by: nameOf(caller) }, csv);
    return { importId, ...reply(FinishDeckImportReplySchema, finished) };
  }

  @Get('decks/imports/:importId/errors')
  @Answers({ summary: 'Rows of a deck that were not taken, with the reason', reply: ListDeckImportErrorsReplySchema, refusals: ['unknown_import'] })
  async listDeckErrors(@Param({ schema: parse.importPath }) path: parse.ImportPath, @Query({ schema: parse.deckErrorsPage }) { afterLine }: parse.DeckErrorsPage): Promise<Json> {
    return reply(ListDeckImportErrorsReplySchema, await this.catalog.listDeckImportErrors({ ...path, afterLine: BigInt(afterLine) }));
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
