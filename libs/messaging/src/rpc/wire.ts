import { create, type DescService, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type CodedRefusal, isRefusalCode, RefusalSchema, rpcSubjectOf } from '@tollwire/contracts';

/** Header that marks a reply as a refusal. */
export const refusalHeader = 'tollwire-refusal';

/** Which instance of a proto service is meant. */
export interface RpcAddress {
  readonly root: string;
  /** The service that answers; where nothing is said, the area of the proto package (`tollwire.card.v1` → `card`). */
  readonly service?: string;
}

/** The service that a descriptor belongs to, by its package. */
export function serviceNameOf(descriptor: DescService, address: RpcAddress): string {
  const [, area = ''] = descriptor.typeName.split('.');
  return address.service ?? area;
}

/** The subject of each method, by its name in camel case. */
export function subjectsOf(descriptor: DescService, address: RpcAddress): Map<string, string> {
  const service = serviceNameOf(descriptor, address);
  return new Map(descriptor.methods.map(({ localName, name }) => [localName, rpcSubjectOf(address.root, service, name)]));
}

/** A member of an object by its name; undefined where there is no such object or member. */
export function memberOf(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined;
}

/**
 * The bytes of a refusal. Facts beside `facts` itself (a decider's `expiredAt`) go along as text.
 */
export function refusalBytes(refusal: CodedRefusal): Uint8Array {
  const { code, detail = '', field = '', facts = {}, ...others } = refusal;
  const told = Object.entries(others).filter(([, value]) => isFact(value));
  const all = { ...Object.fromEntries(told.map(([name, value]) => [name, String(value)])), ...facts };
  return toBinary(RefusalSchema, create(RefusalSchema, { code, detail, field, facts: all }));
}

function isFact(value: unknown): boolean {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

/** The refusal in a reply; one with a code that is not published here is an `internal_error` that tells the code. */
export function refusalOfBytes(bytes: Uint8Array): CodedRefusal {
  const { code, detail, field, facts } = fromBinary(RefusalSchema, bytes);
  return {
    ...(isRefusalCode(code) ? { code, facts } : { code: 'internal_error', facts: { ...facts, code } }),
    ...(detail === '' ? {} : { detail }),
    ...(field === '' ? {} : { field }),
  };
}
