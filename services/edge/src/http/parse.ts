import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { CodedRefusal } from '@tollwire/contracts';
import { z } from 'zod';
import { Refused } from './refused.ts';

/** What the message of an issue starts with where a value is not there, rather than wrong. */
export const missing = 'is missing';

type Issue = NonNullable<Awaited<ReturnType<z.ZodType['~standard']['validate']>>['issues']>[number];

/** Marks an issue of a check of our own that the value has its form, and not its range. */
export const outOfRange = { range: true } as const;

/** Says that a required value is not there in words that `faultOf` can tell from those for a wrong one. */
z.config({ customError: (issue) => ((issue.code === 'invalid_type' || issue.code === 'invalid_value') && issue.input === undefined ? missing : undefined) });

/** What is wrong with one field, under its published code. */
export function faultOf(issue: Issue): CodedRefusal {
  const code = 'code' in issue ? issue.code : undefined;
  const path = fieldOf(issue.path ?? []);
  if (code === 'unrecognized_keys' && 'keys' in issue && Array.isArray(issue.keys)) {
    const field = fieldOf([...(issue.path ?? []), String(issue.keys[0])]);
    return { code: 'field_unknown', field, detail: `The field ${field} is not known here.` };
  }
  const detail = `${path === '' ? 'The request' : path} ${sentence(issue.message)}`;
  if (issue.message.startsWith(missing)) return { code: 'field_missing', field: path, detail };
  const isRange = code === 'too_small' || code === 'too_big' || ('params' in issue && issue.params === outOfRange);
  return { code: isRange ? 'field_out_of_range' : 'field_malformed', field: path, detail };
}

/** A path as it would be written in JavaScript: `events[2].call.leg`. */
export function fieldOf(path: readonly (PropertyKey | { readonly key: PropertyKey })[]): string {
  return path.reduce<string>((text, segment) => {
    const key = typeof segment === 'object' ? segment.key : segment;
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function refusedFor(issues: readonly Issue[]): Refused {
  const [first = { code: 'request_malformed' } as const, ...rest] = issues.map(faultOf);
  return new Refused(first, rest.length > 0 ? { errors: [first, ...rest] } : {});
}

/** What a value is by a schema, for what a pipe cannot reach; refused as by the pipe. */
export function parsed<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw refusedFor(result.error.issues);
  return result.data;
}

/** Parses each parameter that has a schema; what does not fit is refused with the first field at fault, and all of them listed. */
export const parsePipe = new StandardSchemaValidationPipe({ exceptionFactory: refusedFor });

function sentence(message: string): string {
  const [head = '', ...tail] = message.split(': ');
  return head.startsWith('Invalid') || head.startsWith('Too') ? `is not taken: ${tail.join(': ') || head.toLowerCase()}.` : `${message}.`;
}
