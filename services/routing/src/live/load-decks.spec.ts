import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { type DeckChunk, DeckChunkSchema, DeckKind, RateProfileSchema } from '@tollwire/contracts';
import type { DeckInForce, ReplicaState } from '@tollwire/rate-decks';
import { loadCarrierDecks } from './load-decks.ts';

const deck: DeckInForce = {
  kind: DeckKind.CARRIER, ownerId: 7, activation: 2, version: 2, digest: 'abc', currency: 'USD', carrierCode: 'ACME', chunkCount: 2, rateCount: 3,
  validFromUs: 5, withdrawnAtUs: undefined, validUntilUs: 9,
};
const first = create(DeckChunkSchema, {
  prefix: ['1', '12'], ratePerMinNanos: [1n, 2n ** 53n - 1n], validFromUs: [0n, 3n], validUntilUs: [0n, 8n], blocked: [false, true],
});
const second = create(DeckChunkSchema, { prefix: ['2'], ratePerMinNanos: [5n], validFromUs: [0n], validUntilUs: [0n], blocked: [false] });

function stateOf(decks: readonly DeckInForce[], chunks: readonly DeckChunk[]): ReplicaState {
  return {
    decks, voipPlans: [], sellTerms: [], planHistory: { voipPlans: [], sellTerms: [] }, exchangeRates: [],
    async *chunks() {
      yield* chunks;
    },
  };
}

describe('a carrier deck as the router keeps it', () => {
  it('is its chunks in one, with an end that is open where none is told', async () => {
    const [loaded] = await loadCarrierDecks(stateOf([deck], [first, second]));
    expect(loaded?.source).toEqual({ carrierCode: 'ACME', carrierPlanId: 7, digest: 'abc', currency: 'USD', validFromUs: 5, validUntilUs: 9 });
    const { prefix, blocked, timings, charges, ...numbers } = loaded?.columns ?? { prefix: [], blocked: [], timings: [], charges: [] };
    expect([prefix, blocked, timings, charges]).toEqual([['1', '12', '2'], [false, true, false], [], []]);
    expect(Object.fromEntries(Object.entries(numbers).map(([name, column]) => [name, Array.from(column)]))).toEqual({
      ratePerMinNanos: [1, Number.MAX_SAFE_INTEGER, 5], validFromUs: [0, 3, 0], validUntilUs: [Infinity, 8, Infinity], timing: [0, 0, 0], charge: [0, 0, 0],
    });
  });

  it('has the windows of its rates, each once over all chunks, and none of what else profiles say', async () => {
    const peak = { window: { name: 'peak', weekdays: [1], fromSec: 0, untilSec: 60, weight: 2 } };
    const profiles = [{ terms: { attemptFeeNanos: 1n } }, peak, { ...peak, terms: { taxPpm: 1 } }];
    const timed = { ...first, profiles: profiles.map((profile) => create(RateProfileSchema, profile)), profile: [2, 1], timeZone: 'Europe/Madrid' };
    const also = { ...second, profiles: [create(RateProfileSchema, { ...peak, terms: { taxPpm: 2 } })], profile: [1], timeZone: 'Europe/Madrid' };
    const [loaded] = await loadCarrierDecks(stateOf([deck], [timed, also]));
    expect(Array.from(loaded?.columns.timing ?? [])).toEqual([1, 0, 1]);
    expect(loaded?.columns.timings).toMatchObject([{ window: { name: 'peak', weight: 2 }, zone: { name: 'Europe/Madrid' } }]);
  });

  it('has what its rates charge beside their amount, each content once over all chunks', async () => {
    const profile = create(RateProfileSchema, { window: { name: 'peak', weekdays: [1], fromSec: 0, untilSec: 60, weight: 2 }, terms: { minChargeNanos: 9n } });
    const rich = { ...first, connectFeeNanos: [0n, 5n], initialIncrementSec: [30, 0], incrementSec: [6, 0], profiles: [profile], profile: [0, 1], timeZone: 'UTC' };
    const [loaded] = await loadCarrierDecks(stateOf([deck], [rich, { ...second, initialIncrementSec: [30], incrementSec: [6] }]));
    expect(Array.from(loaded?.columns.charge ?? [])).toEqual([1, 2, 1]);
    expect(loaded?.columns.charges).toMatchObject([
      { connectFeeNanos: 0, initialIncrementSec: 30, incrementSec: 6, profile: undefined },
      { connectFeeNanos: 5, initialIncrementSec: 0, incrementSec: 1, profile: { window: undefined, terms: { minChargeNanos: 9n } } },
    ]);
  });

  it('cannot be taken where a zone is unknown', async () => {
    const lost = { ...second, profiles: [create(RateProfileSchema, {})], profile: [1], timeZone: 'Mars/Base' };
    await expect(loadCarrierDecks(stateOf([deck], [lost]))).rejects.toThrow('its time zone "Mars/Base" is unknown');
  });

  it('has each version that is in force, in their order', async () => {
    const decks = await loadCarrierDecks(stateOf([deck, { ...deck, digest: 'def', ownerId: 8 }], [second]));
    expect(decks.map(({ source, columns }) => [source.digest, source.carrierPlanId, columns.prefix.length])).toEqual([['abc', 7, 1], ['def', 8, 1]]);
  });

  it('has no rates where its chunks are empty', async () => {
    const [loaded] = await loadCarrierDecks(stateOf([{ ...deck, rateCount: 0 }], []));
    expect(loaded?.columns.prefix).toEqual([]);
  });
});
