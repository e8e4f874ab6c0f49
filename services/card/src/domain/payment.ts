import { accept, reject, unreachable } from '@tollwire/core';
import type { Decider, Decision } from '@tollwire/core';
import { rational, roundTo } from '@tollwire/telecom';

/** How money goes back: by our own will, or by the payer's bank. */
export const reversalKinds = ['refund', 'chargeback'] as const;
export type ReversalKind = (typeof reversalKinds)[number];

/** What was paid for whom, and what a reseller earns on it. */
export interface PaidTerms {
  readonly accountId: string;
  readonly currency: string;
  readonly amountNanos: bigint;
  readonly commissionNanos: bigint;
  /** Who earns the commission; null for nobody. */
  readonly resellerId: number | null;
}

export type PaymentCommand =
  | { readonly type: 'Take'; readonly terms: Omit<PaidTerms, 'commissionNanos'>; readonly commissionPpm: number }
  /** `amountNanos` null: all that is left. */
  | { readonly type: 'Reverse'; readonly currency: string | null; readonly amountNanos: bigint | null };

export type PaymentEvent =
  | { readonly type: 'PaymentTaken'; readonly terms: PaidTerms }
  | { readonly type: 'PaymentReversed'; readonly amountNanos: bigint; readonly commissionNanos: bigint };

export type PaymentRefusal =
  | { readonly code: 'unknown_payment'; readonly detail: string }
  | { readonly code: 'idempotency_mismatch'; readonly field: string }
  | { readonly code: 'currency_mismatch'; readonly field: string }
  | { readonly code: 'payment_reversed'; readonly detail: string; readonly facts: { readonly leftNanos: string } };

export type PaymentState =
  | { readonly phase: 'none' }
  | (PaidTerms & { readonly phase: 'taken'; readonly reversedNanos: bigint; readonly commissionReversedNanos: bigint });

type Taken = Exclude<PaymentState, { phase: 'none' }>;

/** A part of a payment in millionths, half up to the nano. */
export function commissionOf(amountNanos: bigint, ppm: number): bigint {
  return roundTo(rational(amountNanos * BigInt(ppm), 1_000_000n), 9, 'half_up');
}

/**
 * A payment of a provider: taken once, and taken back in one or several parts, never by more than was paid. A part takes the
 * same part of the commission back, so that a payment that is gone leaves no commission: what was taken back of it in all is
 * the commission's share of what was taken back of the payment in all, rounded half up.
 */
export const payment: Decider<PaymentState, PaymentCommand, PaymentEvent, PaymentRefusal> = {
  name: 'payment',
  initial: { phase: 'none' },
  decide(command, state) {
    if (command.type === 'Take') return take(command, state);
    if (state.phase === 'none') return reject({ code: 'unknown_payment', detail: 'Tell of the payment first.' });
    return reverse(command, state);
  },
  evolve(state, event) {
    switch (event.type) {
      case 'PaymentTaken':
        return { ...event.terms, phase: 'taken', reversedNanos: 0n, commissionReversedNanos: 0n };
      case 'PaymentReversed':
        if (state.phase === 'none') return state;
        return {
          ...state,
          reversedNanos: state.reversedNanos + event.amountNanos,
          commissionReversedNanos: state.commissionReversedNanos + event.commissionNanos,
        };
      default:
        return unreachable(event);
    }
  },
};

function take({ terms, commissionPpm }: Extract<PaymentCommand, { type: 'Take' }>, state: PaymentState): Decision<PaymentEvent, PaymentRefusal> {
  if (state.phase === 'none') {
    const commissionNanos = terms.resellerId === null ? 0n : commissionOf(terms.amountNanos, commissionPpm);
    return accept({ type: 'PaymentTaken', terms: { ...terms, commissionNanos } });
  }
  const { accountId, currency, amountNanos } = state;
  const same = accountId === terms.accountId && currency === terms.currency && amountNanos === terms.amountNanos;
  return same ? accept() : reject({ code: 'idempotency_mismatch', field: 'paymentId' });
}

function reverse({ amountNanos, currency }: Extract<PaymentCommand, { type: 'Reverse' }>, state: Taken): Decision<PaymentEvent, PaymentRefusal> {
  if (currency !== null && currency !== state.currency) return reject({ code: 'currency_mismatch', field: 'amount.currency' });
  const leftNanos = state.amountNanos - state.reversedNanos;
  const part = amountNanos ?? leftNanos;
  if (part > leftNanos || leftNanos === 0n) {
    const detail = leftNanos === 0n ? 'All of the payment was taken back before.' : 'Take back what is left of the payment, or less.';
    return reject({ code: 'payment_reversed', detail, facts: { leftNanos: String(leftNanos) } });
  }
  const inAll = roundTo(rational(state.commissionNanos * (state.reversedNanos + part), state.amountNanos), 9, 'half_up');
  return accept({ type: 'PaymentReversed', amountNanos: part, commissionNanos: inAll - state.commissionReversedNanos });
}
