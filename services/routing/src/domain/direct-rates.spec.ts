import { describe, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import { given } from '@tollwire/testing';
import { directRatesMax, type DirectRate } from './direct-rates.ts';
import { provider, type ProviderCommand, type ProviderEvent, type ProviderTerms } from './provider.ts';

const terms: ProviderTerms = {
  carrierCode: 'ALPHA', name: 'Alpha Telecom', priority: 1, gateway: { address: '203.0.113.7', tech: 'SIP', stripDigits: 0, addPrefix: '', timeoutSec: 30 },
};
const said = (at: number) => ({ by: 'ops', at: instantUs(at) });
const of = { providerId: 3, carrierCode: 'ALPHA' };
const registered: ProviderEvent = { type: 'ProviderRegistered', providerId: 3, terms, ...said(1) };

/** Two rates of Vienna, destination 17; one of Graz, 18; and one that names no destination. */
const vienna = { prefix: '431', countryPrefixId: 17, ratePerMinNanos: 12_000_000n };
const viennaMobile = { prefix: '43660', countryPrefixId: 17, ratePerMinNanos: 90_000_000n };
const graz = { prefix: '43316', countryPrefixId: 18, ratePerMinNanos: 15_000_000n };
const unnamed = { prefix: '99', countryPrefixId: 0, ratePerMinNanos: 1n };

const load = (at: number, ...rates: readonly DirectRate[]): ProviderCommand => ({ type: 'LoadRates', currency: 'EUR', rates, ...said(at) });
const loaded = (at: number, validFrom: number, ...rates: readonly DirectRate[]): ProviderEvent =>
  ({ type: 'ProviderRatesLoaded', ...of, currency: 'EUR', rates, validFrom: instantUs(validFrom), ...said(at) });
const withdraw = (at: number, prefixes: readonly string[], countryPrefixIds: readonly number[] = []): ProviderCommand => ({ type: 'WithdrawRates', prefixes, countryPrefixIds, ...said(at) });
const withdrawn = (at: number, validUntil: number, ...prefixes: readonly string[]): ProviderEvent =>
  ({ type: 'ProviderRatesWithdrawn', ...of, prefixes, validUntil: instantUs(validUntil), ...said(at) });

const offered = [registered, loaded(10, 10, vienna, viennaMobile, graz, unnamed)];

describe('direct rates of a provider', () => {
  it('are loaded as one fact', () => {
    given(provider, [registered]).when(load(10, vienna)).then([loaded(10, 10, vienna)]);
  });

  it('are refused of whom nobody knows, with a prefix given twice, and beyond what one fact may hold', () => {
    given(provider, []).when(load(10, vienna)).then({ code: 'unknown_carrier' });
    given(provider, [registered]).when(load(10, vienna, vienna)).then({ code: 'duplicate_prefix', prefix: '431' });
    const many = Array.from({ length: directRatesMax + 1 }, (_, at) => ({ ...vienna, prefix: String(at + 1) }));
    given(provider, [registered]).when(load(10, ...many)).then({ code: 'too_many_rates', ratesMax: directRatesMax });
  });

  it('are withdrawn by their prefix, and by their destination with every rate that stands for it', () => {
    given(provider, offered).when(withdraw(20, ['43316'])).then([withdrawn(20, 20, '43316')]);
    given(provider, offered).when(withdraw(20, [], [17])).then([withdrawn(20, 20, '431', '43660')]);
    given(provider, offered).when(withdraw(20, ['99', '431'], [17, 18])).then([withdrawn(20, 20, '431', '43316', '43660', '99')]);
    given(provider, [...offered, withdrawn(20, 20, '431')]).when(withdraw(30, [], [17])).then([withdrawn(30, 30, '43660')]);
  });

  it('of a destination are those that were last loaded for it', () => {
    const moved = loaded(20, 20, { ...viennaMobile, countryPrefixId: 18 });
    given(provider, [...offered, moved]).when(withdraw(30, [], [18])).then([withdrawn(30, 30, '43316', '43660')]);
  });

  it('are refused to be withdrawn where they were never offered, or are withdrawn already; then nothing is', () => {
    given(provider, []).when(withdraw(20, ['431'])).then({ code: 'unknown_carrier' });
    given(provider, offered).when(withdraw(20, ['431', '44'])).then({ code: 'unknown_rate', prefix: '44' });
    given(provider, offered).when(withdraw(20, ['431'], [17, 19])).then({ code: 'unknown_destination', countryPrefixId: 19 });
    const over = [...offered, withdrawn(20, 20, '431', '43660')];
    given(provider, over).when(withdraw(30, ['43316', '431'])).then({ code: 'rate_withdrawn', prefix: '431' });
    given(provider, over).when(withdraw(30, [], [17])).then({ code: 'destination_withdrawn', countryPrefixId: 17 });
  });

  it('are offered again by another load, and can be withdrawn again', () => {
    const again = [...offered, withdrawn(20, 20, '431', '43660')];
    given(provider, again).when(load(30, vienna)).then([loaded(30, 30, vienna)]);
    given(provider, [...again, loaded(30, 30, vienna)]).when(withdraw(40, [], [17])).then([withdrawn(40, 40, '431')]);
  });

  it('end no more at once than one fact may hold', () => {
    const many = Array.from({ length: directRatesMax }, (_, at) => ({ ...vienna, prefix: `5${at}` }));
    given(provider, [...offered, loaded(11, 11, ...many)]).when(withdraw(20, [], [17])).then({ code: 'too_many_withdrawn', ratesMax: directRatesMax });
  });

  it('count from after the last word about them, by whatever clock the next one is said', () => {
    given(provider, offered).when(load(10, graz)).then([loaded(10, 11, graz)]);
    given(provider, offered).when(withdraw(7, ['99'])).then([withdrawn(7, 11, '99')]);
    given(provider, [...offered, withdrawn(20, 20, '99')]).when(load(20, unnamed)).then([loaded(20, 21, unnamed)]);
  });
});
