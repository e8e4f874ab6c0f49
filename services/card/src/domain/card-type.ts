import { accept, reject, unreachable } from '@tollwire/core';
import type { Decider, InstantUs } from '@tollwire/core';
import type { ExpiryTerms } from './card-expiry.ts';

/** What every card of a type has in common. */
export interface CardType extends ExpiryTerms {
  readonly cardTypeId: number;
  readonly description: string;
  /** Start credit: whole cents, as documented, told in nanos. */
  readonly valueNanos: bigint;
  readonly currency: string;
  readonly tariffId: number;
  /** Pulse: the increment that calls are billed in, in seconds; 0 leaves both increments to the rate. */
  readonly frequencySec: number;
  /** The first increment, in seconds. */
  readonly startpulseSec: number;
  /** Whether the first increment is charged flat for the incoming leg, before the pulses; absent on types from before the choice. */
  readonly incomingLeg?: boolean;
  /** Whether its first call activates a card; absent on types from before the choice. */
  readonly activatesOnUse?: boolean;
  /** Whether cards are made of the type. */
  readonly active: boolean;
}

export type CardTypeCommand =
  | { readonly type: 'Create'; readonly cardType: CardType; readonly at: InstantUs }
  | { readonly type: 'Withdraw' | 'Offer'; readonly at: InstantUs };
export type CardTypeEvent =
  | { readonly type: 'CardTypeCreated'; readonly cardType: CardType; readonly at: InstantUs }
  | { readonly type: 'CardTypeWithdrawn' | 'CardTypeOffered'; readonly at: InstantUs };
export type CardTypeRefusal =
  | { readonly code: 'conflict' }
  | { readonly code: 'unknown_card_type'; readonly field: string; readonly detail: string }
  | { readonly code: 'field_out_of_range'; readonly field: string; readonly detail: string };
export type CardTypeState = { readonly phase: 'none' } | { readonly phase: 'created'; readonly cardType: CardType };

/** The documented tables count money in whole cents. */
export const nanosPerCent = 10_000_000n;
/** The documented `value` is an integer of cents. */
const valueCentsMax = 2_147_483_647n;

/** A day: no call is billed in larger blocks. */
const pulseSecMax = 86_400;

/**
 * A kind of calling card. Its terms stand from its creation: cards that were sold by them keep them. Withdrawn, no cards are made of it until it is
 * offered again; those that were made go on.
 */
export const cardType: Decider<CardTypeState, CardTypeCommand, CardTypeEvent, CardTypeRefusal> = {
  name: 'cardtype',
  initial: { phase: 'none' },
  decide(command, state) {
    switch (command.type) {
      case 'Create': {
        if (state.phase !== 'none') return reject({ code: 'conflict' });
        const refusal = refusalOf(command.cardType);
        return refusal === null ? accept({ type: 'CardTypeCreated', cardType: command.cardType, at: command.at }) : reject(refusal);
      }
      case 'Withdraw':
        if (state.phase === 'none') return reject(noSuchType);
        return state.cardType.active ? accept({ type: 'CardTypeWithdrawn', at: command.at }) : accept();
      case 'Offer':
        if (state.phase === 'none') return reject(noSuchType);
        return state.cardType.active ? accept() : accept({ type: 'CardTypeOffered', at: command.at });
      default:
        return unreachable(command);
    }
  },
  evolve(state, event) {
    if (event.type === 'CardTypeCreated') return { phase: 'created', cardType: event.cardType };
    return state.phase === 'none' ? state : { phase: 'created', cardType: { ...state.cardType, active: event.type === 'CardTypeOffered' } };
  },
};

const noSuchType = { code: 'unknown_card_type', field: 'cardTypeId', detail: 'Name one that there is, or create it first.' } as const;

function refusalOf(terms: CardType): CardTypeRefusal | null {
  if (terms.valueNanos < 0n || terms.valueNanos % nanosPerCent !== 0n || terms.valueNanos / nanosPerCent > valueCentsMax) {
    return { code: 'field_out_of_range', field: 'value', detail: `The value must be 0 to ${valueCentsMax} whole cents.` };
  }
  if (terms.lifetimeDays > 36_500) {
    return { code: 'field_out_of_range', field: 'lifetimeDays', detail: 'The lifetime must be at most 36,500 days; 0 means for ever.' };
  }
  if ((terms.expiresFrom === 'date') !== ((terms.expiresOn ?? null) !== null) || (terms.expiresFrom === 'date' && terms.lifetimeDays > 0)) {
    return { code: 'field_out_of_range', field: 'expiresAt', detail: 'Cards that expire by date have an expiresAt and no lifetimeDays; others have no expiresAt.' };
  }
  if (terms.frequencySec > pulseSecMax || terms.startpulseSec > pulseSecMax) {
    const field = terms.frequencySec > pulseSecMax ? 'frequencySec' : 'startpulseSec';
    return { code: 'field_out_of_range', field, detail: `A pulse must be at most ${pulseSecMax} seconds.` };
  }
  return null;
}
