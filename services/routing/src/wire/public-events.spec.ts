import { describe, expect, it } from '@jest/globals';
import { publicEvents } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import type { ProviderEvent } from '../domain/provider.ts';
import { publicProviderEvent } from './public-events.ts';

const gateway = { address: '203.0.113.7', tech: 'SIP', stripDigits: 0, addPrefix: '', timeoutSec: 30 };
const terms = { carrierCode: 'ALPHA', name: 'Alpha Telecom', gateway, priority: 1 };
const said = { by: 'ops', at: instantUs(5) } as const;
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const told = (event: ProviderEvent) => publicProviderEvent({ event, stream: 'provider-ALPHA', version: 1, meta: { by: 'ops', traceparent } });

describe('what others are told of a provider', () => {
  it('is its number', () => {
    const [event] = told({ type: 'ProviderRegistered', providerId: 3, terms, ...said });
    const data = { providerId: 3, carrierCode: 'ALPHA', name: 'Alpha Telecom' };
    expect(event).toMatchObject({ definition: publicEvents.ProviderRegistered, key: 'carrier:ALPHA', timeUs: 5, traceparent, data });
  });

  it('is its direct rates, in columns', () => {
    const rates = [{ prefix: '431', countryPrefixId: 17, ratePerMinNanos: 12_000_000n }, { prefix: '44', countryPrefixId: 0, ratePerMinNanos: 0n }];
    const [event] = told({ type: 'ProviderRatesLoaded', providerId: 3, carrierCode: 'ALPHA', currency: 'EUR', rates, validFrom: said.at, ...said });
    const data = { carrierCode: 'ALPHA', currency: 'EUR', prefix: ['431', '44'], ratePerMinNanos: [12_000_000n, 0n], validFromUs: 5n, by: 'ops' };
    expect(event).toMatchObject({ definition: publicEvents.ProviderRatesLoaded, key: 'carrier:ALPHA', timeUs: 5, traceparent, data });
  });

  it('is which of them were withdrawn, and from when', () => {
    const [event] = told({ type: 'ProviderRatesWithdrawn', providerId: 3, carrierCode: 'ALPHA', prefixes: ['431', '44'], validUntil: instantUs(7), ...said });
    const data = { carrierCode: 'ALPHA', prefix: ['431', '44'], validUntilUs: 7n, by: 'ops' };
    expect(event).toMatchObject({ definition: publicEvents.ProviderRatesWithdrawn, key: 'carrier:ALPHA', timeUs: 5, traceparent, data });
  });

  it.each<ProviderEvent>([
    { type: 'ProviderTermsAgreed', terms, ...said },
    { type: 'ProviderSuspended', carrierCode: 'ALPHA', ...said },
    { type: 'ProviderResumed', carrierCode: 'ALPHA', ...said },
  ])('is not $type', (event) => {
    expect(told(event)).toEqual([]);
  });

  it('has no trace where the request had none', () => {
    const [event] = publicProviderEvent({ event: { type: 'ProviderRegistered', providerId: 3, terms, ...said }, stream: 'provider-ALPHA', version: 1, meta: {} });
    expect(event).not.toHaveProperty('traceparent');
  });

  it('has another id for each version of the stream, and the same id told again', () => {
    const event: ProviderEvent = { type: 'ProviderRegistered', providerId: 3, terms, ...said };
    const idOf = (stream: string, version: number) => publicProviderEvent({ event, stream, version, meta: {} })[0]?.id;
    expect(idOf('provider-ALPHA', 1)).toBe(idOf('provider-ALPHA', 1));
    expect(new Set([idOf('provider-ALPHA', 1), idOf('provider-ALPHA', 2), idOf('provider-BETA', 1)]).size).toBe(3);
  });
});
