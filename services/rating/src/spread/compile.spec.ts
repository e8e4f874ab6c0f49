import { create } from '@bufbuild/protobuf';
import { DeckChunkSchema, DeckKind, ExchangeRateSetSchema, RoundingMode, SellTermsSetSchema } from '@tollwire/contracts';
import { describe, expect, it } from '@jest/globals';
import { deckOf, instant, plainChunk, specDeck, stateOf, termsOf } from '../spec/decks.ts';
import { noTables, type RatingTables } from '../domain/tables.ts';
import { columnsOfChunk, sliceOf } from './chunk-slice.ts';
import { type CatalogState, compile } from './compile.ts';
import { CurrentTables } from './current-tables.ts';
import { directOwnerId } from './direct-rates.ts';

const tariff = { kind: DeckKind.TARIFF, ownerId: 1 };
const good = deckOf(tariff, `
  prefix  rate  country
  34      0.10  70
  346     0.20  71
  44      0.30  0
`);
const sellTerms = [termsOf({ tariffId: 1 })];
const refusing = (error: unknown) => { throw error; };

describe('compile', () => {
  it('takes a deck over that is compiled already, without asking for its content again', async () => {
    const before = await compile(stateOf([{ deck: good }], { sellTerms }), noTables, refusing);
    const contentless: CatalogState = { ...stateOf([{ deck: good, until: '2026-07-01T00:00:00' }], { sellTerms }), chunks: () => { throw new Error('asked for'); } };
    const after = await compile(contentless, before, refusing);
    const [one, other] = [before, after].map(({ sellDecks }) => sellDecks.get('tariff:1')?.[0]);
    expect(other?.rates).toBe(one?.rates);
    expect([one?.validUntilUs, other?.validUntilUs]).toEqual([Infinity, Date.parse('2026-07-01T00:00:00Z') * 1000]);
    expect(before.sellDecks.get('tariff:1')).toHaveLength(1);
  });

  it('leaves a malformed deck out, tells of it, and serves all others', async () => {
    const disordered = specDeck({ ...tariff, ownerId: 2 }, [plainChunk(['44', '34'], 1n)]);
    const uneven = specDeck({ ...tariff, ownerId: 3 }, [{ ...plainChunk(['34', '44'], 1n), blocked: [false] }]);
    const understated = { ...good, version: { ...good.version, ownerId: 4, digest: 'understated', rateCount: 2n } };
    const kindless = specDeck({ ...tariff, kind: DeckKind.UNSPECIFIED, ownerId: 5 }, [plainChunk(['7'], 1n)]);
    const errors: unknown[] = [];
    const made = await compile(stateOf([disordered, uneven, understated, kindless, good].map((deck) => ({ deck })), { sellTerms }), noTables, (error) => errors.push(error));
    expect([...made.sellDecks.keys()]).toEqual(['tariff:1']);
    const told = errors.map(String).join('\n');
    expect(told).toMatch(/rate 1, prefix "34" is malformed or out of order\n.*columns of unequal length\n.*understated is left out: rate 2, more rates than announced\n.*kind 0/);
  });

  it('rejects where content cannot be read, so that the tables before stay', async () => {
    const errors: unknown[] = [];
    const tables = new CurrentTables((error) => errors.push(error));
    await tables.take(stateOf([{ deck: good }], { sellTerms }));
    const other = specDeck({ ...tariff, version: 2 }, [plainChunk(['34'], 5n)]);
    const broken: CatalogState = { ...stateOf([{ deck: other }], { sellTerms: [] }), chunks: () => { throw new Error('connection lost'); } };
    const standing = tables.now;
    await expect(tables.take(broken)).rejects.toThrow('connection lost');
    expect(tables.now).toBe(standing);
    expect([tables.loaded, tables.describe().rateCount, errors]).toEqual([true, 3, []]);
  });

  it('says which version of each deck prices calls at an instant, and nothing of direct rates', async () => {
    const tables = new CurrentTables(refusing);
    expect(tables.versionsAt(0)).toEqual({});
    const next = deckOf({ ...tariff, version: 2 }, `
      prefix  rate
      34      0.20
    `);
    const carrier = deckOf({ kind: DeckKind.CARRIER, ownerId: 7, carrierCode: 'ALPHA', version: 5 }, `
      prefix  rate
      34      0.05
    `);
    const bound = '2026-07-01T00:00:00';
    const state = stateOf([{ deck: good, until: bound }, { deck: next, from: bound }, { deck: carrier }], { sellTerms });
    const [direct] = (await compile(stateOf([{ deck: carrier }], { sellTerms }), noTables, refusing)).buyDecks.get('ALPHA') ?? [];
    await tables.take(state, direct === undefined ? [] : [{ ...direct, ownerId: directOwnerId, version: 1 }]);
    const boundUs = Number(instant(bound));
    expect(tables.versionsAt(boundUs - 1)).toEqual({ 'tariff:1': 1, 'carrier:7': 5 });
    expect(tables.versionsAt(boundUs)).toEqual({ 'tariff:1': 2, 'carrier:7': 5 });
  });

  it('leaves terms out that nobody can charge by, and tells of them', async () => {
    const plan = { plan: { case: 'tariffId' as const, value: 9 } };
    const odd = [{ roundingDecimals: 10, roundingMode: RoundingMode.UP, plan }, { roundingDecimals: 2, plan }, { roundingDecimals: 2, roundingMode: RoundingMode.UP }];
    const errors: unknown[] = [];
    const made = await compile(stateOf([], { sellTerms: [...odd.map((terms) => create(SellTermsSetSchema, terms)), ...sellTerms] }), noTables, (error) => errors.push(error));
    expect([...made.terms.keys()]).toEqual(['tariff:1']);
    expect(errors.map(String)).toEqual([
      'Error: The terms of tariff:9 are left out: 10 decimals, rounding 1',
      'Error: The terms of tariff:9 are left out: 2 decimals, rounding 0',
      'Error: The terms of no plan are left out: 2 decimals, rounding 1',
    ]);
  });

  it('knows each rounding by its name', async () => {
    const modes = [RoundingMode.UP, RoundingMode.DOWN, RoundingMode.HALF_UP];
    const made = await compile(stateOf([], { sellTerms: modes.map((mode, at) => termsOf({ tariffId: at + 1 }, { mode, decimals: at })) }), noTables, refusing);
    expect([...made.terms.values()].flatMap((history) => history.map(({ value }) => value)).map(({ rounding }) => `${rounding.mode} ${rounding.decimals}`)).toEqual(['up 0', 'down 1', 'half_up 2']);
  });

  it('lets others be served while it works, and is whole when it is done', async () => {
    const prefixes = Array.from({ length: 12_000 }, (_, at) => String(100_000 + at));
    const large = specDeck(tariff, [plainChunk(prefixes, 7n)]);
    let turnCount = 0;
    let isDone = false;
    const tick = () => { turnCount += 1; if (!isDone) setImmediate(tick); };
    setImmediate(tick);
    const made: RatingTables = await compile(stateOf([{ deck: large }], { sellTerms }), noTables, refusing);
    isDone = true;
    expect(turnCount).toBeGreaterThanOrEqual(3);
    expect(made.sellDecks.get('tariff:1')?.[0]?.rates.size).toBe(12_000);
  });

  it('leaves out an exchange rate that converts nothing, and tells of it', async () => {
    const errors: unknown[] = [];
    const rate = { base: 'EUR', quote: 'USD', numerator: 11n, decimals: 1, validFromUs: 5n, source: 'ECB', recordedAtUs: 9n };
    const exchangeRates = [rate, { ...rate, base: 'GBP', numerator: 0n }, { ...rate, base: 'CHF', decimals: 19 }].map((each) => create(ExchangeRateSetSchema, each));
    const made = await compile(stateOf([], { sellTerms: [], exchangeRates }), noTables, (error) => errors.push(error));
    const used = { base: 'EUR', quote: 'USD', numerator: 11n, decimals: 1, validFromUs: 5, source: 'ECB', isInverse: false };
    expect(made.exchangeRates.at('EUR', 'USD', 5)).toEqual({ from: 'EUR', to: 'USD', rates: [used] });
    expect([made.exchangeRates.size, errors.length]).toEqual([1, 2]);
  });
});

