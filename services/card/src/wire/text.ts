import type { CodedRefusal } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';

const controlCharacters = /[\u0000-\u001f\u007f]/;

/**
 * A text field of a request: 1 to `lengthMax` characters and none that controls a terminal or that PostgreSQL cannot
 * store; one such text would fail the whole batch that it is in. Refuses field_missing and field_malformed.
 */
export function textOf(value: string, field: string, lengthMax = 128): Result<string, CodedRefusal> {
  if (value === '') return refuse({ code: 'field_missing', field, detail: `Give ${field}.` });
  if (value.length > lengthMax || controlCharacters.test(value)) {
    return refuse({ code: 'field_malformed', field, detail: `Give ${field} as at most ${lengthMax} printable characters.` });
  }
  return ok(value);
}

/** As textOf, for a field that may be empty. */
export function optionalTextOf(value: string, field: string, lengthMax = 256): Result<string, CodedRefusal> {
  return value === '' ? ok(value) : textOf(value, field, lengthMax);
}
