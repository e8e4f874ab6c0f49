import { assert } from '@tollwire/core';

/** An exact fraction; the denominator is positive. Not necessarily in lowest terms. */
export interface Rational {
  readonly num: bigint;
  readonly den: bigint;
}

/** The fraction `num / den`; the denominator may be any number but 0. */
export function rational(num: bigint, den = 1n): Rational {
  assert(den !== 0n, 'a rational has a denominator other than 0');
  return den < 0n ? { num: -num, den: -den } : { num, den };
}

/** The sum, exactly. */
export function plus(a: Rational, b: Rational): Rational {
  return a.den === b.den ? { num: a.num + b.num, den: a.den } : { num: a.num * b.den + b.num * a.den, den: a.den * b.den };
}

/** The product, exactly. */
export function times(a: Rational, b: Rational): Rational {
  return { num: a.num * b.num, den: a.den * b.den };
}

/** The quotient, exactly; the divisor is not 0. */
export function over(a: Rational, b: Rational): Rational {
  return rational(a.num * b.den, a.den * b.num);
}

/** Negative where `a < b`, 0 where equal, positive where `a > b`. */
export function compare(a: Rational, b: Rational): -1 | 0 | 1 {
  const left = a.num * b.den;
  const right = b.num * a.den;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The largest whole number not above the value. */
export function floor({ num, den }: Rational): bigint {
  const quotient = num / den;
  return num < 0n && quotient * den !== num ? quotient - 1n : quotient;
}

/**
 * The value in decimal, exactly: a fraction that repeats has its period in parentheses (`1/600` → `0.001(6)`).
 * A period that is not reached within 60 decimals ends in `…`.
 */
export function formatRational(value: Rational): string {
  const magnitude = value.num < 0n ? -value.num : value.num;
  const sign = value.num < 0n ? '-' : '';
  const seenAt = new Map<bigint, number>();
  let digits = '';
  let rest = magnitude % value.den;
  while (rest !== 0n && !seenAt.has(rest) && digits.length < 60) {
    seenAt.set(rest, digits.length);
    digits += ((rest * 10n) / value.den).toString();
    rest = (rest * 10n) % value.den;
  }
  const from = seenAt.get(rest);
  const fraction = rest === 0n ? digits : from === undefined ? `${digits}…` : `${digits.slice(0, from)}(${digits.slice(from)})`;
  return `${sign}${magnitude / value.den}${fraction === '' ? '' : `.${fraction}`}`;
}
