import { describe, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import { given } from '@tollwire/testing';
import { NO_LIMITS } from './provider-limits.ts';
import { provider, type ProviderEvent, type ProviderTerms } from './provider.ts';

const said = { by: 'ops', at: instantUs(5) } as const;
const gateway = { address: '203.0.113.7', tech: 'SIP', stripDigits: 0, addPrefix: '', timeoutSec: 30 };
const terms: ProviderTerms = { carrierCode: 'ALPHA', name: 'Alpha Telecom', gateway, priority: 1 };
const registered: ProviderEvent = { type: 'ProviderRegistered', providerId: 3, terms, ...said };
const suspended: ProviderEvent = { type: 'ProviderSuspended', carrierCode: 'ALPHA', ...said };
const resumed: ProviderEvent = { type: 'ProviderResumed', carrierCode: 'ALPHA', ...said };

describe('provider', () => {
  it('is registered once; the same terms again are nothing new', () => {
    given(provider, []).when({ type: 'Register', providerId: 3, terms, ...said }).then([registered]);
    given(provider, [registered]).when({ type: 'Register', providerId: 3, terms: { ...terms, gateway: { ...gateway } }, ...said }).then([]);
  });

  it.each([
    ['name', { name: 'Alpha Carrier' }],
    ['priority', { priority: 2 }],
    ['address', { gateway: { ...gateway, address: '203.0.113.8' } }],
    ['technology', { gateway: { ...gateway, tech: 'IAX2' } }],
    ['stripped digits', { gateway: { ...gateway, stripDigits: 2 } }],
    ['added prefix', { gateway: { ...gateway, addPrefix: '9#' } }],
    ['caller id', { gateway: { ...gateway, callerId: { rule: 'withhold' as const } } }],
    ['timeout', { gateway: { ...gateway, timeoutSec: 20 } }],
  ])('agrees on new terms where the %s differs', (_what, change) => {
    const agreed = { ...terms, ...change };
    given(provider, [registered]).when({ type: 'Register', providerId: 3, terms: agreed, ...said }).then([{ type: 'ProviderTermsAgreed', terms: agreed, ...said }]);
  });

  it('goes out of every route and back in, each once', () => {
    given(provider, [registered]).when({ type: 'Suspend', ...said }).then([suspended]);
    given(provider, [registered, suspended]).when({ type: 'Suspend', ...said }).then([]);
    given(provider, [registered, suspended]).when({ type: 'Resume', ...said }).then([resumed]);
    given(provider, [registered, suspended, resumed]).when({ type: 'Resume', ...said }).then([]);
  });

  it('stays suspended when its terms are agreed anew', () => {
    const agreed: ProviderEvent = { type: 'ProviderTermsAgreed', terms: { ...terms, priority: 9 }, ...said };
    given(provider, [registered, suspended, agreed]).when({ type: 'Suspend', ...said }).then([]);
  });

  it('agrees on gateways as a whole; one that keeps its name keeps its id', () => {
    const vienna = { ...gateway, name: 'vienna', groupIds: [1], priority: 0, weight: 1, active: true };
    const graz = { ...vienna, name: 'graz' };
    const agreed: ProviderEvent = { type: 'ProviderGatewaysAgreed', carrierCode: 'ALPHA', gateways: [{ ...vienna, gatewayId: 7 }], ...said };
    given(provider, [registered]).when({ type: 'AgreeGateways', gateways: [{ ...vienna, freshId: 7 }], ...said }).then([agreed]);
    given(provider, [registered, agreed]).when({ type: 'AgreeGateways', gateways: [{ ...vienna, freshId: 8 }], ...said }).then([]);
    given(provider, [registered, agreed]).when({ type: 'AgreeGateways', gateways: [{ ...graz, freshId: 9 }, { ...vienna, freshId: 10 }], ...said })
      .then([{ ...agreed, gateways: [{ ...graz, gatewayId: 9 }, { ...vienna, gatewayId: 7 }] }]);
    given(provider, [registered, agreed]).when({ type: 'AgreeGateways', gateways: [], ...said }).then([{ ...agreed, gateways: [] }]);
    given(provider, []).when({ type: 'AgreeGateways', gateways: [], ...said }).then({ code: 'unknown_carrier' });
  });

  it('has the balance that was stated last, each from its instant on', () => {
    const left = { leftNanos: 9n, currency: 'EUR' };
    const stated: ProviderEvent = { type: 'ProviderBalanceStated', carrierCode: 'ALPHA', balance: { ...left, sinceUs: said.at }, ...said };
    given(provider, [registered]).when({ type: 'StateBalance', left, ...said }).then([stated]);
    given(provider, [registered, stated]).when({ type: 'StateBalance', left, ...said }).then([stated]);
    given(provider, [registered, stated]).when({ type: 'StateBalance', left: null, ...said }).then([{ ...stated, balance: null }]);
    given(provider, [registered]).when({ type: 'StateBalance', left: null, ...said }).then([]);
  });

  it('agrees on limits as a whole; the same again are nothing new', () => {
    const limits = { ...NO_LIMITS, concurrentCallsMax: 30 };
    const agreed: ProviderEvent = { type: 'ProviderLimitsAgreed', carrierCode: 'ALPHA', limits, ...said };
    given(provider, [registered]).when({ type: 'AgreeLimits', limits, ...said }).then([agreed]);
    given(provider, [registered, agreed]).when({ type: 'AgreeLimits', limits: { ...limits, hours: [] }, ...said }).then([]);
    given(provider, [registered]).when({ type: 'AgreeLimits', limits: NO_LIMITS, ...said }).then([]);
    given(provider, [registered, agreed]).when({ type: 'AgreeLimits', limits: NO_LIMITS, ...said }).then([{ ...agreed, limits: NO_LIMITS }]);
    given(provider, []).when({ type: 'AgreeLimits', limits, ...said }).then({ code: 'unknown_carrier' });
    given(provider, []).when({ type: 'Suspend', ...said }).then({ code: 'unknown_carrier' });
  });

  it('is locked for its quality once at a time for each destination', () => {
    const lock = { destination: '34', fault: { measure: 'asr', measured: 0.1, limit: 0.4 }, fromUs: 5, untilUs: 60 } as const;
    const locked: ProviderEvent = { type: 'ProviderQualityLocked', carrierCode: 'ALPHA', lock, ...said };
    given(provider, [registered]).when({ type: 'LockForQuality', lock, ...said }).then([locked]);
    given(provider, [registered, locked]).when({ type: 'LockForQuality', lock: { ...lock, untilUs: 90 }, by: 'ops', at: instantUs(59) }).then([]);
    const again = { ...lock, fromUs: 60, untilUs: 120 };
    given(provider, [registered, locked]).when({ type: 'LockForQuality', lock: again, by: 'ops', at: instantUs(60) }).then([{ ...locked, lock: again, by: 'ops', at: instantUs(60) }]);
    given(provider, [registered, locked]).when({ type: 'LockForQuality', lock: { ...lock, destination: '' }, ...said }).then([{ ...locked, lock: { ...lock, destination: '' } }]);
    given(provider, []).when({ type: 'LockForQuality', lock, ...said }).then({ code: 'unknown_carrier' });
  });
});
