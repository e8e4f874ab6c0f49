import { accept, reject, unreachable } from '@tollwire/core';
import type { Decider, Decision, InstantUs } from '@tollwire/core';
import { type ExpiryTerms, expiryAt, expiryOfNew } from './card-expiry.ts';
import { suspensionCode, type SuspensionCode, type SuspensionReason } from './card-standing.ts';

/** Who orders: a reseller, or null for the operator, who may touch any card. */
interface ByHolder {
  readonly forReseller: number | null;
  readonly at: InstantUs;
}

/** What is ordered of a card by who holds it. */
export type HeldOrder =
  | { readonly type: 'Sell' | 'Pay' | 'Activate' | 'Deactivate' | 'Resume' }
  | { readonly type: 'Suspend'; readonly reason: SuspensionReason }
  | { readonly type: 'Extend'; readonly until: InstantUs };

/** Orders to one card. */
export type CardCommand =
  | { readonly type: 'Issue'; readonly card: IssuedCard; readonly at: InstantUs }
  | (HeldOrder & ByHolder)
  /** `cliMax` callers at most are bound to the card. */
  | { readonly type: 'Bind'; readonly caller: BoundCli; readonly cliMax: number; readonly at: InstantUs }
  | { readonly type: 'Unbind'; readonly cli: string; readonly at: InstantUs }
  | { readonly type: 'Use' | 'Expire'; readonly at: InstantUs };

/** A caller by its number, and by the documented `cidid` of it. */
export interface BoundCli {
  readonly cli: string;
  readonly cidId: number;
}

/** What a card is from the day it is made. */
export interface IssuedCard extends ExpiryTerms {
  readonly cardTypeId: number;
  readonly resellerId: number;
  readonly batchId: string;
  /** Whether the first call activates it; absent on cards from before the choice. */
  readonly activatesOnUse?: boolean;
}

export type CardEvent =
  | { readonly type: 'CardIssued'; readonly card: IssuedCard; readonly at: InstantUs }
  | { readonly type: 'CardSold' | 'CardPaid' | 'CardDeactivated' | 'CardExpired'; readonly at: InstantUs }
  | CardActivated
  | LifeEvent;

type CardActivated = { readonly type: 'CardActivated'; readonly resellerId: number; readonly at: InstantUs; readonly expiresAt: InstantUs | null };

/** What a card lives through beside that. */
export type LifeEvent =
  | { readonly type: 'CardFirstUsed'; readonly at: InstantUs; readonly expiresAt: InstantUs | null }
  | { readonly type: 'CardExtended'; readonly at: InstantUs; readonly expiresAt: InstantUs }
  | { readonly type: 'CardSuspended'; readonly reason: SuspensionReason; readonly at: InstantUs }
  | { readonly type: 'CardResumed'; readonly at: InstantUs }
  | ({ readonly type: 'CliBound'; readonly at: InstantUs } & BoundCli)
  | { readonly type: 'CliUnbound'; readonly cli: string; readonly at: InstantUs };

export type CardRefusal =
  | { readonly code: 'unknown_card' | 'conflict' | 'card_deactivated' | 'not_activated' | 'no_expiry' | SuspensionCode }
  | { readonly code: 'not_own_card'; readonly facts: { readonly resellerId: string } }
  | { readonly code: 'card_expired'; readonly facts: { readonly expiredAtUs: string } }
  | { readonly code: 'expiry_not_later'; readonly facts: { readonly expiresAtUs: string } }
  | { readonly code: 'too_many_clis'; readonly facts: { readonly boundCount: string } };

/** A card that does not exist, or one in a phase of its life. Sold, paid and suspended run beside the phase. */
export type CardState =
  | { readonly phase: 'none' }
  | (Required<IssuedCard> & {
      readonly phase: 'issued' | 'active' | 'expired' | 'deactivated';
      readonly sold: boolean;
      readonly paid: boolean;
      /** Whether it ever was active. */
      readonly activated: boolean;
      readonly deactivatedAt: InstantUs | null;
      readonly expiresAt: InstantUs | null;
      readonly suspension: SuspensionReason | null;
      readonly firstUsedAt: InstantUs | null;
      /** Who calls with it, oldest first. */
      readonly clis: readonly BoundCli[];
    });

export type Living = Exclude<CardState, { phase: 'none' }>;
type Decided = Decision<CardEvent, CardRefusal>;

/**
 * The life of a calling card: issued → sold and paid for, in any order → activated → used → expired, extended back to life,
 * suspended and resumed, and deactivated for good from any of these. Asking for what is so already changes nothing and is
 * not refused, so every order may be repeated.
 */
export const card: Decider<CardState, CardCommand, CardEvent, CardRefusal> = {
  name: 'card',
  initial: { phase: 'none' },
  decide(command, state) {
    if (command.type === 'Issue') {
      return state.phase === 'none' ? accept({ type: 'CardIssued', card: command.card, at: command.at }) : reject({ code: 'conflict' });
    }
    if (state.phase === 'none') return reject({ code: 'unknown_card' });
    if ('forReseller' in command && command.forReseller !== null && command.forReseller !== state.resellerId) {
      return reject({ code: 'not_own_card', facts: { resellerId: String(state.resellerId) } });
    }
    return decideHeld(command, state);
  },
  evolve(state, event) {
    if (event.type === 'CardIssued') return newCard(event.card, event.at);
    return state.phase === 'none' ? state : record(state, event);
  },
};

