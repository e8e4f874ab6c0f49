import { unreachable } from '@tollwire/core';
import type { Projection } from '@tollwire/event-store';
import type { ProviderEvent, ProviderTerms } from '../domain/provider.ts';

/** The documented row of a provider, with what its gateway needs. */
export interface ProviderRow {
  readonly providerId: number;
  readonly carrierCode: string;
  readonly tech: string;
  readonly address: string;
  readonly name: string;
  readonly stripDigits: number;
  readonly addPrefix: string;
  readonly timeoutSec: number;
  readonly priority: number;
  readonly active: boolean;
}

/** Every provider as it stands: the documented table `provider`. */
export const providerList: Projection<ProviderRow, ProviderEvent> = {
  name: 'provider-list',
  table: 'provider',
  streamPrefix: 'provider-',
  columns: {
    providerId: 'providerid int',
    carrierCode: 'carriercode text',
    tech: 'providertech text',
    address: 'providerip text',
    name: 'providername text',
    stripDigits: 'strip_digits int',
    addPrefix: 'add_prefix text',
    timeoutSec: 'timeout_sec int',
    priority: 'priority int',
    active: 'active boolean',
  },
  key: ['carrierCode'],
  keyOf: ({ event }) => [event.type === 'ProviderRegistered' || event.type === 'ProviderTermsAgreed' ? event.terms.carrierCode : event.carrierCode],
  evolve(row, { event }) {
    switch (event.type) {
      case 'ProviderRegistered':
        return { providerId: event.providerId, ...rowOf(event.terms), active: true };
      case 'ProviderTermsAgreed':
        return row && { ...row, ...rowOf(event.terms) };
      case 'ProviderSuspended':
        return row && { ...row, active: false };
      case 'ProviderResumed':
        return row && { ...row, active: true };
      case 'ProviderRatesLoaded':
        return row;
      default:
        return unreachable(event);
    }
  },
};

function rowOf({ carrierCode, name, gateway, priority }: ProviderTerms): Omit<ProviderRow, 'providerId' | 'active'> {
  const { tech, address, stripDigits, addPrefix, timeoutSec } = gateway;
  return { carrierCode, name, tech, address, stripDigits, addPrefix, timeoutSec, priority };
}
