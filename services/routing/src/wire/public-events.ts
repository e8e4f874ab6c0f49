import { type PublicEvent, publicEventOf, publicEvents } from '@tollwire/contracts';
import type { Recorded } from '@tollwire/event-store';
import type { ProviderEvent } from '../domain/provider.ts';

/** What others are told of a provider: its direct rates, by which rating buys. All else is routing's own affair. */
export function publicProviderEvent({ event, stream, version }: Recorded<ProviderEvent>): readonly PublicEvent[] {
  if (event.type !== 'ProviderRatesLoaded') return [];
  const { carrierCode, currency, rates, validFromUs, by } = event;
  const data = {
    carrierCode, currency, by,
    validFromUs: BigInt(validFromUs),
    prefix: rates.map(({ prefix }) => prefix),
    ratePerMinNanos: rates.map(({ ratePerMinNanos }) => ratePerMinNanos),
  };
  return [publicEventOf(publicEvents.ProviderRatesLoaded, { source: 'tollwire/routing', timeUs: validFromUs, parts: [stream, String(version)], data })];
}