describe('the columns of a chunk', () => {
  const chunk = create(DeckChunkSchema, {
    prefix: ['1', '2', '3'], ratePerMinNanos: [1n, 2n, 3n], connectFeeNanos: [4n, 5n, 6n], initialIncrementSec: [7, 8, 9], incrementSec: [10, 11, 12],
    validFromUs: [13n, 14n, 15n], validUntilUs: [16n, 17n, 18n], blocked: [true, false, true], countryPrefixId: [19, 20, 21],
    profiles: [{ terms: { attemptFeeNanos: 5n } }, { window: { name: 'peak', weekdays: [1, 5], fromSec: 3_600, untilSec: 7_200, weight: 2 } }],
    profile: [0, 2, 1], timeZone: 'Europe/Madrid',
  });
  const whole = columnsOfChunk(chunk) ?? absent();

  it('are cut in the same rows, with all profiles beside them', () => {
    expect(sliceOf(whole, 1, 2)).toEqual({
      prefix: ['2'], ratePerMinNanos: [2n], connectFeeNanos: [5n], initialIncrementSec: [8], incrementSec: [11], validFromUs: [14n], validUntilUs: [17n],
      blocked: [false], countryPrefixId: [20], profiles: whole.profiles, profile: [2], timeZone: 'Europe/Madrid',
    });
    expect(whole.profiles).toMatchObject([{ window: undefined, terms: { attemptFeeNanos: 5n } }, { window: { name: 'peak' }, furtherSteps: [], terms: {} }]);
  });

  it('forget no column of a chunk that prices depend on, and slices come together to the whole', () => {
    const parts = [sliceOf(whole, 0, 2), sliceOf(whole, 2, 100)];
    // What a destination is called changes no price.
    const unpriced = ['$typeName', 'name', 'names'];
    expect(Object.keys(parts[0] ?? {}).sort()).toEqual(Object.keys(chunk).filter((column) => !unpriced.includes(column)).sort());
    expect(parts.flatMap(({ prefix }) => prefix)).toEqual(whole.prefix);
    expect(parts.flatMap(({ countryPrefixId }) => countryPrefixId)).toEqual(whole.countryPrefixId);
    expect(parts.flatMap(({ profile }) => profile)).toEqual(whole.profile);
  });

  it('stay empty where a chunk of an older catalog has none', () => {
    expect(sliceOf({ ...whole, countryPrefixId: [], profile: [] }, 0, 2)).toMatchObject({ countryPrefixId: [], profile: [] });
  });

  it('are none where a profile makes no sense', () => {
    expect(columnsOfChunk(create(DeckChunkSchema, { profiles: [{ furtherSteps: [{ fromSec: 0, perSec: 60, incrementSec: 0 }] }] }))).toBeUndefined();
  });
});

function absent(): never {
  throw new Error('The chunk has no columns.');
}