function decideHeld(command: Exclude<CardCommand, { type: 'Issue' }>, state: Living): Decided {
  const { at } = command;
  switch (command.type) {
    case 'Sell':
      return state.sold ? accept() : (refusalOfUse(state, at) ?? accept({ type: 'CardSold', at }));
    case 'Pay':
      // A debt stays payable: a reseller also pays for a card that has expired or was deactivated.
      return state.paid ? accept() : accept({ type: 'CardPaid', at });
    case 'Activate':
      return refusalOfUse(state, at) ?? (state.phase === 'active' ? accept() : accept(activation(state, at)));
    case 'Deactivate':
      return state.phase === 'deactivated' ? accept() : accept({ type: 'CardDeactivated', at });
    case 'Suspend':
      if (state.phase === 'deactivated') return reject({ code: 'card_deactivated' });
      return state.suspension === command.reason ? accept() : accept({ type: 'CardSuspended', reason: command.reason, at });
    case 'Resume':
      return state.suspension === null ? accept() : accept({ type: 'CardResumed', at });
    case 'Extend':
      return extend(state, command.until, at);
    case 'Use':
      return use(state, at);
    case 'Expire':
      return isDue(state, at) ? accept({ type: 'CardExpired', at }) : accept();
    case 'Bind':
      return bind(state, command);
    case 'Unbind':
      return isBound(state, command.cli) ? accept({ type: 'CliUnbound', cli: command.cli, at }) : accept();
    default:
      return unreachable(command);
  }
}

function activation(state: Living, at: InstantUs): CardActivated {
  return { type: 'CardActivated', resellerId: state.resellerId, at, expiresAt: state.expiresAt ?? expiryAt('activation', state, at) };
}

/** The first call that is let through; from the next on there is nothing to say. */
function use(state: Living, at: InstantUs): Decided {
  const refused = refusalOfUse(state, at);
  if (refused !== null) return refused;
  if (state.firstUsedAt !== null) return accept();
  if (state.phase === 'active') return accept(firstUse(state, at));
  if (!state.activatesOnUse) return reject({ code: 'not_activated' });
  const activated = activation(state, at);
  return accept(activated, firstUse(record(state, activated), at));
}

function firstUse(state: Living, at: InstantUs): CardEvent {
  return { type: 'CardFirstUsed', at, expiresAt: state.expiresAt ?? expiryAt('first_use', state, at) };
}

/** A later end, for a card that has one; it may have passed. Suspended cards may be extended, and stay suspended. */
function extend(state: Living, until: InstantUs, at: InstantUs): Decided {
  if (state.phase === 'deactivated') return reject({ code: 'card_deactivated' });
  if (state.expiresAt === null) return reject({ code: 'no_expiry' });
  if (until === state.expiresAt) return accept();
  if (until < state.expiresAt || until <= at) return reject({ code: 'expiry_not_later', facts: { expiresAtUs: String(state.expiresAt) } });
  return accept({ type: 'CardExtended', at, expiresAt: until });
}

function bind(state: Living, { caller, cliMax, at }: Extract<CardCommand, { type: 'Bind' }>): Decided {
  if (state.phase === 'deactivated') return reject({ code: 'card_deactivated' });
  if (isBound(state, caller.cli)) return accept();
  if (state.clis.length >= cliMax) return reject({ code: 'too_many_clis', facts: { boundCount: String(state.clis.length) } });
  return accept({ type: 'CliBound', ...caller, at });
}

function isBound(state: Living, number: string): boolean {
  return state.clis.some(({ cli }) => cli === number);
}

function refusalOfUse(state: Living, at: InstantUs): { accepted: false; refusal: CardRefusal } | null {
  if (state.phase === 'deactivated') return reject({ code: 'card_deactivated' });
  if (state.suspension !== null) return reject({ code: suspensionCode(state.suspension) });
  const expired = state.expiresAt !== null && at >= state.expiresAt;
  return expired ? reject({ code: 'card_expired', facts: { expiredAtUs: String(state.expiresAt) } }) : null;
}

function isDue(state: Living, at: InstantUs): boolean {
  return (state.phase === 'active' || state.phase === 'issued') && state.expiresAt !== null && at >= state.expiresAt;
}

function newCard(terms: IssuedCard, at: InstantUs): Living {
  return {
    ...{ expiresFrom: 'activation', expiresOn: null, activatesOnUse: false, ...terms },
    ...{ phase: 'issued', sold: false, paid: false, activated: false, deactivatedAt: null },
    ...{ expiresAt: expiryOfNew(terms, at), suspension: null, firstUsedAt: null, clis: [] },
  };
}

function record(state: Living, event: Exclude<CardEvent, { type: 'CardIssued' }>): Living {
  switch (event.type) {
    case 'CardSold':
      return { ...state, sold: true };
    case 'CardPaid':
      return { ...state, paid: true };
    case 'CardActivated':
      return { ...state, phase: 'active', activated: true, expiresAt: event.expiresAt };
    case 'CardFirstUsed':
      return { ...state, firstUsedAt: event.at, expiresAt: event.expiresAt };
    case 'CardExtended':
      return { ...state, phase: state.activated ? 'active' : 'issued', expiresAt: event.expiresAt };
    case 'CardExpired':
      return { ...state, phase: 'expired' };
    case 'CardSuspended':
      return { ...state, suspension: event.reason };
    case 'CardResumed':
      return { ...state, suspension: null };
    case 'CardDeactivated':
      return { ...state, phase: 'deactivated', deactivatedAt: event.at };
    case 'CliBound':
      return { ...state, clis: [...state.clis, { cli: event.cli, cidId: event.cidId }] };
    case 'CliUnbound':
      return { ...state, clis: state.clis.filter(({ cli }) => cli !== event.cli) };
    default:
      return unreachable(event);
  }
}
