import { accept, instantUs, reject, unreachable } from '@tollwire/core';
import type { Decider, Decision, InstantUs } from '@tollwire/core';
import type { Allowance, Schedule } from '@tollwire/telecom';
import { ALL_FREE_CREDIT, callPrice, grantOf } from './call-grant.ts';
import type { CallGrant, CallWant, CreditShare } from './call-grant.ts';
import type { LimitReached, Spendable, SpendLimit } from './usage.ts';

/** What an account has, in nanos of its currency. `reservedNanos` is the sum of its open reservations. */
export interface Credit {
  readonly creditNanos: bigint;
  readonly reservedNanos: bigint;
  /** How far below zero the credit may be spent; 0 for cards and prepaid accounts. */
  readonly creditLimitNanos: bigint;
}

/** What is asked for a call: how it is priced, and how far it may go. */
export interface Stretch {
  /** All that the call's price follows from, as rating quoted it. */
  readonly schedule: Schedule;
  /** The free seconds that rating holds for the call. */
  readonly allowance: Allowance;
  /** The longest that a call may last in all, in seconds. */
  readonly callSecMax: number;
  /** How much longer than the call the reservation is kept, for ringing and for the rated call to arrive. */
  readonly graceSec: number;
  /** How calls at a time share the credit; where it is not said, by all that is free. */
  readonly share?: CreditShare;
  /** Calls of the account that are open beside this one. */
  readonly otherCalls?: number;
  /** What the spend limits leave; null or absent without such limits. */
  readonly spendable?: Spendable | null;
  readonly at: InstantUs;
}

/** Orders to the credit of one account. What they say about the call was read under the account's lock. */
export type CreditCommand =
  | ({ readonly type: 'Reserve' } & Stretch)
  | ({
      readonly type: 'Extend';
      /** Seconds of conversation so far. */
      readonly usedSec: number;
      /** What is reserved for the call; null where its reservation has expired, and the call is to be paid for from its beginning. */
      readonly held: Held | null;
    } & Stretch)
  | { readonly type: 'Release'; readonly openNanos: bigint }
  | {
      readonly type: 'Settle';
      /** What the call costs in all by this rating. */
      readonly charge: Charge;
      /** What it was charged before, by its latest rating; null for a call that was never charged. */
      readonly before: Charge | null;
      /** The amount of the call's open reservation; null where none is open. */
      readonly openNanos: bigint | null;
      /** When it is posted, by which it counts to the spend limits. */
      readonly at: InstantUs;
    }
  | { readonly type: 'Expire'; readonly openNanos: bigint }
  | { readonly type: 'Post'; readonly amountNanos: bigint }
  /** Money goes back to where it came from, whatever is left of it. */
  | { readonly type: 'Take'; readonly amountNanos: bigint }
  /** All credit that is left goes to breakage, unless a call may still need some of it. */
  | { readonly type: 'Forfeit' };

/** What an open reservation holds. */
export interface Held {
  readonly amountNanos: bigint;
  readonly maxDurationSec: number;
  readonly validUntil: InstantUs;
}

/** Why nothing beyond was to be had: the credit, the longest call, the most that a call may cost, or a spend limit. */
export type FinalReason = 'credit' | 'call_sec' | 'max_cost' | SpendLimit;

/** What a call costs by one of its ratings: 1 for the first, higher for later ones. */
export interface Charge {
  readonly amountNanos: bigint;
  readonly revision: number;
}

