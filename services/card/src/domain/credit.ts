import { accept, instantUs, reject, unreachable } from '@tollwire/core';
import type { Decider, Decision, InstantUs } from '@tollwire/core';
import { attemptsPrice, durationSecMaxBeside, priceBeside } from '@tollwire/telecom';
import type { Allowance, Schedule } from '@tollwire/telecom';

/** What an account has, in nanos of its currency. `reservedNanos` is the sum of its open reservations. */
export interface Credit {
  readonly creditNanos: bigint;
  readonly reservedNanos: bigint;
  /** How far below zero the credit may be spent; 0 for cards and prepaid accounts. */
  readonly creditLimitNanos: bigint;
}

/** Orders to the credit of one account. What they say about the call was read under the account's lock. */
export type CreditCommand =
  | {
      readonly type: 'Reserve';
      /** All that the call's price follows from, as rating quoted it. */
      readonly schedule: Schedule;
      /** The free seconds that rating holds for the call. */
      readonly allowance: Allowance;
      /** The longest call that one reservation pays for, in seconds. */
      readonly callSecMax: number;
      /** How much longer than the call the reservation is kept, for ringing and for the rated call to arrive. */
      readonly graceSec: number;
      readonly at: InstantUs;
    }
  | {
      readonly type: 'Settle';
      /** What the call costs in all by this rating. */
      readonly charge: Charge;
      /** What it was charged before, by its latest rating; null for a call that was never charged. */
      readonly before: Charge | null;
      /** The amount of the call's open reservation; null where none is open. */
      readonly openNanos: bigint | null;
    }
  | { readonly type: 'Expire'; readonly openNanos: bigint }
  | { readonly type: 'Post'; readonly amountNanos: bigint }
  /** Money goes back to where it came from, whatever is left of it. */
  | { readonly type: 'Take'; readonly amountNanos: bigint }
  /** All credit that is left goes to breakage, unless a call may still need some of it. */
  | { readonly type: 'Forfeit' };

/** What a call costs by one of its ratings: 1 for the first, higher for later ones. */
export interface Charge {
  readonly amountNanos: bigint;
  readonly revision: number;
}

export type CreditEvent =
  | { readonly type: 'CreditReserved'; readonly amountNanos: bigint; readonly maxDurationSec: number; readonly validUntil: InstantUs }
  | {
      readonly type: 'CallCharged';
      /** The difference to what was charged before; negative where a later rating is lower. */
      readonly postedNanos: bigint;
      readonly releasedNanos: bigint;
      /** The part of the difference that no reservation covered. */
      readonly aboveReservationNanos: bigint;
    }
  | { readonly type: 'ReservationExpired'; readonly releasedNanos: bigint }
  | { readonly type: 'CreditPosted'; readonly amountNanos: bigint }
  | { readonly type: 'CreditTaken'; readonly amountNanos: bigint };

export type CreditRefusal =
  | { readonly code: 'insufficient_credit'; readonly facts: { readonly availableNanos: string; readonly firstIncrementNanos: string } }
  | { readonly code: 'amount_malformed'; readonly detail: string };

/** Nine billion units either way: just within what PostgreSQL's bigint holds. */
export const balanceNanosMax = 9n * 10n ** 18n;

/** What may be reserved: credit + limit − open reservations. Below zero after charges above their reservations. */
export function availableNanos(credit: Credit): bigint {
  return credit.creditNanos + credit.creditLimitNanos - credit.reservedNanos;
}

/**
 * The credit of a card or a customer. Only reserving can be refused for want of money: a charge is a fact about a call
 * that was made, so it is posted whatever is left, and the credit may go below zero by it. What would leave the range
 * of a balance is refused by itself, instead of failing a whole batch in the database.
 */
