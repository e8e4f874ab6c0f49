import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { CodedRefusal } from '@tollwire/contracts';
import type { Result } from '@tollwire/core';
import { refusalSent, type SentNames } from './field-sent.ts';
import { jsonOf } from './json-of.ts';
import { Refused } from './refused.ts';

/** A reply as it goes out. */
export type Json = Record<string, unknown>;

/** What was answered; a refusal leaves the controller from here and becomes problem details. */
export function valueOf<T>(result: Result<T, CodedRefusal>, names?: SentNames): T {
  if (!result.ok) throw new Refused(refusalSent(result.refusal, names));
  return result.value;
}

/** The JSON of what was answered; a refusal leaves the controller from here and becomes problem details. */
export function reply<D extends DescMessage>(schema: D, result: Result<MessageShape<D>, CodedRefusal>): Json {
  return jsonOf(schema, valueOf(result));
}
