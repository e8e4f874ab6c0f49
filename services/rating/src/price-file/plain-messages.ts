import type { z } from 'zod';

/** What a value should have been, for people. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'an object in braces', record: 'an object in braces',
};

/** What is wrong with a value where its schema does not say that itself; undefined where the words of the library have to do. */
export function plainMessage(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union')) return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kindOf(issue.expected)}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'invalid_union':
      return unionMessage(issue.errors);
    case 'too_small':
      return boundMessage(issue.origin, 'at least', Number(issue.minimum));
    case 'too_big':
      return boundMessage(issue.origin, 'at most', Number(issue.maximum));
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'custom':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'unrecognized_keys':
    default:
      return undefined;
  }
}

function kindOf(expected: string): string {
  return KINDS[expected] ?? `of the type ${expected}`;
}

/** Nothing came near any of the forms, so each of them is named. */
function unionMessage(errors: z.core.$ZodIssueInvalidUnion['errors'] = []): string {
  const kinds = errors.flatMap((issues) => issues.flatMap((each) => (each.code === 'invalid_type' && each.path.length === 0 ? [kindOf(each.expected)] : [])));
  return kinds.length === 0 ? 'has none of the forms that are possible here' : `must be ${[...new Set(kinds)].join(' or ')}`;
}

function boundMessage(origin: string, bound: string, limit: number): string {
  switch (origin) {
    case 'string':
      return limit === 1 && bound === 'at least' ? 'must not be empty' : `must have ${bound} ${limit} characters`;
    case 'array':
      return `must have ${bound} ${limit === 1 ? 'one' : limit}`;
    default:
      return `must be ${bound} ${limit}`;
  }
}
