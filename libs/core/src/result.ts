import type { Refusal } from './decider.ts';

/** What an operation answers when it may be refused. */
export type Result<T, R extends Refusal = Refusal> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: R };

/** A result that carries its value. */
export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

/** A result that carries its refusal. */
export function refuse<R extends Refusal>(refusal: R): { ok: false; refusal: R } {
  return { ok: false, refusal };
}
