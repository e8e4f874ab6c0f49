import { describe, expect, it } from '@jest/globals';
import { publicEvents } from '@tollwire/contracts';
import type { ProviderEvent } from '../domain/provider.ts';
import { publicProviderEvent } from './public-events.ts';

const gateway = { address: '203.0.113.7', tech: 'SIP', stripDigits: 0, addPrefix: '', timeoutSec: 30 };
const terms = { carrierCode: 'ALPHA', name: 'Alpha Telecom', gateway, priority: 1 };
const by = 'ops';

const told = (event: ProviderEvent) => publicProviderEvent({ event, stream: 'provider-ALPHA', version: 1, meta: {} });

describe('what others are told of a provider', () => {
  it('is its number', () => {
    const [event] = told({ type: 'ProviderRegistered', providerId: 3, terms, registeredAtUs: 5, by });
    const data = { providerId: 3, carrierCode: 'ALPHA', name: 'Alpha Telecom' };
    expect(event).toMatchObject({ definition: publicEvents.ProviderRegistered, key: 'carrier:ALPHA', timeUs: 5, data });
  });

  it('is its direct rates, in columns', () => {
    const rates = [{ prefix: '431', countryPrefixId: 17, ratePerMinNanos: 12_000_000n }, { prefix: '44', countryPrefixId: 0, ratePerMinNanos: 0n }];
    const [event] = told({ type: 'ProviderRatesLoaded', providerId: 3, carrierCode: 'ALPHA', currency: 'EUR', rates, validFromUs: 7, by });
    const data = { carrierCode: 'ALPHA', currency: 'EUR', prefix: ['431', '44'], ratePerMinNanos: [12_000_000n, 0n], validFromUs: 7n };
    expect(event).toMatchObject({ definition: publicEvents.ProviderRatesLoaded, key: 'carrier:ALPHA', timeUs: 7, data });
  });

  it.each<ProviderEvent>([
    { type: 'ProviderTermsAgreed', terms, by },
    { type: 'ProviderSuspended', carrierCode: 'ALPHA', by },
    { type: 'ProviderResumed', carrierCode: 'ALPHA', by },
  ])('is not $type', (event) => {
    expect(told(event)).toEqual([]);
  });
});