export const credit: Decider<Credit, CreditCommand, CreditEvent, CreditRefusal> = {
  name: 'credit',
  initial: { creditNanos: 0n, reservedNanos: 0n, creditLimitNanos: 0n },
  decide(command, state) {
    switch (command.type) {
      case 'Reserve':
        return reserve(command, state);
      case 'Settle':
        return settle(command, state);
      case 'Expire':
        return accept({ type: 'ReservationExpired', releasedNanos: command.openNanos });
      case 'Post':
        return post(command.amountNanos, state);
      case 'Take':
        return take(command.amountNanos, state);
      case 'Forfeit':
        return state.reservedNanos > 0n || state.creditNanos <= 0n ? accept() : accept({ type: 'CreditTaken', amountNanos: state.creditNanos });
      default:
        return unreachable(command);
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'CreditReserved':
        return { ...state, reservedNanos: state.reservedNanos + event.amountNanos };
      case 'CallCharged':
        return { ...state, creditNanos: state.creditNanos - event.postedNanos, reservedNanos: state.reservedNanos - event.releasedNanos };
      case 'ReservationExpired':
        return { ...state, reservedNanos: state.reservedNanos - event.releasedNanos };
      case 'CreditPosted':
        return { ...state, creditNanos: state.creditNanos + event.amountNanos };
      case 'CreditTaken':
        return { ...state, creditNanos: state.creditNanos - event.amountNanos };
      default:
        return unreachable(event);
    }
  },
};

/**
 * Takes exactly what the longest call would cost that the free credit pays for beside the seconds that are free, so parallel
 * calls share the rest; at least what an attempt costs that fails.
 */
function reserve(command: Extract<CreditCommand, { type: 'Reserve' }>, state: Credit): Decision<CreditEvent, CreditRefusal> {
  const { schedule, allowance } = command;
  const available = availableNanos(state);
  const reservable = smaller(available, balanceNanosMax - state.reservedNanos);
  const attempt = attemptsPrice(schedule, 1);
  const durationSec = attempt > reservable ? 0 : durationSecMaxBeside(schedule, reservable, command.callSecMax, allowance);
  if (durationSec === 0) {
    const facts = { availableNanos: String(available), firstIncrementNanos: String(larger(attempt, priceBeside(schedule, 1, allowance).amount)) };
    return reject({ code: 'insufficient_credit', facts });
  }
  return accept({
    type: 'CreditReserved',
    amountNanos: larger(attempt, priceBeside(schedule, durationSec, allowance).amount),
    maxDurationSec: durationSec,
    validUntil: instantUs(command.at + (durationSec + command.graceSec) * 1_000_000),
  });
}

/** The latest rating wins, in whatever order ratings arrive: one that is not later than the last posts nothing. */
function settle({ charge: rated, before, openNanos }: Extract<CreditCommand, { type: 'Settle' }>, state: Credit): Decision<CreditEvent, CreditRefusal> {
  if (before !== null && rated.revision <= before.revision) return accept();
  const postedNanos = rated.amountNanos - (before?.amountNanos ?? 0n);
  if (!isBalance(state.creditNanos - postedNanos)) return reject(outOfRange);
  const releasedNanos = openNanos ?? 0n;
  const above = postedNanos - releasedNanos;
  return accept({ type: 'CallCharged', postedNanos, releasedNanos, aboveReservationNanos: above > 0n ? above : 0n });
}

function post(amountNanos: bigint, state: Credit): Decision<CreditEvent, CreditRefusal> {
  if (amountNanos <= 0n) return reject({ code: 'amount_malformed', detail: 'Post more than nothing.' });
  return isBalance(state.creditNanos + amountNanos) ? accept({ type: 'CreditPosted', amountNanos }) : reject(outOfRange);
}

/** What was paid and is taken back may have been spent: the credit may go below zero by it, as by a charge. */
function take(amountNanos: bigint, state: Credit): Decision<CreditEvent, CreditRefusal> {
  if (amountNanos <= 0n) return reject({ code: 'amount_malformed', detail: 'Take more than nothing.' });
  return isBalance(state.creditNanos - amountNanos) ? accept({ type: 'CreditTaken', amountNanos }) : reject(outOfRange);
}

const outOfRange = { code: 'amount_malformed', detail: 'The balance would leave its range of nine billion units either way.' } as const;

function isBalance(nanos: bigint): boolean {
  return nanos >= -balanceNanosMax && nanos <= balanceNanosMax;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
