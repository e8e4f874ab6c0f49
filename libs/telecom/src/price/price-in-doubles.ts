import { Runs } from './runs.ts';
import type { ChargeTerms, Segment, Step } from './schedule.ts';
import type { Rounding } from '../rounding.ts';

const SEC_PER_MIN = 60;
const PPM = 1_000_000;
const UNITS = Float64Array.from({ length: 10 }, (_, decimals) => 10 ** (9 - decimals));

/** A net price in sixtieths of a nano, which is a whole number, and what was charged for it. */
export interface FastNet {
  readonly sixtieths: number;
  readonly billedSec: number;
  readonly freeSec: number;
}

/** What a price in doubles needs of the terms of a call, in sixtieths of a nano. */
export interface TermsInDoubles {
  readonly connectFee: number;
  readonly disconnectFee: number;
  readonly disconnectFeeAfterSec: number;
  readonly blockFee: number;
  readonly blockSec: number;
  readonly minCharge: number;
  /** Infinity: none. */
  readonly maxCost: number;
  /** What a net price is multiplied by, in lowest terms. */
  readonly tax: Tax;
}

interface Tax {
  readonly num: number;
  readonly den: number;
}

/** The terms, ready for prices in doubles. */
export function termsInDoubles(terms: ChargeTerms): TermsInDoubles {
  const { disconnectFeeAfterSec, blockSec, maxCost, taxPpm } = terms;
  return {
    connectFee: sixtiethsOf(terms.connectFeeNanos),
    disconnectFee: sixtiethsOf(terms.disconnectFeeNanos),
    disconnectFeeAfterSec,
    blockFee: sixtiethsOf(terms.blockFeeNanos),
    blockSec,
    minCharge: sixtiethsOf(terms.minChargeNanos),
    maxCost: maxCost === undefined ? Infinity : sixtiethsOf(maxCost.nanos),
    tax: taxPpm === 0 ? NO_TAX : taxOf(taxPpm),
  };
}

/**
 * The net price by double arithmetic; undefined where that could be inexact, or where a rate is per a time that no minute is a
 * multiple of. Products and sums of whole numbers that are not negative are exact below 2⁵³, and one whose true value is not
 * below 2⁵³ never comes out below it: as sums only grow, one comparison at the end decides.
 */
export function netInDoubles(segments: readonly Segment[], terms: TermsInDoubles, billable: number, durationSec: number, allowanceSec: number): FastNet | undefined {
  const runs = new Runs(segments, billable);
  let sixtieths = feesInSixtieths(terms, billable, durationSec);
  let left = allowanceSec;
  while (runs.next()) {
    const { step } = runs;
    const free = left < runs.lengthSec ? left : runs.lengthSec;
    left -= free;
    sixtieths += perSecSixtiethsOf(step) * (runs.lengthSec - free);
    if (runs.entersStep) sixtieths += sixtiethsOf(step.entryFeeNanos);
  }
  return netOf(sixtieths, terms, runs.billedSec, allowanceSec - left);
}

/** What rates and fees come to, within the limits of the terms; undefined where that could be inexact: NaN is, too. */
export function netOf(sixtieths: number, terms: TermsInDoubles, billedSec: number, freeSec: number): FastNet | undefined {
  if (!(sixtieths <= Number.MAX_SAFE_INTEGER)) return undefined;
  return { sixtieths: limitedInSixtieths(sixtieths, terms), billedSec, freeSec };
}

/** What a second costs, in sixtieths of a nano; NaN where no minute is a multiple of what the rate is per. */
export function perSecSixtiethsOf({ rateNanos, perSec }: Step): number {
  const times = SEC_PER_MIN / perSec;
  return Number.isInteger(times) ? Number(rateNanos) * times : NaN;
}

/** An amount in sixtieths of a nano. */
export function sixtiethsOf(amountNanos: bigint): number {
  return amountNanos === 0n ? 0 : Number(amountNanos) * SEC_PER_MIN;
}

/** Connect, disconnect and block fees of a charged call. */
export function feesInSixtieths({ connectFee, disconnectFee, disconnectFeeAfterSec, blockFee, blockSec }: TermsInDoubles, billable: number, durationSec: number): number {
  const disconnect = durationSec >= disconnectFeeAfterSec ? disconnectFee : 0;
  const blocks = blockSec > 0 ? Math.floor(billable / blockSec) * blockFee : 0;
  return connectFee + disconnect + blocks;
}

/** A limit beyond 2⁵³ is not reached by what is below it, and one that is rounded up to it is refused by `roundedInDoubles`. */
function limitedInSixtieths(sixtieths: number, { minCharge, maxCost }: TermsInDoubles): number {
  return Math.min(Math.max(sixtieths, minCharge), maxCost);
}

/** The net price with tax after the one rounding, in nanos; -1 where doubles could be inexact. */
export function roundedInDoubles(sixtieths: number, { tax }: TermsInDoubles, rounding: Rounding): number {
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
