import type { UsedFreeSeconds } from './free-seconds.ts';
import type { PricedSide, UsedRateData } from './price-side.ts';

/** Why a call has no price. */
export interface CallRefusal {
  /** One of the codes that the API answers, too. */
  readonly code: string;
  readonly detail: string;
  /** The JSON path of what it is about. */
  readonly field: string;
  readonly facts?: Readonly<Record<string, string>>;
}

/** A part of a call that was told before its end. The amounts of all parts sum to that of the whole. */
export interface InterimPart {
  readonly fromSec: number;
  readonly untilSec: number;
  readonly amount: string;
}

/** An amount in another currency, and the exchange rates by which it got there. */
export interface PricedConversion {
  readonly amount: string;
  readonly currency: string;
  readonly exchange: readonly UsedRateData[];
}

/** The fee of an attempt that failed, or why it is not known. */
export interface PricedAttempt {
  readonly carrier: string;
  readonly amount?: string;
  readonly currency?: string;
  /** In the currency of the carrier that connected the call, where that is another one. */
  readonly converted?: PricedConversion;
  readonly refusal?: string;
}

/** What the carriers of a call charge. */
export interface PricedBuy {
  /** The carrier that connected it. */
  readonly carrier?: string;
  readonly price?: PricedSide;
  readonly refusal?: string;
  readonly attempts: readonly PricedAttempt[];
  /** All of them together; left out where a price is missing, or one that no exchange rate converts. */
  readonly total?: { readonly amount: string; readonly currency: string };
  /** The total in the currency of the sell side, where that is another one. */
  readonly converted?: PricedConversion;
}

/** What is answered of a call: its price, or its refusal. */
export interface PricedCall extends Partial<PricedSide> {
  readonly id: string;
  readonly plan?: string;
  readonly number: string;
  /** The plan whose rate it is: the plan itself, or one of its retail plans. */
  readonly ratePlan?: string;
  readonly answered?: boolean;
  readonly durationSec?: number;
  /** How long the credit pays for, or until the maximum cost ends the call. */
  readonly maxDurationSec?: number;
  readonly interim?: readonly InterimPart[];
  /** The free seconds that it used, in their order. */
  readonly allowances?: readonly UsedFreeSeconds[];
  readonly buy?: PricedBuy;
  /** The sell price before tax less what carriers charge, in its currency; left out where that is not known. */
  readonly margin?: string;
  /** Why there is no margin although each price is known. */
  readonly marginRefusal?: string;
  readonly refusal?: CallRefusal;
}
