import { Runs } from './runs.ts';
import type { ChargeTerms, Schedule } from './schedule.ts';

const SEC_PER_MIN = 60;
const PPM = 1_000_000;
const UNITS = Float64Array.from({ length: 10 }, (_, decimals) => 10 ** (9 - decimals));

/** A net price in sixtieths of a nano, which is a whole number, and what was charged for it. */
export interface FastNet {
  readonly sixtieths: number;
  readonly billedSec: number;
  readonly freeSec: number;
}

/**
 * The net price by double arithmetic; undefined where that could be inexact, or where the schedule has what only
 * rationals do (pulses, rates per a time that no minute is a multiple of). Products and sums of whole numbers that are not
 * negative are exact below 2⁵³, and one whose true value is not below 2⁵³ never comes out below it: as sums
 * only grow, one comparison at the end decides.
 */
export function netInDoubles({ segments, terms }: Schedule, billable: number, durationSec: number, allowanceSec: number): FastNet | undefined {
  if (terms.pulses !== undefined) return undefined;
  const runs = new Runs(segments, billable);
  let sixtieths = feesInSixtieths(terms, billable, durationSec);
  let left = allowanceSec;
  while (runs.next()) {
    const { step } = runs;
    const times = SEC_PER_MIN / step.perSec;
    if (!Number.isInteger(times)) return undefined;
    const free = left < runs.lengthSec ? left : runs.lengthSec;
    left -= free;
    sixtieths += Number(step.rateNanos) * times * (runs.lengthSec - free);
    if (runs.entersStep && step.entryFeeNanos !== 0n) sixtieths += Number(step.entryFeeNanos) * SEC_PER_MIN;
  }
  if (!(sixtieths <= Number.MAX_SAFE_INTEGER)) return undefined;
  return { sixtieths: limitedInSixtieths(sixtieths, terms), billedSec: runs.billedSec, freeSec: allowanceSec - left };
}

function feesInSixtieths(terms: ChargeTerms, billable: number, durationSec: number): number {
  let fees = terms.connectFeeNanos === 0n ? 0 : Number(terms.connectFeeNanos);
  if (terms.disconnectFeeNanos !== 0n && durationSec >= terms.disconnectFeeAfterSec) fees += Number(terms.disconnectFeeNanos);
  if (terms.blockSec > 0) fees += Math.floor(billable / terms.blockSec) * Number(terms.blockFeeNanos);
  return fees * SEC_PER_MIN;
}

/** A limit beyond 2⁵³ is not reached by what is below it, and one that is rounded up to it is refused by `roundedInDoubles`. */
function limitedInSixtieths(sixtieths: number, { minChargeNanos, maxCost }: ChargeTerms): number {
  const raised = minChargeNanos === 0n ? sixtieths : Math.max(sixtieths, Number(minChargeNanos) * SEC_PER_MIN);
  return maxCost === undefined ? raised : Math.min(raised, Number(maxCost.nanos) * SEC_PER_MIN);
}

/** The net price with tax after the one rounding, in nanos; -1 where doubles could be inexact. */
export function roundedInDoubles(sixtieths: number, { terms: { taxPpm }, rounding }: Schedule): number {
  const tax = taxPpm === 0 ? NO_TAX : taxOf(taxPpm);
  const num = sixtieths * tax.num;
  const den = SEC_PER_MIN * tax.den * (UNITS[rounding.decimals] ?? 1);
  if (!(num <= Number.MAX_SAFE_INTEGER) || !(den * 2 <= Number.MAX_SAFE_INTEGER)) return -1;
  let whole = Math.floor(num / den);
  let rest = num - whole * den;
  if (rest < 0) {
    whole -= 1;
    rest += den;
  }
  if (rounding.mode === 'up' ? rest > 0 : rounding.mode === 'half_up' && 2 * rest >= den) whole += 1;
  return whole * (UNITS[rounding.decimals] ?? 1);
}

interface Tax {
  readonly num: number;
  readonly den: number;
}

const NO_TAX: Tax = { num: 1, den: 1 };
/** By tax; there are a few in the world. */
const taxes = new Map<number, Tax>();

/** What a net price is multiplied by, in lowest terms. */
function taxOf(taxPpm: number): Tax {
  const known = taxes.get(taxPpm);
  if (known !== undefined) return known;
  const common = commonDivisor(PPM + taxPpm, PPM);
  const tax = { num: (PPM + taxPpm) / common, den: PPM / common };
  if (taxes.size < 1_000) taxes.set(taxPpm, tax);
  return tax;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
