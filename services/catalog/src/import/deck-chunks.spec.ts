import { createHash } from 'node:crypto';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { DeckChunkSchema, rateProfileMessageOf } from '@tollwire/contracts';
import fc from 'fast-check';
import { ANY_TIME, profileKey, type RateProfile } from '@tollwire/telecom';
import { type Rate, RateColumns } from '../domain/rate-columns.ts';
import type { PlaceName } from '../domain/rate-notes.ts';
import { drained } from '../fixture/drained.fixture.ts';
import { KnownPrefixes } from '../number-plan/known-prefixes.ts';
import { decodeDeck, encodeDeck } from './deck-chunks.ts';

const noPlan = drained(KnownPrefixes.of(new Map())).result;
/** Every digit is a country; 4 has longer prefixes, too. */
const plan = drained(KnownPrefixes.of(new Map([...Array.from({ length: 9 }, (_, at) => [String(at + 1), at + 1] as const), ['44', 300], ['449', 103_628]]))).result;

const peak: RateProfile = {
  window: { ...ANY_TIME, name: 'peak', weekdays: [1, 2], fromSec: 28_800, untilSec: 72_000, weight: 1 }, furtherSteps: [], terms: {},
};
const charged: RateProfile = {
  window: undefined, terms: { attemptFeeNanos: 5n, minDurationSec: 4 },
  furtherSteps: [{ fromSec: 60, rateNanos: 10n ** 15n, perSec: 60, incrementSec: 6, entryFeeNanos: 1n }],
};

const anyRate: fc.Arbitrary<Rate> = fc.record({
  prefix: fc.stringMatching(/^[1-9][0-9]{0,14}$/),
  ratePerMinNanos: fc.bigInt({ min: 0n, max: 10n ** 15n }),
  connectFeeNanos: fc.bigInt({ min: 0n, max: 10n ** 15n }),
  initialIncrementSec: fc.integer({ min: 1, max: 3600 }),
  incrementSec: fc.integer({ min: 1, max: 3600 }),
  validFromUs: fc.integer({ min: 0, max: 2 ** 53 - 1 }),
  validUntilUs: fc.integer({ min: 0, max: 2 ** 53 - 1 }),
  blocked: fc.boolean(),
  profile: fc.constantFrom<(RateProfile | undefined)[]>(undefined, undefined, peak, charged),
  name: fc.constantFrom<(PlaceName | undefined)[]>(undefined, { destination: 'Wien; "Mobil"', country: 'Österreich' }, { destination: '', country: 'AT' }),
});

/** Contents in the order in which they first come, and of each rate the number of its own. */
function numbered<T, Fields extends object>(of: readonly (T | undefined)[], keyOf: (item: T) => string, fields: (items: T[], numbers: number[]) => Fields): Fields | object {
  const items = new Map<string, T>();
  for (const item of of) if (item !== undefined && !items.has(keyOf(item))) items.set(keyOf(item), item);
  const keys = [...items.keys()];
  return items.size === 0 ? {} : fields([...items.values()], of.map((item) => (item === undefined ? 0 : keys.indexOf(keyOf(item)) + 1)));
}

function ratesOf(columns: RateColumns): Rate[] {
  return Array.from({ length: columns.size }, (_, at) => columns.rateAt(at));
}

function manyRates(count: number): RateColumns {
  const rates = new RateColumns(count);
  for (let at = 0; at < count; at += 1) {
    rates.push({
      prefix: String(100_000_000_000_000 + at * 7), ratePerMinNanos: BigInt(12_300_000 + at), connectFeeNanos: 10n ** 15n,
      initialIncrementSec: 30, incrementSec: 6, validFromUs: 1_790_000_000_000_000, validUntilUs: 1_799_000_000_000_000, blocked: false,
    }, 0);
  }
  return rates;
}

