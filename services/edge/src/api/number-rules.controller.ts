import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { callerOf } from '@tollwire/telecom';
import { EDGE, type EdgeDeps } from '../edge.deps.ts';
import { Answers } from '../http/answers.ts';
import { Caller, nameOf } from '../http/caller.ts';
import { isoOfUs } from '../http/instants.ts';
import { type Json, valueOf } from '../http/reply.ts';
import type { JsonSchema } from '../http/reply-schema.ts';
import type { Principal } from '../keys/key-ring.ts';
import type { KeptNumberRules } from '../numbers/number-rules-table.ts';
import * as parse from './number-rules.schema.ts';

const text = { type: 'string' };
const texts = { type: 'array', items: text };
const rulesReply: JsonSchema = {
  type: 'object',
  properties: {
    switchId: text, trunk: text, internationalPrefixes: texts, technicalPrefixes: texts,
    country: { type: 'object', properties: { callingCode: text, trunkPrefix: text, nationalLengths: { type: 'array', items: { type: 'integer' } } } },
    setBy: text, setAt: { type: 'string', format: 'date-time' },
  },
};
const readReply: JsonSchema = { type: 'object', properties: { kind: { type: 'string', enum: ['number', 'anonymous', 'odd'] }, e164: { type: 'string', example: '34650123456' } } };

@ApiTags('calls')
@Controller('v1/number-rules')
export class NumberRulesController {
  private readonly edge: EdgeDeps;

  constructor(@Inject(EDGE) edge: EdgeDeps) {
    this.edge = edge;
  }

  @Get()
  @Answers({ summary: 'List how numbers are dialled on switches and trunks', reply: { type: 'object', properties: { numberRules: { type: 'array', items: rulesReply } } } })
  async list(): Promise<Json> {
    await this.edge.numbers.refresh();
    return { numberRules: this.edge.numbers.all.map(rulesJson) };
  }

  @Post()
  @HttpCode(200)
  @Answers({
    summary: 'Say how numbers are dialled on a switch or trunk',
    description: 'As a whole. Numbers of its calls, called and calling, are read so from now on, in authorizations, events and files; calls that were told before stay as they are.',
    reply: rulesReply,
  })
  async set(@Body({ schema: parse.numberRules }) { switchId, trunk, rules }: parse.NumberRulesBody, @Caller() caller: Principal): Promise<Json> {
    valueOf(await this.edge.handleNumberRules({ switchId, trunk }, { type: 'SetRules', switchId, trunk, rules, by: nameOf(caller), at: this.edge.clock.nowUs() }));
    await this.edge.numbers.refresh();
    return { switchId, ...(trunk === '' ? {} : { trunk }), ...rules };
  }

  @Post('drop')
  @Answers({ summary: 'Forget how numbers are dialled on a switch or trunk', description: 'A trunk then goes by the rules of its switch, a switch by the usual reading.', status: 204 })
  async drop(@Body({ schema: parse.numberSource }) source: parse.NumberSourceBody, @Caller() caller: Principal): Promise<void> {
    valueOf(await this.edge.handleNumberRules(source, { type: 'DropRules', by: nameOf(caller), at: this.edge.clock.nowUs() }));
    await this.edge.numbers.refresh();
  }

  @Post('read')
  @Answers({ summary: 'How would this number of a switch be read?', description: 'As one that is called, or as one that calls: the reading is the same.', reply: readReply })
  async read(@Body({ schema: parse.numberToRead }) { number, source }: parse.NumberToRead): Promise<Json> {
    const read = callerOf(number, this.edge.numbers.rulesOf(source));
    return read.kind === 'number' ? { kind: read.kind, e164: read.e164 } : { kind: read.kind };
  }
}

function rulesJson({ switchId, trunk, rules, setBy, setAtUs }: KeptNumberRules): Json {
  return { switchId, ...(trunk === '' ? {} : { trunk }), ...rules, setBy, setAt: isoOfUs(setAtUs) };
}
