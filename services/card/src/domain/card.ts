import { accept, instantUs, reject, unreachable } from '@tollwire/core';
import type { Decider, Decision, InstantUs } from '@tollwire/core';

/** Orders to one card. `forReseller` is the reseller who gives it, or null for the operator, who may touch any card. */
export type CardCommand =
  | { readonly type: 'Issue'; readonly card: IssuedCard; readonly at: InstantUs }
  | { readonly type: 'Sell' | 'Pay' | 'Activate' | 'Deactivate'; readonly forReseller: number | null; readonly at: InstantUs }
  | { readonly type: 'Expire'; readonly at: InstantUs };

/** What a card is from the day it is made. `lifetimeDays` runs from activation; 0 means for ever. */
export interface IssuedCard {
  readonly cardTypeId: number;
  readonly resellerId: number;
  readonly batchId: string;
  readonly lifetimeDays: number;
}

export type CardEvent =
  | { readonly type: 'CardIssued'; readonly card: IssuedCard; readonly at: InstantUs }
  | { readonly type: 'CardSold' | 'CardPaid' | 'CardDeactivated' | 'CardExpired'; readonly at: InstantUs }
  | { readonly type: 'CardActivated'; readonly resellerId: number; readonly at: InstantUs; readonly expiresAt: InstantUs | null };

export type CardRefusal =
  | { readonly code: 'unknown_card' | 'conflict' | 'card_deactivated' }
  | { readonly code: 'not_own_card'; readonly facts: { readonly resellerId: string } }
  | { readonly code: 'card_expired'; readonly facts: { readonly expiredAtUs: string } };

/** A card that does not exist, or one in a phase of its life. Sold and paid run beside the phase. */
export type CardState =
  | { readonly phase: 'none' }
  | (IssuedCard & {
      readonly phase: 'issued' | 'active' | 'expired' | 'deactivated';
      readonly sold: boolean;
      readonly paid: boolean;
      /** Whether it ever was active. */
      readonly activated: boolean;
      readonly deactivatedAt: InstantUs | null;
      readonly expiresAt: InstantUs | null;
    });

type Living = Exclude<CardState, { phase: 'none' }>;

const secondsPerDay = 86_400;

/**
 * The life of a calling card: issued → sold and paid for, in any order → activated → expired, and deactivated from
 * any of these. Asking for what is so already changes nothing and is not refused, so every order may be repeated.
 */
export const card: Decider<CardState, CardCommand, CardEvent, CardRefusal> = {
  name: 'card',
  initial: { phase: 'none' },
  decide(command, state) {
    if (command.type === 'Issue') {
      return state.phase === 'none' ? accept({ type: 'CardIssued', card: command.card, at: command.at }) : reject({ code: 'conflict' });
    }
    if (state.phase === 'none') return reject({ code: 'unknown_card' });
    if (command.type === 'Expire') return expire(state, command.at);
    if (command.forReseller !== null && command.forReseller !== state.resellerId) {
      return reject({ code: 'not_own_card', facts: { resellerId: String(state.resellerId) } });
    }
    return decideHeld(command, state);
  },
  evolve(state, event) {
    if (event.type === 'CardIssued') return { ...event.card, phase: 'issued', sold: false, paid: false, activated: false, deactivatedAt: null, expiresAt: null };
    return state.phase === 'none' ? state : record(state, event);
  },
};

function decideHeld(command: Exclude<CardCommand, { type: 'Issue' | 'Expire' }>, state: Living): Decision<CardEvent, CardRefusal> {
  const { type, at } = command;
  switch (type) {
    case 'Sell':
      return state.sold ? accept() : (refusalOfUse(state, at) ?? accept({ type: 'CardSold', at }));
    case 'Pay':
      // A debt stays payable: a reseller also pays for a card that has expired or was deactivated.
      return state.paid ? accept() : accept({ type: 'CardPaid', at });
    case 'Activate':
      return refusalOfUse(state, at) ?? (state.phase === 'active' ? accept() : accept(activation(state, at)));
    case 'Deactivate':
      return state.phase === 'deactivated' ? accept() : accept({ type: 'CardDeactivated', at });
    default:
      return unreachable(type);
  }
}

/** The lifetime begins with activation: 90 days from 2024-01-01 00:00 end at 2024-03-31 00:00. */
function activation(state: Living, at: InstantUs): CardEvent {
  return { type: 'CardActivated', resellerId: state.resellerId, at, expiresAt: state.lifetimeDays === 0 ? null : daysAfter(at, state.lifetimeDays) };
}

function refusalOfUse(state: Living, at: InstantUs): { accepted: false; refusal: CardRefusal } | null {
  if (state.phase === 'deactivated') return reject({ code: 'card_deactivated' });
  const expired = state.expiresAt !== null && at >= state.expiresAt;
  return expired ? reject({ code: 'card_expired', facts: { expiredAtUs: String(state.expiresAt) } }) : null;
}

function expire(state: Living, at: InstantUs): Decision<CardEvent, CardRefusal> {
  const due = state.phase === 'active' && state.expiresAt !== null && at >= state.expiresAt;
  return due ? accept({ type: 'CardExpired', at }) : accept();
}

function record(state: Living, event: Exclude<CardEvent, { type: 'CardIssued' }>): CardState {
  switch (event.type) {
    case 'CardSold':
      return { ...state, sold: true };
    case 'CardPaid':
      return { ...state, paid: true };
    case 'CardActivated':
      return { ...state, phase: 'active', activated: true, expiresAt: event.expiresAt };
    case 'CardExpired':
      return { ...state, phase: 'expired' };
    case 'CardDeactivated':
      return { ...state, phase: 'deactivated', deactivatedAt: event.at };
    default:
      return unreachable(event);
  }
}

function daysAfter(at: InstantUs, days: number): InstantUs {
  return instantUs(at + days * secondsPerDay * 1_000_000);
}
