import { ok, type Result } from '@tollwire/core';
import { refuseRow, type RowContext, type RowError } from './row.ts';

export type JsonObject = { readonly [name: string]: unknown };

/** A row that is one JSON object. */
export function jsonRow(text: string, context: RowContext): Result<JsonObject, RowError> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return ok(value);
  } catch {
    return refuseRow(context, 'cdr_malformed', '$', text, 'The row is not JSON.');
  }
  return refuseRow(context, 'cdr_malformed', '$', text, 'The row is JSON, but not an object.');
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first of the named members that holds a text or a number, as text; empty where none does. */
export function textAt(object: JsonObject, ...names: readonly string[]): string {
  for (const name of names) {
    const value = object[name];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return '';
}
