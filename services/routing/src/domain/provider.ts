import { accept, type Decision, type Decider, type InstantUs, reject, unreachable } from '@tollwire/core';
import type { PortabilityForm } from '@tollwire/telecom';
import type { CallerIdRule } from './caller-id.ts';
import { type QualityLock, withLock } from './carrier-quality.ts';
import {
  type DirectOffers, type DirectRateRefusal, type LoadRates, loadRates, NO_DIRECT_OFFERS, type ProviderRatesLoaded, type ProviderRatesWithdrawn, type WithdrawRates,
  withdrawRates, withWord,
} from './direct-rates.ts';
import { NO_LIMITS, type ProviderLimits } from './provider-limits.ts';
import { sameContent } from './same-content.ts';

/** Where and how a provider takes calls; a *gateway* is a VoIP gateway. */
export interface Gateway {
  /** Host name or IP address, with a port where it is not the default. */
  readonly address: string;
  /** SIP, IAX2 …: documented as providertech. */
  readonly tech: string;
  readonly stripDigits: number;
  readonly addPrefix: string;
  readonly timeoutSec: number;
  /** How it wants number portability told; undefined: not at all. */
  readonly portability?: PortabilityForm;
  /** Which caller id it wants; undefined: the caller's, as it is. */
  readonly callerId?: CallerIdRule;
}

/** One of several places where a provider takes calls. */
export interface NamedGateway extends Gateway {
  readonly name: string;
  /** By these customers are allowed to use it. */
  readonly gatewayId: number;
  readonly groupIds: readonly number[];
  /** The lower goes first; among equal ones shares are by weight. */
  readonly priority: number;
  readonly weight: number;
  readonly active: boolean;
}

/** What was left to be used up with a provider at an instant, when it was stated; calls that begin from then on are taken off. */
export interface ProviderBalance {
  readonly leftNanos: bigint;
  readonly currency: string;
  readonly sinceUs: InstantUs;
}

/** What is agreed with a provider, apart from its rates. */
export interface ProviderTerms {
  readonly carrierCode: string;
  readonly name: string;
  readonly gateway: Gateway;
  /** Lower goes first among carriers of the same price. */
  readonly priority: number;
}

export type ProviderCommand =
  | ({ readonly type: 'Register'; readonly providerId: number; readonly terms: ProviderTerms } & Said)
  | (LoadRates & Said)
  | (WithdrawRates & Said)
  | ({ readonly type: 'AgreeLimits'; readonly limits: ProviderLimits } & Said)
  | ({ readonly type: 'AgreeGateways'; readonly gateways: readonly StatedGateway[] } & Said)
  /** Null: any amount may be used up. */
  | ({ readonly type: 'StateBalance'; readonly left: Omit<ProviderBalance, 'sinceUs'> | null } & Said)
  | ({ readonly type: 'LockForQuality'; readonly lock: QualityLock } & Said)
  | ({ readonly type: 'Suspend' } & Said)
  | ({ readonly type: 'Resume' } & Said);

/** A gateway with an id that is free, for one whose name is new. */
export type StatedGateway = Omit<NamedGateway, 'gatewayId'> & { readonly freshId: number };

/** Who said so, and when. */
interface Said {
  readonly by: string;
  readonly at: InstantUs;
}

export type ProviderEvent =
  | ({ readonly type: 'ProviderRegistered'; readonly providerId: number; readonly terms: ProviderTerms } & Said)
  | ({ readonly type: 'ProviderTermsAgreed'; readonly terms: ProviderTerms } & Said)
  | ({ readonly type: 'ProviderLimitsAgreed'; readonly carrierCode: string; readonly limits: ProviderLimits } & Said)
  | ({ readonly type: 'ProviderGatewaysAgreed'; readonly carrierCode: string; readonly gateways: readonly NamedGateway[] } & Said)
  | ({ readonly type: 'ProviderBalanceStated'; readonly carrierCode: string; readonly balance: ProviderBalance | null } & Said)
  | ({ readonly type: 'ProviderQualityLocked'; readonly carrierCode: string; readonly lock: QualityLock } & Said)
  | (ProviderRatesLoaded & Said)
  | (ProviderRatesWithdrawn & Said)
  | ({ readonly type: 'ProviderSuspended'; readonly carrierCode: string } & Said)
  | ({ readonly type: 'ProviderResumed'; readonly carrierCode: string } & Said);

export type ProviderRefusal = { readonly code: 'unknown_carrier' } | DirectRateRefusal;

export type ProviderState =
  | { readonly status: 'unknown' }
  | {
    readonly status: 'active' | 'suspended'; readonly providerId: number; readonly terms: ProviderTerms; readonly limits: ProviderLimits;
    /** Of each destination the last one, whether it is over or not. */
    readonly locks: readonly QualityLock[];
    /** None: the one of the terms. */
    readonly gateways: readonly NamedGateway[];
    readonly balance: ProviderBalance | null;
    readonly direct: DirectOffers;
  };

