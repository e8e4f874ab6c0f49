import { describe, expect, it } from '@jest/globals';
import { create, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { CardService, CatalogService, CdrService, OpsService, RatingService, RoutingService } from '@tollwire/contracts';
import { seededRandom, type Random } from './spec-random.ts';
import { jsonOf } from './json-of.ts';
import { replyComponents, replySchemaOf } from './reply-schema.ts';

const services = [CardService, CatalogService, CdrService, OpsService, RatingService, RoutingService];
const replies = [...new Map(services.flatMap(({ methods }) => methods.map(({ output }) => [output.typeName, output] as const))).values()];

describe('schemas of replies', () => {
  it.each(replies.map((reply) => [reply.name, reply] as const))('say what the JSON of %s is, whatever is in it', (_, reply) => {
    const schema = replySchemaOf(reply);
    const random = seededRandom(7);
    for (let n = 0; n < 50; n += 1) {
      expect(misfits(jsonOf(reply, create(reply, anyMessage(reply, random, 0))), schema, '$')).toEqual([]);
    }
  });

  it('has an example of what people look for', () => {
    replySchemaOf(RatingService.method.quote.output);
    expect(replyComponents.get('RatedSide')).toMatchObject({ properties: { prefix: { example: '43664' }, billedSec: { example: 66 }, ratePerMin: { type: 'string' } } });
  });
});

/** A message with random fields set, so that each is seen there and not there. */
function anyMessage(schema: DescMessage, random: Random, depth: number): Record<string, unknown> {
  const members = schema.members.filter(() => random() < 0.6);
  return Object.fromEntries(
    members.map((member) => {
      if (member.kind === 'field') return [member.localName, anyField(member, random, depth)];
      const chosen = member.fields[Math.floor(random() * member.fields.length)];
      return [member.localName, chosen === undefined ? { case: undefined } : { case: chosen.localName, value: anyItem(chosen, random, depth) }];
    }),
  );
}

function anyField(field: DescField, random: Random, depth: number): unknown {
  if (field.fieldKind === 'list') return Array.from({ length: Math.floor(random() * 3) }, () => anyItem(field, random, depth));
  if (field.fieldKind === 'map') return { key: anyItem(field, random, depth) };
  return anyItem(field, random, depth);
}

function anyItem(field: DescField, random: Random, depth: number): unknown {
  if (field.message !== undefined) return depth > 4 ? create(field.message) : create(field.message, anyMessage(field.message, random, depth + 1));
  if (field.enum !== undefined) return field.enum.values[Math.floor(random() * field.enum.values.length)]?.number;
  switch (field.scalar) {
    case ScalarType.STRING:
      return random() < 0.3 ? '' : 'text';
    case ScalarType.BOOL:
      return random() < 0.5;
    case ScalarType.BYTES:
      return Buffer.from('bytes');
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return BigInt(Math.floor(random() * 4e15));
    default:
      return Math.floor(random() * 4e9);
  }
}

/** The part of a JSON schema that replies are described with. */
interface ReplySchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, ReplySchema>>;
  readonly additionalProperties?: ReplySchema;
  readonly items?: ReplySchema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
}

/** Where a value does not fit its schema: what readers of the API would stumble over. */
function misfits(value: unknown, schema: ReplySchema, path: string): string[] {
  if (schema.$ref !== undefined) return misfits(value, replyComponents.get(schema.$ref.split('/').at(-1) ?? '') ?? {}, path);
  switch (schema.type) {
    case 'array':
      return Array.isArray(value) ? value.flatMap((item, at) => misfits(item, schema.items ?? {}, `${path}[${at}]`)) : [`${path} is no list`];
    case 'object':
      return objectMisfits(value, schema, path);
    case 'integer':
      return Number.isInteger(value) ? [] : [`${path} is no whole number`];
    default:
      return textMisfits(value, schema, path);
  }
}

function textMisfits(value: unknown, { type, enum: members, pattern }: ReplySchema, path: string): string[] {
  if (typeof value !== type) return [`${path} is no ${String(type)}`];
  if (members?.includes(value) === false) return [`${path} is none of its members`];
  return pattern === undefined || new RegExp(pattern).test(String(value)) ? [] : [`${path} has not its form`];
}

function objectMisfits(value: unknown, { properties = {}, additionalProperties, required = [] }: ReplySchema, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${path} is no object`];
  const missing = required.filter((name) => !(name in value)).map((name) => `${path}.${name} is missing`);
  const wrong = Object.entries(value).flatMap(([name, item]) => {
    const known = properties[name] ?? additionalProperties;
    return known === undefined ? [`${path}.${name} is not known`] : misfits(item, known, `${path}.${name}`);
  });
  return [...missing, ...wrong];
}
