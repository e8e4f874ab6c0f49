import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ListProviderRatesReplySchema, LoadProviderRatesReplySchema, WithdrawProviderRatesReplySchema } from '@tollwire/contracts';
import { EDGE, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { type Json, reply } from '../http/reply.ts';
import type { Principal } from '../keys/key-ring.ts';
import * as parse from './provider-rates.schema.ts';

const timeout = { timeoutMs: 30_000 };

@ApiTags('carriers')
@Controller('v1/provider-rates')
export class ProviderRatesController {
  private readonly edge: EdgeDeps;

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.edge = edge;
  }

  @Get()
  @Answers({ summary: 'Direct buy rates of a provider that stand at an instant, by prefix', reply: ListProviderRatesReplySchema, refusals: ['unknown_carrier'] })
  async list(@Query({ schema: parse.standingRates }) { at, prefix = '', pageToken = '', ...path }: parse.StandingRates): Promise<Json> {
    return reply(ListProviderRatesReplySchema, await this.edge.ask.routing.listProviderRates({ ...path, prefix, pageToken, atUs: at ?? BigInt(this.edge.clock.nowUs()) }));
  }

  @Post()
  @Answers({
    summary: 'Load direct buy rates of a provider',
    description: 'They count from now on, each until the next load or withdrawal of its prefix; their destinations are offered again, if they were withdrawn.',
    reply: LoadProviderRatesReplySchema,
    refusals: ['unknown_carrier', 'conflict'],
  })
  async load(@Body({ schema: parse.providerRates }) body: parse.ProviderRates, @Caller() caller: Principal): Promise<Json> {
    return reply(LoadProviderRatesReplySchema, await this.edge.ask.routing.loadProviderRates({ ...body, by: nameOf(caller) }, timeout));
  }

  @Post('withdraw')
  @Answers({
    summary: 'Take back direct rates of a provider, or destinations',
    description:
      'A destination goes with every rate that stands for it. Calls from now on are neither routed nor bought by them; earlier ones are, and stay so when they ' +
      'are rated again. Nothing is taken back where one of them does not stand.',
    reply: WithdrawProviderRatesReplySchema,
    refusals: ['unknown_carrier', 'unknown_provider_rate', 'provider_rate_withdrawn'],
  })
  async withdraw(@Body({ schema: parse.withdrawnRates }) body: parse.WithdrawnRates, @Caller() caller: Principal): Promise<Json> {
    return reply(WithdrawProviderRatesReplySchema, await this.edge.ask.routing.withdrawProviderRates({ ...body, by: nameOf(caller) }, timeout));
  }
}
