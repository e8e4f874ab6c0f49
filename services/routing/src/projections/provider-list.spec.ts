import { describe, expect, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import { NO_LIMITS } from '../domain/provider-limits.ts';
import type { ProviderEvent, ProviderTerms } from '../domain/provider.ts';
import { providerList, type ProviderRow } from './provider-list.ts';

const said = { by: 'ops', at: instantUs(5) } as const;
const gateway = { address: '203.0.113.7', tech: 'SIP', stripDigits: 2, addPrefix: '9#', timeoutSec: 20 };
const terms: ProviderTerms = { carrierCode: 'ALPHA', name: 'Alpha Telecom', gateway, priority: 1 };
const registered: ProviderEvent = { type: 'ProviderRegistered', providerId: 3, terms, ...said };
const suspended: ProviderEvent = { type: 'ProviderSuspended', carrierCode: 'ALPHA', ...said };
const resumed: ProviderEvent = { type: 'ProviderResumed', carrierCode: 'ALPHA', ...said };
const agreed: ProviderEvent = { type: 'ProviderTermsAgreed', terms: { ...terms, name: 'Alpha', gateway: { ...gateway, address: 'new.example' } }, ...said };
const callerIdAgreed: ProviderEvent = { type: 'ProviderTermsAgreed', terms: { ...terms, gateway: { ...gateway, callerId: { rule: 'replace', number: '4317000' } } }, ...said };
const limits = { ...NO_LIMITS, concurrentCallsMax: 30 };
const limited: ProviderEvent = { type: 'ProviderLimitsAgreed', carrierCode: 'ALPHA', limits, ...said };
const lock = { destination: '34', fault: { measure: 'asr', measured: 0.1, limit: 0.4 }, fromUs: 5, untilUs: 60 } as const;
const locked: ProviderEvent = { type: 'ProviderQualityLocked', carrierCode: 'ALPHA', lock, ...said };
const loaded: ProviderEvent = { type: 'ProviderRatesLoaded', providerId: 3, carrierCode: 'ALPHA', currency: 'EUR', rates: [], validFrom: said.at, ...said };

const vienna = { ...gateway, name: 'vienna', gatewayId: 7, groupIds: [1], priority: 0, weight: 1, active: true };
const gatewaysAgreed: ProviderEvent = { type: 'ProviderGatewaysAgreed', carrierCode: 'ALPHA', gateways: [vienna], ...said };

const balanceStated = { type: 'ProviderBalanceStated', carrierCode: 'ALPHA', balance: { leftNanos: 7n, currency: 'EUR', sinceUs: said.at }, ...said } as const;

const recorded = (event: ProviderEvent) => ({ event, stream: 'provider-ALPHA', version: 1, meta: {} });
const rowAfter = (...events: readonly ProviderEvent[]) =>
  events.reduce<ProviderRow | undefined>((row, event) => providerList.evolve(row, recorded(event)), undefined);

describe('the row of a provider', () => {
  const row: ProviderRow = {
    providerId: 3, carrierCode: 'ALPHA', name: 'Alpha Telecom', tech: 'SIP', address: '203.0.113.7', stripDigits: 2, addPrefix: '9#', timeoutSec: 20, portability: '', callerId: null,
    priority: 1, active: true, limits: null, locks: [], gateways: [], balanceNanos: null, balanceCurrency: null, balanceSince: null,
  };

  it.each<[what: string, events: readonly ProviderEvent[], row: ProviderRow]>([
    ['is there once it is registered', [registered], row],
    ['is inactive while it is suspended', [registered, suspended], { ...row, active: false }],
    ['is active again afterwards', [registered, suspended, resumed], row],
    ['has the terms agreed last, and stays as active as it was', [registered, suspended, agreed], { ...row, name: 'Alpha', address: 'new.example', active: false }],
    ['has the caller id that its gateway wants', [registered, callerIdAgreed], { ...row, callerId: { rule: 'replace', number: '4317000' } }],
    ['has the limits agreed last, also when its terms are agreed anew', [registered, limited, resumed, agreed], { ...row, name: 'Alpha', address: 'new.example', limits }],
    ['has the locks for its quality', [registered, locked, locked], { ...row, locks: [lock] }],
    ['has no lock that was judged by other limits', [registered, locked, limited], { ...row, limits }],
    ['has the gateways agreed last, also when its limits are agreed anew', [registered, gatewaysAgreed, limited], { ...row, limits, gateways: [vienna] }],
    ['has the balance stated last, and none where any amount may be used up', [registered, balanceStated], { ...row, balanceNanos: 7n, balanceCurrency: 'EUR', balanceSince: said.at }],
    ['has no balance any more', [registered, balanceStated, { ...balanceStated, balance: null }], row],
    ['is untouched by its rates', [registered, loaded], row],
  ])('%s', (_, events, expected) => {
    expect(rowAfter(...events)).toEqual(expected);
  });

  it('is not made of an event that comes without a registration', () => {
    for (const event of [suspended, resumed, agreed, loaded, limited, locked, gatewaysAgreed, balanceStated]) expect(rowAfter(event)).toBeUndefined();
  });

  it('is the same row for every event of its carrier', () => {
    const keys = [registered, suspended, resumed, agreed, loaded].map((event) => providerList.keyOf(recorded(event)));
    expect(new Set(keys.map((key) => key?.join()))).toEqual(new Set(['ALPHA']));
  });
});
