import { hash } from 'node:crypto';
import { PARTITION_COUNT } from '@tollwire/contracts';

/** The services whose writes the floor makes, each in a database and a stream of its own. */
export const floorServices = ['edge', 'cdr', 'rating', 'card'] as const;
export type FloorService = (typeof floorServices)[number];

/** First token of the floor's subjects, and the name of its streams and databases. */
export const floorRoot = 'floor';

/** The six public events of a call's way: who publishes them, and how many bytes of one are the data without envelope. */
export const kinds = {
  started: { service: 'edge', dataBytes: 93, bit: 1 },
  answered: { service: 'edge', dataBytes: 41, bit: 2 },
  ended: { service: 'edge', dataBytes: 148, bit: 4 },
  rated: { service: 'rating', dataBytes: 324, bit: 8 },
  debited: { service: 'card', dataBytes: 120, bit: 0 },
  closed: { service: 'cdr', dataBytes: 140, bit: 0 },
} as const satisfies Record<string, { service: FloorService; dataBytes: number; bit: number }>;
export type Kind = keyof typeof kinds;

/** Bytes of one event in a message. */
export type EventSizes = Readonly<Record<Kind, number>>;

/** As the services wrote them when this was made; a run of the pipeline brings those of its own. */
export const usualSizes: EventSizes = { started: 439, answered: 389, ended: 487, rated: 672, debited: 468, closed: 482 };

/** Events of one kind and partition, as many as fit one outbox row. */
export interface Packed {
  readonly subject: string;
  readonly payload: Buffer;
  readonly eventCount: number;
}

/** Packs the events of calls, told by their numbers, into one payload for each partition: bytes of the right size, and the number. */
export function pack(kind: Kind, sizes: EventSizes, numbers: readonly number[]): Packed[] {
  const byPartition = Map.groupBy(numbers, (number) => number % PARTITION_COUNT);
  return [...byPartition].map(([partition, own]) => {
    const payload = Buffer.alloc(own.length * sizes[kind], 0x61);
    own.forEach((number, at) => payload.writeUInt32LE(number, at * sizes[kind]));
    return { subject: subjectOf(kind, String(partition)), payload, eventCount: own.length };
  });
}

/** The numbers of the calls that a payload tells of. */
export function unpack(kind: Kind, sizes: EventSizes, payload: Uint8Array): number[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return Array.from({ length: Math.floor(payload.byteLength / sizes[kind]) }, (_, at) => view.getUint32(at * sizes[kind], true));
}

/** The subject of a kind in one partition, or with `*` in all. */
export function subjectOf(kind: Kind, partition: string): string {
  return `${floorRoot}.${kinds[kind].service}.v1.call.${kind}.${partition}`;
}

/** The kind that a subject names. */
export function kindOf(subject: string): Kind {
  const name = subject.split('.')[4] ?? '';
  if (!isKind(name)) throw new Error(`${subject} is no subject of the floor`);
  return name;
}

function isKind(name: string): name is Kind {
  return Object.hasOwn(kinds, name);
}

/** An id as events have them: its time in front, so that it is filed beside its neighbours, and the rest as good as random. */
export function idOf(kind: Kind, number: number): string {
  const time = (0x19b000000000 + Math.floor(number / 1000)).toString(16);
  const rest = hash('md5', `${kind}${number}`, 'hex');
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-8${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
}

export function callKey(number: number): string {
  return `bench/floor1234-${number}/0`;
}
