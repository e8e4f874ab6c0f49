import { ok, refuse } from '@tollwire/core';
import type { Brand, Refusal, Result } from '@tollwire/core';

/** An amount of money: a whole number of 10⁻⁹ of one currency unit. */
export type Nanos = Brand<bigint, 'Nanos'>;

/** An ISO 4217 alphabetic code, upper-case. */
export type Currency = Brand<string, 'Currency'>;

/** Nanos in one unit of currency. */
export const NANOS_PER_UNIT = 1_000_000_000n;

const INT64_MAX = 9_223_372_036_854_775_807n;
const DECIMAL = /^([+-]?)(\d{1,10})(?:\.(\d+))?$/;

export type MoneyRefusal = Refusal & { readonly code: 'amount_malformed' | 'currency_malformed'; readonly value: string };

/** Brands a whole number of nanos that is known to be one. */
export function nanos(value: bigint): Nanos {
  return value as Nanos;
}

/**
 * Reads a decimal amount of currency units (`"0.0125"`) as nanos. Never rounds: a tenth decimal that is not zero,
 * an exponent, a thousands separator, or an amount beyond ±9,223,372,036.854775807 is refused.
 */
export function nanosOf(decimal: string): Result<Nanos, MoneyRefusal> {
  const match = DECIMAL.exec(decimal.trim());
  if (match === null) return malformed(decimal);
  const [, sign = '', whole = '', fraction = ''] = match;
  if (fraction.length > 9 && !/^0*$/.test(fraction.slice(9))) return malformed(decimal);
  const magnitude = BigInt(whole + fraction.slice(0, 9).padEnd(9, '0'));
  if (magnitude > INT64_MAX) return malformed(decimal);
  return ok(nanos(sign === '-' ? -magnitude : magnitude));
}

function malformed(decimal: string): { readonly ok: false; readonly refusal: MoneyRefusal } {
  return refuse({ code: 'amount_malformed', value: decimal.slice(0, 64) });
}

/** Writes an amount in currency units with at least `decimalsMin` (0–9) decimals and no zeros after those. */
export function formatNanos(amount: bigint, decimalsMin = 2): string {
  const magnitude = amount < 0n ? -amount : amount;
  const digits = (magnitude % NANOS_PER_UNIT).toString().padStart(9, '0');
  let length = 9;
  while (length > decimalsMin && digits[length - 1] === '0') length -= 1;
  const fraction = length === 0 ? '' : `.${digits.slice(0, length)}`;
  return `${amount < 0n ? '-' : ''}${magnitude / NANOS_PER_UNIT}${fraction}`;
}

/** Reads an ISO 4217 alphabetic currency code; case does not matter. */
export function currencyOf(code: string): Result<Currency, MoneyRefusal> {
  const upper = code.trim().toUpperCase();
  if (!/^[A-Z]{3}$/.test(upper)) return refuse({ code: 'currency_malformed', value: code.slice(0, 64) });
  return ok(upper as Currency);
}
