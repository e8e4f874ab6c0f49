import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import { enumName, jsonName } from './json-of.ts';
import { replyExamples } from './reply-examples.ts';

/** A JSON schema, as far as OpenAPI 3.0 knows it. */
export type JsonSchema = Record<string, unknown>;

const decimalText: JsonSchema = { type: 'string', pattern: '^-?\\d+\\.\\d{2,9}$', example: '0.0125' };
const instantText: JsonSchema = { type: 'string', format: 'date-time', example: '2026-03-14T09:26:53.589793Z' };
const moneyObject: JsonSchema = {
  type: 'object',
  required: ['amount', 'currency'],
  properties: {
    amount: { ...decimalText, description: 'Exact decimal text, up to nine decimals.' },
    currency: { type: 'string', description: 'ISO 4217 alphabetic code.', example: 'EUR' },
  },
  example: { amount: '0.0125', currency: 'EUR' },
};

/** The schemas of all messages that were asked for so far, by component name. */
export const replyComponents = new Map<string, JsonSchema>();

/**
 * A reference to the schema of the JSON that `jsonOf` writes for this message; the schema itself, and those of all
 * messages within, are kept in `replyComponents`.
 */
export function replySchemaOf(schema: DescMessage): JsonSchema {
  const name = schema.name;
  if (!replyComponents.has(name)) {
    replyComponents.set(name, {});
    replyComponents.set(name, schema.typeName.endsWith('.Money') ? moneyObject : objectSchema(schema));
  }
  return { $ref: `#/components/schemas/${name}` };
}

function objectSchema(schema: DescMessage): JsonSchema {
  const required = schema.fields.filter(isAlwaysThere).map(jsonName);
  return {
    type: 'object',
    properties: Object.fromEntries(schema.fields.map((field) => [jsonName(field), fieldSchema(field)])),
    ...(required.length > 0 ? { required } : {}),
  };
}

/** What `jsonOf` never leaves out: numbers, flags, lists and maps outside of a choice, unless they are optional. */
function isAlwaysThere(field: DescField): boolean {
  if (field.oneof !== undefined || field.proto.proto3Optional || field.localName.endsWith('Us')) return false;
  if (field.fieldKind === 'list' || field.fieldKind === 'map') return true;
  return field.fieldKind === 'scalar' && field.scalar !== ScalarType.STRING && field.scalar !== ScalarType.BYTES;
}

function fieldSchema(field: DescField): JsonSchema {
  if (field.fieldKind === 'list') return { type: 'array', items: itemSchema(field) };
  if (field.fieldKind === 'map') return { type: 'object', additionalProperties: itemSchema(field) };
  return itemSchema(field);
}

function itemSchema(field: DescField): JsonSchema {
  if (field.message !== undefined) return replySchemaOf(field.message);
  if (field.enum !== undefined) {
    const { values, sharedPrefix } = field.enum;
    return { type: 'string', enum: values.filter((value) => value.number !== 0).map((value) => enumName(value.name, sharedPrefix)) };
  }
  if (field.localName.endsWith('Us')) return instantText;
  if (field.localName.endsWith('Nanos')) return decimalText;
  return { ...scalarSchema(field.scalar), ...replyExamples[field.localName] };
}

function scalarSchema(scalar: ScalarType | undefined): JsonSchema {
  if (scalar === ScalarType.STRING) return { type: 'string' };
  if (scalar === ScalarType.BOOL) return { type: 'boolean' };
  return scalar === ScalarType.BYTES ? { type: 'string', format: 'byte' } : { type: 'integer' };
}
