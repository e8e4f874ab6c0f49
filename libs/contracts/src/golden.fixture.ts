import { type DescMessage, type JsonValue, toJson } from '@bufbuild/protobuf';
import { readdirSync, readFileSync } from 'node:fs';
import { batchContentType, dataOf, decodeMessage } from './index.ts';

const folder = new URL('../golden/', import.meta.url);

/** The bytes of one event as they were once published, and what they said: `CallEnded.2.hex` and `CallEnded.2.json`. */
export interface Golden {
  readonly event: string;
  readonly edition: number;
  readonly bytes: Uint8Array;
  readonly said: unknown;
}

/** Every file of the folder that is named as golden bytes are; what is not is named in `strays`. */
export function golden(): { readonly kept: readonly Golden[]; readonly strays: readonly string[] } {
  const names = readdirSync(folder);
  const kept = names.flatMap((name): Golden[] => {
    const [, event, edition] = /^(\w+)\.([1-9]\d*)\.hex$/.exec(name) ?? [];
    if (event === undefined || !names.includes(name.replace(/hex$/, 'json'))) return [];
    const text = (end: string) => readFileSync(new URL(`${event}.${edition}.${end}`, folder), 'utf8');
    return [{ event, edition: Number(edition), bytes: Buffer.from(text('hex').replaceAll(/\s/g, ''), 'hex'), said: JSON.parse(text('json')) }];
  });
  const strays = names.filter((name) => !kept.some(({ event, edition }) => name === `${event}.${edition}.hex` || name === `${event}.${edition}.json`));
  return { kept, strays };
}

/** The newest edition of each event's bytes. */
export function newest(kept: readonly Golden[]): ReadonlyMap<string, Golden> {
  return new Map(kept.toSorted((some, other) => some.edition - other.edition).map((each) => [each.event, each]));
}

/** What bytes of one event say under a schema: the event's data in proto3 JSON. Throws where they cannot be read. */
export function readAs(schema: DescMessage, bytes: Uint8Array): JsonValue {
  const decoded = decodeMessage(batchContentType, () => undefined, bytes);
  const [event] = decoded.ok ? decoded.value : [];
  if (event === undefined) throw new Error('The bytes hold no event');
  return toJson(schema, dataOf(schema, event));
}