describe('a deck in chunks', () => {
  it('is byte for byte what the generated code writes', () => {
    fc.assert(
      fc.property(fc.array(anyRate, { minLength: 1, maxLength: 20 }), fc.constantFrom(plan, noPlan), (rates, known) => {
        const expected = toBinary(DeckChunkSchema, create(DeckChunkSchema, {
          prefix: rates.map(({ prefix }) => prefix),
          ratePerMinNanos: rates.map(({ ratePerMinNanos }) => ratePerMinNanos),
          connectFeeNanos: rates.map(({ connectFeeNanos }) => connectFeeNanos),
          initialIncrementSec: rates.map(({ initialIncrementSec }) => initialIncrementSec),
          incrementSec: rates.map(({ incrementSec }) => incrementSec),
          validFromUs: rates.map(({ validFromUs }) => BigInt(validFromUs)),
          validUntilUs: rates.map(({ validUntilUs }) => BigInt(validUntilUs)),
          blocked: rates.map(({ blocked }) => blocked),
          countryPrefixId: known === noPlan ? [] : rates.map(({ prefix }) => known.longestId(prefix) ?? 0),
          ...numbered(rates.map(({ profile }) => profile), profileKey, (profiles, profile) => ({ profiles: profiles.map(rateProfileMessageOf), profile })),
          ...numbered(rates.map(({ name }) => name), JSON.stringify, (names, name) => ({ names, name })),
          timeZone: rates.some(({ profile }) => profile === peak) ? 'Europe/Vienna' : '',
        }));
        const columns = RateColumns.of(rates);
        columns.timeZone = 'Europe/Vienna';
        expect(drained(encodeDeck(columns, known)).result.chunks.map((chunk) => chunk.toString('hex'))).toEqual([Buffer.from(expected).toString('hex')]);
      }),
      { numRuns: 30 },
    );
  });

  it('is read back as it was', () => {
    fc.assert(
      fc.property(fc.array(anyRate, { maxLength: 20 }), (rates) => {
        expect(ratesOf(drained(decodeDeck(drained(encodeDeck(RateColumns.of(rates), plan)).result.chunks)).result)).toEqual(rates);
      }),
      { numRuns: 30 },
    );
  });

  it('stays well below the size of a message, however long the prefixes', () => {
    const rates = manyRates(60_000);
    const { chunks, digest } = drained(encodeDeck(rates, plan)).result;
    expect(chunks.length).toBeGreaterThan(2);
    expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(800 * 1024);
    expect(drained(encodeDeck(drained(decodeDeck(chunks)).result, plan)).result.digest).toBe(digest);
    expect(digest).toBe(createHash('sha256').update(Buffer.concat(chunks)).digest('hex'));
    expect(fromBinary(DeckChunkSchema, chunks[1] ?? Buffer.alloc(0)).prefix.length).toBeLessThanOrEqual(50_000);
  });

  it('has a name that does not change between releases', () => {
    const rate: Rate = {
      prefix: '36', ratePerMinNanos: 92_000_000n, connectFeeNanos: 0n, initialIncrementSec: 30, incrementSec: 6,
      validFromUs: 0, validUntilUs: 1_719_792_000_000_000, blocked: false,
    };
    const { chunks, digest } = drained(encodeDeck(RateColumns.of([rate, { ...rate, prefix: '40', blocked: true }]), noPlan)).result;
    expect(chunks.map((chunk) => chunk.toString('hex'))).toEqual([
      '0a0233360a0234301208809eef2b809eef2b1a02000022021e1e2a020606320200003a1080c0fdb9c484870380c0fdb9c484870342020001',
    ]);
    expect(digest).toBe('037963e433bb4f5aff15fa16809df262cb4c88f7ace5a62dd2004973fdfd1921');
  });

  it('tells of each rate the longest country prefix, in every chunk that has one', () => {
    const rate: Rate = {
      prefix: '', ratePerMinNanos: 1n, connectFeeNanos: 0n, initialIncrementSec: 1, incrementSec: 1, validFromUs: 0, validUntilUs: 0, blocked: false,
    };
    const known = drained(KnownPrefixes.of(new Map([['43', 5], ['4366', 7]]))).result;
    const idsOf = (...prefixes: string[]) =>
      drained(encodeDeck(RateColumns.of(prefixes.map((prefix) => ({ ...rate, prefix }))), known)).result.chunks.map((chunk) => fromBinary(DeckChunkSchema, chunk).countryPrefixId);
    expect(idsOf('4', '43', '431', '436641')).toEqual([[0, 5, 5, 7]]);
    expect(idsOf('1', '4')).toEqual([[]]);
  });
});
