import { clone, createFileRegistry, type DescMessage } from '@bufbuild/protobuf';
import { type FieldDescriptorProto, FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { golden, newest, readAs } from './golden.fixture.ts';
import { batchContentType, CallEndedSchema, decodeMessage, encodeEvent, publicEvents } from './index.ts';
import { sampleEvents } from './sample-events.fixture.ts';

/**
 * Bytes as they were published. Streams, outboxes and adapters hold them, so today's code must read every edition as it
 * was meant. Where an event changes, its new bytes are kept as the next edition beside the old: a file is added, never changed.
 */
const { kept, strays } = golden();
const editions = kept.map((each) => [`${each.event}.${each.edition}`, each] as const);

describe('golden bytes', () => {
  it('are kept for every public event, each edition with what it says, counted from 1', () => {
    expect(strays).toEqual([]);
    expect([...newest(kept).keys()].toSorted()).toEqual(Object.keys(publicEvents).toSorted());
    for (const [event, { edition }] of newest(kept)) {
      expect([event, kept.filter((each) => each.event === event).length]).toEqual([event, edition]);
    }
  });

  it.each(Object.entries(sampleEvents))('of %s, in their newest edition, are what is published today', (name, event) => {
    const last = newest(kept).get(name);
    expect({ keepAs: `${name}.${last?.edition}.hex`, hex: Buffer.from(encodeEvent(event)).toString('hex') })
      .toEqual({ keepAs: `${name}.${last?.edition}.hex`, hex: Buffer.from(last?.bytes ?? []).toString('hex') });
  });

  it.each(editions)('of %s are read as what they said', (_name, { event, bytes, said }) => {
    const sample = Object.entries(sampleEvents).find(([name]) => name === event)?.[1];
    expect(decodeMessage(batchContentType, () => undefined, bytes)).toMatchObject({ ok: true, value: [{ type: sample?.definition.type, key: sample?.key }] });
    expect(sample && readAs(sample.definition.schema, bytes)).toEqual(said);
  });
});

/** `CallEnded` as it would be after a change of its fields. */
function changed(change: (fields: FieldDescriptorProto[]) => FieldDescriptorProto[]): DescMessage {
  const { file, typeName, name } = CallEndedSchema;
  const proto = clone(FileDescriptorProtoSchema, file.proto);
  const message = proto.messageType.find((each) => each.name === name);
  if (message === undefined) throw new Error(`${typeName} stands in ${proto.name}`);
  message.field = change(message.field);
  const registry = createFileRegistry(proto, (path) => file.dependencies.find((each) => each.proto.name === path));
  const schema = registry.getMessage(typeName);
  if (schema === undefined) throw new Error(`${typeName} is registered`);
  return schema;
}

describe('a change of an event', () => {
  const last = newest(kept).get('CallEnded');
  const readAfter = (change: Parameters<typeof changed>[0]) => readAs(changed(change), last?.bytes ?? new Uint8Array());

  it('that adds a field leaves old bytes as they were', () => {
    expect(readAfter((fields) => [...fields, ...fields.slice(-1).map((field) => ({ ...field, name: 'more', jsonName: 'more', number: 99 }))])).toEqual(last?.said);
  });

  it.each<[what: string, change: Parameters<typeof changed>[0]]>([
    ['removes one', (fields) => fields.filter(({ name }) => name !== 'called_number')],
    ['renumbers one', (fields) => fields.map((field) => (field.name === 'called_number' ? { ...field, number: 77 } : field))],
    ['renames one', (fields) => fields.map((field) => (field.name === 'called_number' ? { ...field, name: 'dialled', jsonName: 'dialled' } : field))],
  ])('that %s is caught by the old bytes', (_what, change) => {
    expect(readAfter(change)).not.toEqual(last?.said);
  });
});