/**
 * A provider as one stream: registered once, its terms and limits agreed anew, its direct rates loaded and
 * withdrawn, locked for its quality, on and off at once. Limits that are agreed anew lift its locks, which were judged by others.
 */
export const provider: Decider<ProviderState, ProviderCommand, ProviderEvent, ProviderRefusal> = {
  name: 'provider',
  initial: { status: 'unknown' },
  decide,
  evolve,
};

function decide(command: ProviderCommand, state: ProviderState): Decision<ProviderEvent, ProviderRefusal> {
  if (command.type === 'Register') {
    const { providerId, terms, by, at } = command;
    if (state.status === 'unknown') return accept<ProviderEvent>({ type: 'ProviderRegistered', providerId, terms, by, at });
    return sameTerms(state.terms, terms) ? accept() : accept<ProviderEvent>({ type: 'ProviderTermsAgreed', terms, by, at });
  }
  if (state.status === 'unknown') return reject({ code: 'unknown_carrier' });
  const { carrierCode } = state.terms;
  const { by, at } = command;
  switch (command.type) {
    case 'LoadRates':
      return loadRates(command, state.direct, { providerId: state.providerId, carrierCode });
    case 'WithdrawRates':
      return withdrawRates(command, state.direct, { providerId: state.providerId, carrierCode });
    case 'AgreeLimits':
      return sameContent(state.limits, command.limits) ? accept() : accept<ProviderEvent>({ type: 'ProviderLimitsAgreed', carrierCode, limits: command.limits, by, at });
    case 'AgreeGateways': {
      const gateways = withIds(command.gateways, state.gateways);
      return sameContent(state.gateways, gateways) ? accept() : accept<ProviderEvent>({ type: 'ProviderGatewaysAgreed', carrierCode, gateways, by, at });
    }
    case 'StateBalance': {
      if (command.left === null && state.balance === null) return accept();
      const balance = command.left === null ? null : { ...command.left, sinceUs: at };
      return accept<ProviderEvent>({ type: 'ProviderBalanceStated', carrierCode, balance, by, at });
    }
    case 'LockForQuality': {
      const isLocked = state.locks.some(({ destination, untilUs }) => destination === command.lock.destination && at < untilUs);
      return isLocked ? accept() : accept<ProviderEvent>({ type: 'ProviderQualityLocked', carrierCode, lock: command.lock, by, at });
    }
    case 'Suspend':
      return state.status === 'suspended' ? accept() : accept<ProviderEvent>({ type: 'ProviderSuspended', carrierCode, by, at });
    case 'Resume':
      return state.status === 'active' ? accept() : accept<ProviderEvent>({ type: 'ProviderResumed', carrierCode, by, at });
    default:
      return unreachable(command);
  }
}

/** One that keeps its name keeps its id, by which customers are allowed to use it. */
function withIds(stated: readonly StatedGateway[], known: readonly NamedGateway[]): NamedGateway[] {
  return stated.map(({ freshId, ...gateway }) => ({ ...gateway, gatewayId: known.find(({ name }) => name === gateway.name)?.gatewayId ?? freshId }));
}

function evolve(state: ProviderState, event: ProviderEvent): ProviderState {
  switch (event.type) {
    case 'ProviderRegistered':
      return { status: 'active', providerId: event.providerId, terms: event.terms, limits: NO_LIMITS, locks: [], gateways: [], balance: null, direct: NO_DIRECT_OFFERS };
    case 'ProviderTermsAgreed':
      return state.status === 'unknown' ? state : { ...state, terms: event.terms };
    case 'ProviderLimitsAgreed':
      return state.status === 'unknown' ? state : { ...state, limits: event.limits, locks: [] };
    case 'ProviderGatewaysAgreed':
      return state.status === 'unknown' ? state : { ...state, gateways: event.gateways };
    case 'ProviderBalanceStated':
      return state.status === 'unknown' ? state : { ...state, balance: event.balance };
    case 'ProviderQualityLocked':
      return state.status === 'unknown' ? state : { ...state, locks: withLock(state.locks, event.lock) };
    case 'ProviderSuspended':
      return state.status === 'unknown' ? state : { ...state, status: 'suspended' };
    case 'ProviderResumed':
      return state.status === 'unknown' ? state : { ...state, status: 'active' };
    case 'ProviderRatesLoaded':
    case 'ProviderRatesWithdrawn':
      return state.status === 'unknown' ? state : { ...state, direct: withWord(state.direct, event) };
    default:
      return unreachable(event);
  }
}

function sameTerms(left: ProviderTerms, right: ProviderTerms): boolean {
  return left.name === right.name && left.priority === right.priority && sameContent(left.gateway, right.gateway);
}
