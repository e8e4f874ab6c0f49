import { type InstantUs, ok, refuse, type Result } from '@tollwire/core';
import {
  attemptsPrice, billedSec, charge, nanos, type Nanos, NO_FURTHER_TERMS, type PlanCharges, type Price, priceOf, type Pulses, type RateTerms,
  type Rounding, type Schedule, scheduleBeside,
} from '@tollwire/telecom';
import { allowanceOf, type Draw } from './allowance.ts';
import type { FoundRate } from './tables.ts';

/** An amount with its currency. */
export interface Money {
  readonly nanos: Nanos;
  readonly currency: string;
}

/** The facts that led to an amount: enough to work it out again. */
export interface Derivation {
  readonly deckDigest: string;
  readonly prefix: string;
  /** What the number plan of the catalog has for that prefix; 0: unknown. */
  readonly countryPrefixId: number;
  /** Where the call began, in the currency of the deck; with a schedule, only the beginning of what it says. */
  readonly terms: RateTerms;
  readonly billedSec: number;
  /** Of those, the seconds that an allowance paid for. */
  readonly freeSec: number;
  /** Which allowances paid for them, in their order. */
  readonly allowances: readonly UsedAllowance[];
  /** Attempts that failed and are charged for in the amount. */
  readonly failedAttemptCount: number;
  readonly rounding: Rounding;
  /** All that the price follows from, where it is more than `terms` and `rounding`. */
  readonly schedule: Schedule | undefined;
}

/** Seconds of a call that an allowance paid for. */
export interface UsedAllowance {
  readonly grantId: string;
  readonly name: string;
  /** Of the grant, by number. */
  readonly period: number;
  readonly sec: number;
}

/** One side of a rated call. Without a derivation the amount follows from no rate: not answered, or set by the sender. */
export interface RatedSide {
  readonly amount: Money;
  readonly derivation: Derivation | undefined;
}

/** A conversation that a price is asked for. */
export interface Talk {
  /** The instant that picks the rate and its window. */
  readonly at: InstantUs;
  readonly durationSec: number;
  /** Whether the call was answered. One that was not costs nothing but its attempts. */
  readonly answered: boolean;
  /** Attempts that failed and are charged for: a carrier's each, of a customer's the last one. */
  readonly failedAttemptCount: number;
  /** How many seconds the schedule is told for: as many as talked, or as may be. */
  readonly scheduledSec: number;
}

/** The price of a call is beyond what an amount can be: one of the rate, the pulses and the seconds is absurd. */
export interface PriceRefusal {
  readonly code: 'amount_malformed';
}

/** A signed 64-bit number of nanos, as messages and tables hold it. */
export const AMOUNT_NANOS_MAX = 2n ** 63n - 1n;
/** An integer of the database. */
const BILLED_SEC_MAX = 2 ** 31 - 1;

/** What a conversation costs at a rate that was found, with the facts behind it. Refused beyond what an amount holds. */
export function priceAt(
  found: FoundRate, talk: Talk, charges: PlanCharges, pulses?: Pulses, draws: readonly Draw[] = [],
): Result<RatedSide, PriceRefusal> {
  const plain = found.exchange === undefined && found.deck.rates.isPlainAt(found.row) && charges.terms === NO_FURTHER_TERMS && pulses?.policy !== 'incoming_leg';
  if (plain && draws.length === 0) return plainPrice(found, talk.durationSec, charges.rounding, pulses);
  return scheduledPrice(found, talk, charges, pulses, draws);
}

/** The price by a rate per minute and nothing else: the same as by its schedule, for a fraction of the work. */
function plainPrice(found: FoundRate, durationSec: number, rounding: Rounding, pulses: Pulses | undefined): Result<RatedSide, PriceRefusal> {
  const { rates } = found.deck;
  const own = rates.termsAt(found.row);
  const terms = pulses === undefined ? own : { ...own, initialIncrementSec: pulses.startpulseSec, incrementSec: pulses.frequencySec };
  const amount = pulses === undefined ? rates.chargeAt(found.row, durationSec, rounding) : charge(durationSec, terms, rounding);
  const facts = { terms, billedSec: billedSec(durationSec, terms), freeSec: 0, allowances: [], failedAttemptCount: 0, rounding, schedule: undefined };
  return sideOf(found, amount, facts);
}

function scheduledPrice(
  found: FoundRate, talk: Talk, charges: PlanCharges, pulses: Pulses | undefined, draws: readonly Draw[],
): Result<RatedSide, PriceRefusal> {
  const { rates } = found.deck;
  const { at, durationSec, answered, failedAttemptCount, scheduledSec } = talk;
  const allowance = allowanceOf(draws);
  const schedule = scheduleBeside(scheduleFor(found, at, scheduledSec, charges, pulses), durationSec, allowance);
  const ofTable = found.exchange === undefined && pulses === undefined && draws.length === 0;
  const price = !answered ? UNANSWERED : ofTable ? rates.priceAt(found.row, at, durationSec, charges) : priceOf(schedule, durationSec, allowance.sec);
  const amount = nanos(price.amount + attemptsPrice(schedule, failedAttemptCount));
  const { billedSec: billed, freeSec } = price;
  return sideOf(found, amount, {
    terms: rates.termsAt(found.row), billedSec: billed, freeSec, allowances: draws.map(usedOf), failedAttemptCount, rounding: charges.rounding, schedule,
  });
}

/** What a call costs that was not answered, apart from attempts. */
const UNANSWERED: Price = { amount: nanos(0n), billedSec: 0, freeSec: 0 };

function usedOf({ bucket: { grant, period }, sec }: Draw): UsedAllowance {
  return { grantId: grant.grantId, name: grant.name, period, sec };
}

/** All that the price follows from of a call that begins at an instant and lasts up to `durationSec`, by a rate that was found. */
export function scheduleFor({ deck, row, exchange }: FoundRate, at: InstantUs, durationSec: number, charges: PlanCharges, pulses?: Pulses): Schedule {
  const schedule = deck.rates.scheduleAt(row, at, durationSec, charges, pulses);
  return exchange === undefined ? schedule : { ...schedule, exchange: { rates: exchange.rates, rateTerms: deck.rates.ownAmountsAt(row) } };
}

type Facts = Omit<Derivation, 'deckDigest' | 'prefix' | 'countryPrefixId'>;

function sideOf({ deck, row, exchange }: FoundRate, amount: Nanos, facts: Facts): Result<RatedSide, PriceRefusal> {
  if (amount > AMOUNT_NANOS_MAX || facts.billedSec > BILLED_SEC_MAX) return refuse({ code: 'amount_malformed' });
  const { digest: deckDigest, currency, rates } = deck;
  return ok({
    amount: { nanos: amount, currency: exchange?.to ?? currency },
    derivation: { deckDigest, prefix: rates.prefixAt(row), countryPrefixId: rates.countryPrefixIdAt(row), ...facts },
  });
}