export type CreditEvent =
  | {
      readonly type: 'CreditReserved';
      readonly amountNanos: bigint;
      readonly maxDurationSec: number;
      readonly validUntil: InstantUs;
      /** Why nothing beyond was to be had; null where the call may be extended. */
      readonly final?: FinalReason | null;
    }
  | {
      readonly type: 'CreditExtended';
      readonly addedNanos: bigint;
      /** What is reserved for the whole call now. */
      readonly amountNanos: bigint;
      readonly maxDurationSec: number;
      readonly validUntil: InstantUs;
      readonly final: FinalReason | null;
    }
  | { readonly type: 'ReservationReleased'; readonly releasedNanos: bigint }
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
  | LimitReached
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
      case 'Extend':
        return extend(command, state);
      case 'Release':
        return accept({ type: 'ReservationReleased', releasedNanos: command.openNanos });
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
      case 'CreditExtended':
        return { ...state, reservedNanos: state.reservedNanos + event.addedNanos };
      case 'ReservationReleased':
        return { ...state, reservedNanos: state.reservedNanos - event.releasedNanos };
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
 * Takes exactly what the longest call would cost that the account's policy gives it out of the free credit, beside the
 * seconds that are free, so parallel calls share the rest; at least what an attempt costs that fails.
 */
function reserve(command: Extract<CreditCommand, { type: 'Reserve' }>, state: Credit): Decision<CreditEvent, CreditRefusal> {
  const want = wantOf(command, state, { usedSec: 0, heldNanos: 0n, heldSec: 0 });
  const grant = grantOf(want);
  if (grant.durationSec === 0) return reject(refusalOf(command, state, want));
  return accept({
    type: 'CreditReserved',
    amountNanos: grant.amountNanos,
    maxDurationSec: grant.durationSec,
    validUntil: instantUs(command.at + (grant.durationSec + command.graceSec) * 1_000_000),
    final: finalReason(command, want, grant, state),
  });
}

/**
 * Takes what a longer call costs beyond what is reserved for it. An open call keeps what it has where nothing more is to be
 * had, and is told that it is final. One whose reservation has expired pays for all of it, or is refused.
 */
function extend(command: Extract<CreditCommand, { type: 'Extend' }>, state: Credit): Decision<CreditEvent, CreditRefusal> {
  const { held, usedSec, at, graceSec } = command;
  const heldNanos = held?.amountNanos ?? 0n;
  const want = wantOf(command, state, { usedSec, heldNanos, heldSec: held?.maxDurationSec ?? 0 });
  const grant = grantOf(want);
  if (held === null && grant.durationSec <= usedSec) return reject(refusalOf(command, state, want));
  const until = at + (Math.max(0, grant.durationSec - usedSec) + graceSec) * 1_000_000;
  return accept({
    type: 'CreditExtended',
    addedNanos: grant.amountNanos - heldNanos,
    amountNanos: grant.amountNanos,
    maxDurationSec: grant.durationSec,
    validUntil: instantUs(Math.max(until, held?.validUntil ?? 0)),
    final: finalReason(command, want, grant, state),
  });
}

function wantOf(command: Stretch, state: Credit, so: Pick<CallWant, 'usedSec' | 'heldNanos' | 'heldSec'>): CallWant {
  const { schedule, allowance, callSecMax, share = ALL_FREE_CREDIT, otherCalls = 0, spendable = null } = command;
  const credit = smaller(availableNanos(state), balanceNanosMax - state.reservedNanos);
  const freeNanos = spendable === null ? credit : smaller(credit, spendable.nanos);
  return { schedule, allowance, callSecMax, share, otherCalls, freeNanos, ...so };
}

/** Why a call gets nothing: the credit, or a spend limit that is narrower. */
function refusalOf({ spendable }: Stretch, state: Credit, want: CallWant): CreditRefusal {
  const available = availableNanos(state);
  const price = callPrice(want, want.usedSec + 1);
  if (spendable && price <= available && spendable.nanos < price) return spendable.refusal;
  return { code: 'insufficient_credit', facts: { availableNanos: String(available), firstIncrementNanos: String(price) } };
}

function finalReason({ spendable }: Stretch, want: CallWant, { final, durationSec }: CallGrant, state: Credit): FinalReason | null {
  if (!final) return null;
  if (durationSec >= want.callSecMax) return 'call_sec';
  if (callPrice(want, durationSec + 1) <= want.heldNanos + want.freeNanos) return 'max_cost';
  return spendable && spendable.nanos < availableNanos(state) ? spendable.limit : 'credit';
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
