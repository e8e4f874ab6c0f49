import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ListProvidersReplySchema, QuotedSchema, RegisterProviderReplySchema, RouteResultSchema } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { normalizeE164 } from '@tollwire/telecom';
import { EDGE, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { jsonOf } from '../http/json-of.ts';
import { Refused } from '../http/refused.ts';
import { type Json, reply, valueOf } from '../http/reply.ts';
import { refusalOfWire } from '../http/wire-refusal.ts';
import type { Principal } from '../keys/key-ring.ts';
import { gatewaysOf } from '../what-if/account-gateways.ts';
import { routeByPlan, routeOfPayer } from '../what-if/payer-route.ts';
import * as parse from './carriers.schema.ts';
import { isNamed, partyOf, planOf } from '../http/parties.ts';

/** 30 days. */
const IN_USE_US = 2_592_000_000_000n;

@ApiTags('carriers')
@Controller('v1')
export class CarriersController {
  private readonly edge: EdgeDeps;

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.edge = edge;
  }

  @Post('quotes')
  @Answers({
    summary: 'What would this call cost?',
    description: 'Asked of the engine that rates calls: what it answers is what a call is charged.',
    reply: QuotedSchema,
    refusals: [
      ...(['number_malformed', 'number_not_international', 'no_sell_rate', 'unknown_plan', 'destination_blocked'] as const),
      ...(['no_exchange_rate', 'amount_malformed', 'rates_not_loaded', 'unknown_party'] as const),
    ],
  })
  async quote(@Body({ schema: parse.quote }) body: parse.Quote): Promise<Json> {
    const atUs = this.at(body.at);
    const charged = isNamed(body.cardId, body.accountCode) ? { charged: partyOf(body) } : {};
    const named = isNamed(body.tariffId, body.voipPlanId) ? { plan: planOf(body) } : {};
    const item = { ...named, ...charged, e164: this.e164Of(body), atUs, knownAtUs: this.knownAt(body.knownAt, atUs), durationSec: body.durationSec };
    const names = { e164: 'calledNumber', plan: named.plan?.plan.case ?? 'plan', charged: charged.charged?.party.case ?? 'charged' };
    const { results } = valueOf(await this.edge.ask.rating.quote({ items: [item] }), names);
    const { result } = present(results[0], 'one result for the one quote that was asked for');
    if (result.case === 'quoted') return jsonOf(QuotedSchema, result.value);
    throw new Refused(refusalOfWire(result.value, names));
  }

  @Post('routes')
  @Answers({
    summary: 'Which carriers would this call take, and why?',
    description: 'A call that no carrier may take is answered too, with the refusal and with why each carrier is out.',
    reply: RouteResultSchema,
    refusals: [
      ...(['number_malformed', 'number_not_international', 'no_sell_rate', 'unknown_plan', 'unknown_party'] as const),
      ...(['destination_blocked', 'no_exchange_rate', 'rates_not_loaded'] as const),
    ],
  })
  async route(@Body({ schema: parse.route }) body: parse.Route): Promise<Json> {
    const { switchId = '', trunk = '', calledNumber, routingNumber = '', npdi = false } = body;
    const ported = valueOf(this.edge.numbers.ported({ switchId, trunk }, { calledNumber, routingNumber, npdi }));
    const gateways = body.accountCode === undefined ? {} : valueOf(await gatewaysOf(this.edge.ask, body.accountCode), { party: 'accountCode' });
    const asked = {
      ...gateways, e164: this.e164Of(body), atUs: this.at(body.at), routingNumber: ported.routingNumber, npdi: ported.npdi,
      accountCode: body.accountCode ?? '', codecs: body.codecs ?? [], attestation: body.attestation ?? '',
      ...(body.callKey === undefined ? {} : { callId: body.callKey }),
      ...(body.cli === undefined ? {} : { cli: this.edge.numbers.caller({ switchId, trunk }, body.cli) }),
    };
    // A rate that is stated stands for all of what the plan sells for: its fees, increments and prices over carriers are of another rate, and maybe currency.
    const stated = body.sellRatePerMin === undefined ? undefined : { sellRatePerMinNanos: body.sellRatePerMin, sellCurrency: body.sellCurrency ?? '' };
    const isByPlan = isNamed(body.tariffId, body.voipPlanId);
    const payer = () => ({ charged: partyOf(body), knownAtUs: this.knownAt(undefined, asked.atUs) });
    const route = isByPlan ? await routeByPlan(this.edge.ask, asked, planOf(body), stated) : await routeOfPayer(this.edge.ask, asked, payer(), stated);
    return jsonOf(RouteResultSchema, valueOf(route));
  }

  @Get('providers')
  @Answers({ summary: 'List providers', reply: ListProvidersReplySchema })
  async listProviders(): Promise<Json> {
    return reply(ListProvidersReplySchema, await this.edge.ask.routing.listProviders({}));
  }

  @Post('providers')
  @Answers({ summary: 'Register a provider and its gateway', status: 201, reply: RegisterProviderReplySchema })
  async registerProvider(@Body({ schema: parse.provider }) body: parse.Provider, @Caller() caller: Principal): Promise<Json> {
    return reply(RegisterProviderReplySchema, await this.edge.ask.routing.registerProvider({ ...body, by: nameOf(caller) }));
  }

  @Post('providers/:carrierCode/suspend')
  @Answers({ summary: 'Take a carrier out of every route', reply: RegisterProviderReplySchema, refusals: ['unknown_carrier'] })
  async suspendProvider(@Param({ schema: parse.carrierPath }) path: parse.CarrierPath, @Caller() caller: Principal): Promise<Json> {
    return reply(RegisterProviderReplySchema, await this.edge.ask.routing.suspendProvider({ ...path, by: nameOf(caller) }));
  }

  @Post('providers/:carrierCode/resume')
  @Answers({ summary: 'Put a suspended carrier back into the routes', reply: RegisterProviderReplySchema, refusals: ['unknown_carrier'] })
  async resumeProvider(@Param({ schema: parse.carrierPath }) path: parse.CarrierPath, @Caller() caller: Principal): Promise<Json> {
    return reply(RegisterProviderReplySchema, await this.edge.ask.routing.resumeProvider({ ...path, by: nameOf(caller) }));
  }

  /** The international form that plans and decks know numbers by; of a switch, by its rules. */
  private e164Of({ calledNumber, switchId = '', trunk = '' }: parse.NumberAsked): string {
    const e164 = normalizeE164(calledNumber, this.edge.numbers.rulesOf({ switchId, trunk }));
    if (e164.ok) return e164.value;
    throw new Refused({ code: e164.refusal.code, field: 'calledNumber', detail: 'Give the number in international form, such as +436641234567, or say on which switch it is dialled.' });
  }

  /** The tables in use surely have the versions of the last 35 days; for older calls their history is asked for. */
  private knownAt(given: bigint | undefined, atUs: bigint): bigint {
    const nowUs = BigInt(this.edge.clock.nowUs());
    return given ?? (atUs < nowUs - IN_USE_US ? nowUs : 0n);
  }

  private at(given: bigint | undefined): bigint {
    return given ?? BigInt(this.edge.clock.nowUs());
  }
}
