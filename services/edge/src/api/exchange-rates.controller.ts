import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ExchangeRateListingSchema, ListExchangeRatesReplySchema } from '@tollwire/contracts';
import { EDGE, type EdgeAskers, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './exchange-rates.schema.ts';

/** What currencies are worth in each other, dated. */
@ApiTags('catalog')
@Controller('v1/exchange-rates')
export class ExchangeRatesController {
  private readonly catalog: EdgeAskers['catalog'];

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.catalog = edge.ask.catalog;
  }

  @Post()
  @Answers({
    summary: 'Set an exchange rate from an instant on; one more for the same instant corrects it',
    status: 201,
    reply: ExchangeRateListingSchema,
    refusals: ['amount_malformed', 'currency_malformed'],
  })
  async set(@Body({ schema: parse.exchangeRate }) { validFrom, ...rate }: parse.ExchangeRate, @Caller() caller: Principal): Promise<Json> {
    return reply(ExchangeRateListingSchema, await this.catalog.setExchangeRate({ ...rate, validFromUs: validFrom ?? 0n, by: nameOf(caller) }));
  }

  @Get()
  @Answers({ summary: 'List exchange rates as they were recorded, corrected ones too', reply: ListExchangeRatesReplySchema })
  async list(@Query({ schema: parse.exchangeRatePage }) { base = '', quote = '', pageToken }: parse.ExchangeRatePage): Promise<Json> {
    return reply(ListExchangeRatesReplySchema, await this.catalog.listExchangeRates({ base, quote, pageToken }));
  }
}
