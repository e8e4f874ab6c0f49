import { chargesKey } from '@tollwire/telecom';
import type { ChargeTerms, Currency, RoundingMode } from '@tollwire/telecom';

/** How a plan's prices are charged, apart from its rates. */
export interface SellTerms {
  readonly currency: Currency;
  /** 0–9 decimals of the currency unit. */
  readonly roundingDecimals: number;
  readonly roundingMode: RoundingMode;
  /** What is charged beside the rates, where a rate states nothing else; absent: nothing. */
  readonly charges?: Partial<ChargeTerms>;
  /** Whether a call keeps the time window that it began in; otherwise it is split where another one begins. */
  readonly windowsByStart?: boolean;
}

/** Whether two plans charge alike. */
export function sameTerms(a: SellTerms, b: SellTerms): boolean {
  const sameRounding = a.roundingDecimals === b.roundingDecimals && a.roundingMode === b.roundingMode;
  const sameWindows = (a.windowsByStart ?? false) === (b.windowsByStart ?? false);
  return a.currency === b.currency && sameRounding && sameWindows && chargesKey(a.charges ?? {}) === chargesKey(b.charges ?? {});
}

/** A name that belongs to another plan of the same kind, which is not as the new one should be. */
export interface NameTaken {
  readonly code: 'name_taken';
  readonly id: number;
}

/** Who did it and when. */
export interface Said<At> {
  readonly by: string;
  readonly at: At;
}

/** Whether two lists name the same plans, in whatever order. */
export function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}
