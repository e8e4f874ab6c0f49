import { Body, Controller, Get, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import {
  AuthorizedSchema, CallRecordSchema, type CodedRefusal, detailOf, ExplainCallReplySchema, isRefusalCode, ListRefusedCallsReplySchema, RouteDecidedSchema, SearchCallsReplySchema,
} from '@tollwire/contracts';
import { ok, present, type Result } from '@tollwire/core';
import type { FastifyRequest } from 'fastify';
import { EDGE, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller } from '../http/caller.ts';
import { fieldSent } from '../http/field-sent.ts';
import { jsonOf } from '../http/json-of.ts';
import { parsed } from '../http/parse.ts';
import { type Json, reply, valueOf } from '../http/reply.ts';
import { traceparentOf } from '../http/trace.ts';
import { Refused } from '../http/refused.ts';
import { revealTo } from '../http/reveal.ts';
import { type KnownSwitches, withoutPrefix } from '../journal/switch-book.ts';
import type { NumberSource } from '../domain/number-rules.ts';
import type { Principal } from '../keys/key-ring.ts';
import type { ReadNumbers } from '../numbers/number-reader.ts';
import { eventsFrame, type SortedEvents, sortCloudEvents, sortJson } from './call-events.ts';
import { authorizedReply, eventsReply, eventsRequest, explainedReply } from './calls.openapi.ts';
import { maskedExplanation, maskedRefusedCall, maskedRoute } from './masked-calls.ts';
import { type AuthorizeBody, authorizeBody, type CallPath, callPath, type CallSearch, callSearch, type LegQuery, legQuery, type RefusedQuery, refusedQuery } from './calls.schema.ts';

/** What cdr calls the reason otherwise. */
const sentNames = { 'reveal.reason': 'reason' };

@ApiTags('calls')
@Controller('v1/calls')
export class CallsController {
  private readonly edge: EdgeDeps;

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.edge = edge;
  }

  @Post('authorize')
  @Answers({
    summary: 'May this call go ahead, for how long, over which carriers?',
    description: 'Reserves the credit. Idempotent by switch, call id and leg. A refusal is an answer (200), not an error.',
    reply: authorizedReply,
  })
  async authorize(@Body({ schema: authorizeBody }) item: AuthorizeBody): Promise<Json> {
    const atUs = item.atUs === 0n ? BigInt(this.edge.clock.nowUs()) : item.atUs;
    const source = { switchId: item.call.switchId, trunk: item.presented.trunk };
    const numbers = this.numbersOf(source, item, await this.edge.switches.known());
    if (!numbers.ok) return { allowed: false, refusal: { facts: {}, ...numbers.refusal, detail: detailOf(numbers.refusal) } };
    const { result } = valueOf(await this.edge.authorize({ ...item, ...numbers.value, cli: this.edge.numbers.caller(source, item.cli), atUs }));
    if (result.case === 'authorized') return { allowed: true, ...jsonOf(AuthorizedSchema, result.value) };
    const { code, detail, field, facts } = present(result.value, 'a refusal where a call is not authorized');
    const told = isRefusalCode(code) ? detailOf({ code, detail }) : detail;
    return { allowed: false, refusal: { code, detail: told, ...(field === '' ? {} : { field: fieldSent(field, item.charged === undefined ? {} : { charged: item.charged.party.case }) }), facts } };
  }

  @Post('events')
  @ApiBody(eventsRequest)
  @Answers({
    summary: 'Tell what became of calls',
    description: 'Answered after the events are durable. Each event stands for itself: those at fault are listed, the others are taken. Sent again, an event is the same event.',
    status: 202,
    reply: eventsReply,
    refusals: ['overloaded', 'message_malformed', 'too_many_items', 'times_out_of_order', 'duration_malformed', 'unknown_switch'],
  })
  async tellEvents(@Body() body: unknown, @Req() request: FastifyRequest): Promise<Json> {
    const { taken, refused } = this.sort(body, request, await this.edge.switches.known());
    const journalled = await this.edge.journal.append(taken);
    const lost = journalled.ok ? [] : taken.map(() => journalled.refusal.code);
    this.edge.countTold(taken.length - lost.length, [...lost, ...refused.map(({ code }) => code)]);
    valueOf(journalled);
    const [first] = refused;
    if (taken.length === 0 && first !== undefined) {
      throw new Refused({ ...first, field: `events[${first.index}].${first.field ?? ''}` }, { accepted: 0, refused });
    }
    return { accepted: taken.length, ...(refused.length === 0 ? {} : { refused }) };
  }

  @Get()
  @Answers({ summary: 'Find calls', description: numbersMasked('Newest first, a page at a time.'), reply: SearchCallsReplySchema, refusals: ['cursor_malformed'] })
  async searchCalls(@Query({ schema: callSearch }) { search, why }: CallSearch, @Caller() caller: Principal): Promise<Json> {
    return jsonOf(SearchCallsReplySchema, valueOf(await this.edge.ask.cdr.searchCalls({ ...search, ...revealTo(caller, why, search.number === '' ? 'any' : 'one') }), sentNames));
  }

  @Get('refused')
  @Answers({
    summary: 'Find calls that were not let through within the last week',
    description: 'The latest first, a hundred a page, each by its last refusal: of who was to pay, for a reason, in a time. Calls that name a payer whom nobody knows are not kept. '
      + 'Numbers show their prefix only; `GET /v1/calls/:switch/:callId/route` has what was decided of the carriers.',
    reply: ListRefusedCallsReplySchema,
    refusals: ['cursor_malformed'],
  })
  async refusedCalls(@Query({ schema: refusedQuery }) query: RefusedQuery): Promise<Json> {
    const listed = valueOf(await this.edge.ask.control.listRefusedCalls(query));
    return jsonOf(ListRefusedCallsReplySchema, { ...listed, calls: listed.calls.map(maskedRefusedCall) });
  }

  @Get(':switch/:callId')
  @Answers({ summary: 'The one record of a call', description: numbersMasked(), reply: CallRecordSchema, refusals: ['unknown_call'] })
  async getCall(@Param({ schema: callPath }) path: CallPath, @Query({ schema: legQuery }) { leg, reason }: LegQuery, @Caller() caller: Principal): Promise<Json> {
    const call = { switchId: path.switch, callId: path.callId, leg };
    return reply(CallRecordSchema, await this.edge.ask.cdr.getCall({ call, ...revealTo(caller, reason, 'one') }));
  }

  @Get(':switch/:callId/explain')
  @Answers({
    summary: 'How a call was routed and priced, step by step',
    description: numbersMasked('The route is the one that was decided before the call, and is left out of calls that were not authorized here.'),
    reply: explainedReply,
    refusals: ['unknown_call', 'call_not_rated'],
  })
  async explainCall(@Param({ schema: callPath }) path: CallPath, @Query({ schema: legQuery }) { leg, reason }: LegQuery, @Caller() caller: Principal): Promise<Json> {
    const revealing = revealTo(caller, reason, 'one');
    const call = { switchId: path.switch, callId: path.callId, leg };
    const { rating, cdr, control } = this.edge.ask;
    const [priced, record, route] = await Promise.all([rating.explainCall({ call }), cdr.getCall({ call, ...revealing }), control.showRoute({ call })]);
    const price = valueOf(priced);
    // Rating tells the number whole; without a record of the call nobody would know that it was shown.
    const isMasked = revealing.reveal === undefined;
    const told = jsonOf(ExplainCallReplySchema, isMasked ? maskedExplanation(price) : price);
    const explained = { ...told, record: reply(CallRecordSchema, record) };
    if (!route.ok && route.refusal.code === 'unknown_call') return explained;
    const decided = valueOf(route);
    return { ...explained, route: jsonOf(RouteDecidedSchema, isMasked ? maskedRoute(decided) : decided) };
  }

  @Get(':switch/:callId/route')
  @Answers({
    summary: 'How a call was routed, and why',
    description: 'What was decided before the call: its carriers in their order and those that were out, each with its reason and the deck version of its rate; '
      + 'of a call that was refused within the last week the same, with the refusal. '
      + 'Numbers show their prefix only; the explanation of the call shows them for a reason.',
    reply: RouteDecidedSchema,
    refusals: ['unknown_call'],
  })
  async callRoute(@Param({ schema: callPath }) path: CallPath, @Query({ schema: legQuery }) { leg }: LegQuery): Promise<Json> {
    return jsonOf(RouteDecidedSchema, maskedRoute(valueOf(await this.edge.ask.control.showRoute({ call: { switchId: path.switch, callId: path.callId, leg } }))));
  }

  /** The called number as everybody behind the door reads it, and what number portability answered of it. */
  private numbersOf(source: NumberSource, item: AuthorizeBody, switches: KnownSwitches): Result<ReadNumbers, CodedRefusal> {
    const ported = this.edge.numbers.ported(source, item);
    if (!ported.ok) return ported;
    const called = this.edge.numbers.called(source, withoutPrefix(ported.value.calledNumber, switches));
    return called.ok ? ok({ ...ported.value, calledNumber: called.value }) : called;
  }

  private sort(body: unknown, request: FastifyRequest, switches: KnownSwitches): SortedEvents {
    const moment = { nowUs: this.edge.clock.nowUs(), traceparent: traceparentOf(request), switches, numbers: this.edge.numbers };
    if (!(body instanceof Uint8Array)) return sortJson(parsed(eventsFrame, body).events, moment);
    const header = (name: string) => [request.headers[name]].flat()[0];
    return sortCloudEvents(header('content-type') ?? '', header, body, moment);
  }
}

function numbersMasked(text = ''): string {
  return `${text} Numbers show their prefix only, unless a reason is given by who may see them.`.trim();
}
