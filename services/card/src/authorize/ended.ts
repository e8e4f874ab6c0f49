import type { CodedRefusal } from '@tollwire/contracts';
import { unreachable } from '@tollwire/core';
import type { ReservationState } from '../ledger/reservations.ts';

/** The refusal for a call whose reservation is no longer open, with what to do about it. */
export function refusalOfEnded(state: Exclude<ReservationState, 'open'>): CodedRefusal {
  switch (state) {
    case 'settled':
      return { code: 'call_settled', detail: 'The call was charged; authorize another one under a call id of its own.' };
    case 'released':
      return { code: 'call_released', detail: 'The call was given up; authorize another one under a call id of its own.' };
    case 'expired':
      return { code: 'reservation_expired', detail: 'Extend the call if it is still up; authorize another one under a call id of its own.' };
    default:
      return unreachable(state);
  }
}
