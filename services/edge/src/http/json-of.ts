import { type DescField, type DescMessage, type DescOneof, type MessageShape, ScalarType } from '@bufbuild/protobuf';
import { assert } from '@tollwire/core';
import { MoneySchema } from '@tollwire/contracts';
import { formatNanos } from '@tollwire/telecom';
import { isoOfUs } from './instants.ts';

type Fields = Record<string, unknown>;
type Writer = (message: Fields, json: Fields) => void;
type ToJson = (value: unknown) => unknown;

const converters = new Map<string, ToJson>();

/**
 * The JSON form of a reply. One rule for every message: instants as ISO 8601 with microseconds, nanos as decimal
 * text, money as amount and currency, a choice as the one member that is set. What protobuf has as its default
 * because it is not there (an empty text, an instant or a message that never came) is left out.
 */
export function jsonOf<D extends DescMessage>(schema: D, message: MessageShape<D>): Fields {
  const json = converterOf(schema)(message);
  assert(isFields(json), `${schema.typeName} is an object in JSON`);
  return json;
}

/** The name that a field has in JSON: units that JSON spells otherwise are no part of it. */
export function jsonName(field: DescField): string {
  return nameInJson(field.localName);
}

/** The same of a name alone: `atUs` is `at`, `ratePerMinNanos` is `ratePerMin`. */
export function nameInJson(name: string): string {
  return name.replace(/(Us|Nanos)$/, '');
}

/** What an enum value is called in JSON: `DECK_KIND_TARIFF` of `DeckKind` is `tariff`; the zero value is left out. */
export function enumName(name: string, sharedPrefix: string | undefined): string {
  return name.slice(sharedPrefix?.length ?? 0).toLowerCase();
}

function converterOf(schema: DescMessage): ToJson {
  const known = converters.get(schema.typeName);
  if (known !== undefined) return known;
  if (schema.typeName === MoneySchema.typeName) return moneyJson;
  let writers: readonly Writer[] | undefined;
  const convert: ToJson = (message) => {
    writers ??= schema.members.map((member) => (member.kind === 'oneof' ? oneofWriter(member) : fieldWriter(member)));
    assert(isFields(message), `${schema.typeName} is a message`);
    const json: Fields = {};
    for (const write of writers) write(message, json);
    return json;
  };
  converters.set(schema.typeName, convert);
  return convert;
}

function fieldWriter(field: DescField): Writer {
  const name = jsonName(field);
  const toJson = valueConverter(field);
  const absent = absentValue(field);
  return (message, json) => {
    const value = message[field.localName];
    if (value !== absent) json[name] = toJson(value);
  };
}

/** What a field holds when it is not there. A number, a flag, a list and a map always are. */
function absentValue(field: DescField): unknown {
  if (field.fieldKind === 'enum') return 0;
  if (field.fieldKind !== 'scalar') return undefined;
  if (field.scalar === ScalarType.STRING) return '';
  return field.localName.endsWith('Us') ? 0n : undefined;
}

function oneofWriter(oneof: DescOneof): Writer {
  const members = new Map(oneof.fields.map((field) => [field.localName, { name: jsonName(field), toJson: valueConverter(field) }]));
  return (message, json) => {
    const chosen = message[oneof.localName];
    assert(isFields(chosen), `${oneof.name} is a choice`);
    const member = typeof chosen['case'] === 'string' ? members.get(chosen['case']) : undefined;
    if (member !== undefined) json[member.name] = member.toJson(chosen['value']);
  };
}

function valueConverter(field: DescField): ToJson {
  if (field.fieldKind === 'list') {
    const each = itemConverter(field);
    return (list) => (Array.isArray(list) ? list.map(each) : []);
  }
  if (field.fieldKind === 'map') {
    const each = itemConverter(field);
    return (map) => (isFields(map) ? Object.fromEntries(Object.entries(map).map(([key, value]) => [key, each(value)])) : {});
  }
  return itemConverter(field);
}

function itemConverter(field: DescField): ToJson {
  if (field.message !== undefined) return converterOf(field.message);
  if (field.enum !== undefined) {
    const { value: values, sharedPrefix } = field.enum;
    return (number) => enumName(values[Number(number)]?.name ?? '', sharedPrefix);
  }
  if (field.localName.endsWith('Us')) return instantJson;
  if (field.localName.endsWith('Nanos')) return nanosJson;
  return plainJson;
}

const instantJson: ToJson = (us) => (typeof us === 'bigint' ? isoOfUs(us) : undefined);
const nanosJson: ToJson = (nanos) => (typeof nanos === 'bigint' ? formatNanos(nanos) : undefined);

const moneyJson: ToJson = (money) =>
  isFields(money) ? { amount: nanosJson(money['nanos']), currency: money['currency'] } : undefined;

function plainJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
