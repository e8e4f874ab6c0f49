import { accept, type Decision, type Decider, reject, unreachable } from '@tollwire/core';

/** Where and how a provider takes calls; a *gateway* is a VoIP gateway. */
export interface Gateway {
  /** Host name or IP address, with a port where it is not the default. */
  readonly address: string;
  /** SIP, IAX2 …: documented as providertech. */
  readonly tech: string;
  readonly stripDigits: number;
  readonly addPrefix: string;
  readonly timeoutSec: number;
}

/** What is agreed with a provider, apart from its rates. */
export interface ProviderTerms {
  readonly carrierCode: string;
  readonly name: string;
  readonly gateway: Gateway;
  /** Lower goes first among carriers of the same price. */
  readonly priority: number;
}

/** A direct rate of a provider for a documented destination: the `providerdestination` and `providerrate` rows. */
export interface DirectRate {
  readonly prefix: string;
  readonly countryPrefixId: number;
  readonly ratePerMinNanos: bigint;
}

export type ProviderCommand =
  | { type: 'Register'; providerId: number; terms: ProviderTerms; atUs: number; by: string }
  | { type: 'LoadRates'; currency: string; rates: readonly DirectRate[]; atUs: number; by: string }
  | { type: 'Suspend'; by: string }
  | { type: 'Resume'; by: string };

export type ProviderEvent =
  | { type: 'ProviderRegistered'; providerId: number; terms: ProviderTerms; registeredAtUs: number; by: string }
  | { type: 'ProviderTermsAgreed'; terms: ProviderTerms; by: string }
  | { type: 'ProviderRatesLoaded'; providerId: number; carrierCode: string; currency: string; rates: readonly DirectRate[]; validFromUs: number; by: string }
  | { type: 'ProviderSuspended'; carrierCode: string; by: string }
  | { type: 'ProviderResumed'; carrierCode: string; by: string };

export type ProviderRefusal =
  | { code: 'unknown_carrier' }
  | { code: 'too_many_rates'; ratesMax: number }
  | { code: 'duplicate_prefix'; prefix: string };

export type ProviderState =
  | { status: 'unknown' }
  | { status: 'active' | 'suspended'; providerId: number; terms: ProviderTerms };

/** One load of direct rates is one event; a deck that is longer goes through a carrier plan. */
export const directRatesMax = 10_000;

/** A provider as one stream: registered once, its terms agreed anew, its direct rates loaded, on and off at once. */
export const provider: Decider<ProviderState, ProviderCommand, ProviderEvent, ProviderRefusal> = {
  name: 'provider',
  initial: { status: 'unknown' },
  decide,
  evolve,
};

function decide(command: ProviderCommand, state: ProviderState): Decision<ProviderEvent, ProviderRefusal> {
  if (command.type === 'Register') {
    const { providerId, terms, atUs: registeredAtUs, by } = command;
    if (state.status === 'unknown') return accept<ProviderEvent>({ type: 'ProviderRegistered', providerId, terms, registeredAtUs, by });
    return sameTerms(state.terms, terms) ? accept() : accept<ProviderEvent>({ type: 'ProviderTermsAgreed', terms, by });
  }
  if (state.status === 'unknown') return reject({ code: 'unknown_carrier' });
  const { carrierCode } = state.terms;
  switch (command.type) {
    case 'LoadRates':
      return loadRates(command, state.providerId, carrierCode);
    case 'Suspend':
      return state.status === 'suspended' ? accept() : accept<ProviderEvent>({ type: 'ProviderSuspended', carrierCode, by: command.by });
    case 'Resume':
      return state.status === 'active' ? accept() : accept<ProviderEvent>({ type: 'ProviderResumed', carrierCode, by: command.by });
    default:
      return unreachable(command);
  }
}

function loadRates(
  command: Extract<ProviderCommand, { type: 'LoadRates' }>,
  providerId: number,
  carrierCode: string,
): Decision<ProviderEvent, ProviderRefusal> {
  if (command.rates.length > directRatesMax) return reject({ code: 'too_many_rates', ratesMax: directRatesMax });
  const seen = new Set<string>();
  for (const { prefix } of command.rates) {
    if (seen.has(prefix)) return reject({ code: 'duplicate_prefix', prefix });
    seen.add(prefix);
  }
  const { currency, rates, atUs: validFromUs, by } = command;
  return accept<ProviderEvent>({ type: 'ProviderRatesLoaded', providerId, carrierCode, currency, rates, validFromUs, by });
}

function evolve(state: ProviderState, event: ProviderEvent): ProviderState {
  switch (event.type) {
    case 'ProviderRegistered':
      return { status: 'active', providerId: event.providerId, terms: event.terms };
    case 'ProviderTermsAgreed':
      return state.status === 'unknown' ? state : { ...state, terms: event.terms };
    case 'ProviderSuspended':
      return state.status === 'unknown' ? state : { ...state, status: 'suspended' };
    case 'ProviderResumed':
      return state.status === 'unknown' ? state : { ...state, status: 'active' };
    case 'ProviderRatesLoaded':
      return state;
    default:
      return unreachable(event);
  }
}

function sameTerms(left: ProviderTerms, right: ProviderTerms): boolean {
  return (
    left.name === right.name &&
    left.priority === right.priority &&
    left.gateway.address === right.gateway.address &&
    left.gateway.tech === right.gateway.tech &&
    left.gateway.stripDigits === right.gateway.stripDigits &&
    left.gateway.addPrefix === right.gateway.addPrefix &&
    left.gateway.timeoutSec === right.gateway.timeoutSec
  );
}
