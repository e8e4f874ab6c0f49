import { ok, refuse, type Result } from '@tollwire/core';
import { over, type Rational, rational, times } from './rational.ts';
import { roundTo } from './rounding.ts';
import type { Nanos } from './money.ts';

/** A decimal as it was written, exactly: `numerator` / 10^`decimals`. */
export interface Decimal {
  /** 1 to 18 digits. */
  readonly numerator: bigint;
  /** 0 to 18. */
  readonly decimals: number;
}

/** One unit of `base` is so many units of `quote`, from an instant (inclusive) until the next rate of the pair begins. */
export interface ExchangeRate extends Decimal {
  readonly base: string;
  readonly quote: string;
  readonly validFromUs: number;
  /** Who says so: a central bank, a bank, a contract. */
  readonly source: string;
}

/** A rate that amounts were converted by; inverse: amounts in `quote` were divided by it, into `base`. */
export interface UsedExchangeRate extends ExchangeRate {
  readonly isInverse: boolean;
}

/** How amounts get from one currency into another: by one rate, or by two by way of a third currency. */
export interface Exchange {
  readonly from: string;
  readonly to: string;
  readonly rates: readonly UsedExchangeRate[];
}

const DIGITS_MAX = 18;
const DECIMALS_MAX = 18;

export interface DecimalRefusal {
  readonly code: 'amount_malformed';
  readonly reason: 'form' | 'zero' | 'digits';
}

/**
 * Reads the decimal text of a rate (`1.0842`), exactly; zeros at its end do not count. Refuses what is no plain decimal, what
 * is not above 0, and more than 18 digits that count, before or behind the point together.
 */
export function exchangeDecimalOf(text: string): Result<Decimal, DecimalRefusal> {
  const match = /^0*(\d{0,40}?)(?:\.(\d{0,40}?)0*)?$/.exec(text.trim());
  const [, whole = '', fraction = ''] = match ?? [];
  if (match === null || !/\d/.test(text)) return refuse({ code: 'amount_malformed', reason: 'form' });
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits === '') return refuse({ code: 'amount_malformed', reason: 'zero' });
  if (digits.length > DIGITS_MAX || fraction.length > DECIMALS_MAX) return refuse({ code: 'amount_malformed', reason: 'digits' });
  return ok({ numerator: BigInt(digits), decimals: fraction.length });
}

/** A rate as decimal text, exactly. */
export function formatExchangeRate({ numerator, decimals }: Decimal): string {
  const digits = numerator.toString().padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** What an amount is multiplied by, exactly. */
export function exchangeFactor(rates: readonly UsedExchangeRate[]): Rational {
  return rates.reduce((factor, rate) => {
    const value = rational(rate.numerator, 10n ** BigInt(rate.decimals));
    return rate.isInverse ? over(factor, value) : times(factor, value);
  }, rational(1n));
}

/** The currency that rates lead from; there is at least one. */
export function exchangedFrom([first]: readonly UsedExchangeRate[]): string {
  return (first?.isInverse === true ? first.quote : first?.base) ?? '';
}

/** An amount in the other currency, rounded once: half up, to a nano. */
export function exchanged(exact: Rational, rates: readonly UsedExchangeRate[]): Nanos {
  return roundTo(times(exact, exchangeFactor(rates)), 9, 'half_up');
}

/** Rates that were used, for people: each with its direction, source and beginning. */
export function explainExchange(rates: readonly UsedExchangeRate[]): string {
  return rates.map(({ base, quote, source, validFromUs, ...rate }) => {
    const since = validFromUs === 0 ? 'always' : `from ${new Date(validFromUs / 1000).toISOString()}`;
    return `1 ${base} = ${formatExchangeRate(rate)} ${quote} (${source}, ${since})`;
  }).join(' and ');
}
