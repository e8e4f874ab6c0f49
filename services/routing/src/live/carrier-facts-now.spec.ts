import { describe, expect, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import type { MeasuredQuality } from '../domain/carrier-facts.ts';
import { NO_LIMITS } from '../domain/provider-limits.ts';
import { carrier, e164, noonUs } from '../domain/route.fixture.ts';
import { CarrierFactsNow, type LiveMeasures } from './carrier-facts-now.ts';

const quality = (asr: number): MeasuredQuality => ({ asr, acdSec: 60, pddMs: undefined, attemptCount: 50 });
const lock = { destination: '34', fault: { measure: 'asr', measured: 0.1, limit: 0.4 }, fromUs: noonUs, untilUs: noonUs + 60 } as const;

const plain = carrier(0, 'PLAIN');
const limited = carrier(1, 'LIMITED', { limits: { ...NO_LIMITS, concurrentCallsMax: 30, callsPerSecMax: 5 } });
const locked = carrier(2, 'LOCKED', { locks: [lock] });
const spain = { e164: e164('34650123456'), atUs: noonUs };
const britain = { e164: e164('442079460000'), atUs: noonUs };

/** Facts over measures that a test changes; it notes what it is asked. */
function factsOf() {
  const told = { asr: 0.5, version: 1, concurrentCalls: 3, isNow: true, spent: 40n, asked: [] as string[] };
  const measures: LiveMeasures = {
    quality: {
      get version() {
        return told.version;
      },
      for: (carrierCode, destination, attemptCountMin) => {
        told.asked.push(`${carrierCode} ${destination} ${attemptCountMin}`);
        return destination === '34' ? quality(told.asr) : undefined;
      },
    },
    capacity: { concurrentCalls: () => told.concurrentCalls, callsPerSec: () => 1, isNow: () => told.isNow },
    balances: { spentNanos: (carrierCode, sinceUs) => (carrierCode === 'PREPAID' && sinceUs === noonUs ? told.spent : 0n) },
  };
  return { told, facts: new CarrierFactsNow(measures) };
}

describe('the facts of carriers when a call is routed', () => {
  it('are what was measured of the country of the number, looked up once until something else is measured', () => {
    const { told, facts } = factsOf();
    const asr = () => facts.of(plain, '34', spain).quality?.asr;
    expect([asr(), asr(), facts.of(plain, '44', britain), asr()]).toEqual([0.5, 0.5, {}, 0.5]);
    expect(told.asked).toEqual(['PLAIN 34 20', 'PLAIN 44 20']);
    told.asr = 0.3;
    expect(asr()).toBe(0.5);
    told.version = 2;
    expect([asr(), told.asked.length]).toEqual([0.3, 3]);
  });

  it('are what is in use of the capacity at the very moment, and nothing of it for another time', () => {
    const { told, facts } = factsOf();
    const now = facts.of(limited, '34', spain);
    expect(now).toMatchObject({ concurrentCalls: { inUse: 3, max: 30 }, callsPerSec: { inUse: 1, max: 5 } });
    told.concurrentCalls = 4;
    expect([now.concurrentCalls?.inUse, facts.of(limited, '34', spain).concurrentCalls?.inUse]).toEqual([4, 4]);
    told.isNow = false;
    expect(facts.of(limited, '34', { ...spain, atUs: instantUs(noonUs - 1) })).toEqual({ quality: quality(0.5) });
    expect(facts.of(plain, '34', spain)).not.toHaveProperty('concurrentCalls');
  });

  it('are which calls it takes, and what is left of its balance now, beside its capacity', () => {
    const { told, facts } = factsOf();
    const limits = { ...NO_LIMITS, concurrentCallsMax: 30, codecs: ['PCMA'], attestationMin: 'B', accountsOnly: ['acme'], accountsNot: ['evil'] } as const;
    const prepaid = carrier(3, 'PREPAID', { limits, balance: { leftNanos: 100n, currency: 'EUR', sinceUs: noonUs } });
    const agreed = { codecs: ['PCMA'], attestationMin: 'B', onlyAccounts: new Set(['acme']), notAccounts: new Set(['evil']) };
    const now = facts.of(prepaid, '34', spain);
    expect(now).toMatchObject({ ...agreed, balanceNanos: 60n, concurrentCalls: { inUse: 3, max: 30 } });
    [told.spent, told.concurrentCalls] = [100n, 4];
    expect([now.balanceNanos, now.concurrentCalls?.inUse]).toEqual([0n, 4]);
    told.isNow = false;
    expect(facts.of(prepaid, '34', { ...spain, atUs: instantUs(noonUs - 1) })).toEqual({ ...agreed, quality: quality(0.5) });
  });

  it('are that a carrier is locked while and where it is', () => {
    const { facts } = factsOf();
    const until = (call: typeof spain) => facts.of(locked, '', call).lockedUntilUs;
    expect(facts.of(locked, '34', spain)).toMatchObject({ lockedUntilUs: noonUs + 60, lockedFor: lock.fault, quality: { asr: 0.5 } });
    expect([until(britain), until({ ...spain, atUs: instantUs(noonUs - 1) }), until({ ...spain, atUs: instantUs(noonUs + 60) })]).toEqual([undefined, undefined, undefined]);
  });
});
