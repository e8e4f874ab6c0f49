import { type PublicEvent, publicEventOf, publicEvents } from '@tollwire/contracts';
import { unreachable } from '@tollwire/core';
import type { Recorded } from '@tollwire/event-store';
import type { ProviderRatesLoaded, ProviderRatesWithdrawn } from '../domain/direct-rates.ts';
import type { ProviderEvent } from '../domain/provider.ts';

/**
 * What others are told of a provider: its number, by which cdr names the carrier of a call, and its direct rates, by
 * which rating buys. All else is routing's own affair.
 */
export function publicProviderEvent({ event, stream, version, meta }: Recorded<ProviderEvent>): readonly PublicEvent[] {
  const told = { source: 'tollwire/routing', parts: [stream, String(version)], timeUs: event.at, traceparent: meta['traceparent'] };
  switch (event.type) {
    case 'ProviderRegistered': {
      const { providerId, terms: { carrierCode, name } } = event;
      return [publicEventOf(publicEvents.ProviderRegistered, { ...told, data: { providerId, carrierCode, name } })];
    }
    case 'ProviderRatesLoaded':
      return [publicEventOf(publicEvents.ProviderRatesLoaded, { ...told, data: ratesOf(event) })];
    case 'ProviderRatesWithdrawn':
      return [publicEventOf(publicEvents.ProviderRatesWithdrawn, { ...told, data: withdrawnOf(event) })];
    case 'ProviderTermsAgreed':
    case 'ProviderLimitsAgreed':
    case 'ProviderGatewaysAgreed':
    case 'ProviderBalanceStated':
    case 'ProviderQualityLocked':
    case 'ProviderSuspended':
    case 'ProviderResumed':
      return [];
    default:
      return unreachable(event);
  }
}

function ratesOf({ carrierCode, currency, rates, validFrom, by }: ProviderRatesLoaded & { readonly by: string }) {
  return {
    carrierCode, currency, by,
    validFromUs: BigInt(validFrom),
    prefix: rates.map(({ prefix }) => prefix),
    ratePerMinNanos: rates.map(({ ratePerMinNanos }) => ratePerMinNanos),
  };
}

function withdrawnOf({ carrierCode, prefixes, validUntil, by }: ProviderRatesWithdrawn & { readonly by: string }) {
  return { carrierCode, prefix: [...prefixes], validUntilUs: BigInt(validUntil), by };
}
