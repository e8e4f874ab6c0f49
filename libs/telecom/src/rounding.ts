import { assert, unreachable } from '@tollwire/core';
import { nanos } from './money.ts';
import type { Nanos } from './money.ts';
import type { Rational } from './rational.ts';

/** By magnitude: `up` away from zero, `down` towards zero, `half_up` to the nearest and a tie away from zero. */
export const roundingModes = ['up', 'down', 'half_up'] as const;
export type RoundingMode = (typeof roundingModes)[number];

/** The one rounding of a price: 0–9 decimals of the currency unit. */
export interface Rounding {
  readonly decimals: number;
  readonly mode: RoundingMode;
}

/** Nothing is lost but what is below a nano; the terms of a carrier's deck, which states none. */
export const ROUND_TO_NANOS: Rounding = { decimals: 9, mode: 'half_up' };

const UNITS = Array.from({ length: 10 }, (_, decimals) => 10n ** BigInt(9 - decimals));

/** How many nanos one step of `decimals` decimals has: 0 → 10⁹, 9 → 1. */
export function roundingUnitNanos(decimals: number): bigint {
  const unit = UNITS[decimals];
  assert(unit !== undefined, `rounding has 0 to 9 decimals, not ${decimals}`);
  return unit;
}

/** Rounds an exact amount of nanos to `decimals` decimals of the currency unit. The only rounding of a price. */
export function roundTo(exactNanos: Rational, decimals: number, mode: RoundingMode): Nanos {
  const unit = roundingUnitNanos(decimals);
  const magnitude = exactNanos.num < 0n ? -exactNanos.num : exactNanos.num;
  const den = exactNanos.den * unit;
  const rounded = nanos(quotient(magnitude, den, mode) * unit);
  return exactNanos.num < 0n ? nanos(-rounded) : rounded;
}

function quotient(num: bigint, den: bigint, mode: RoundingMode): bigint {
  switch (mode) {
    case 'up':
      return (num + den - 1n) / den;
    case 'down':
      return num / den;
    case 'half_up':
      return (2n * num + den) / (2n * den);
    default:
      return unreachable(mode);
  }
}
