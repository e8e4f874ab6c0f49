import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import type { RateProfile } from './price/rate-profile.ts';
import { NO_FURTHER_TERMS } from './price/schedule.ts';
import { ANY_TIME } from './price/time-window.ts';
import { charge } from './rate.ts';
import type { RateColumns } from './rate-table-builder.ts';
import { RateTableBuilder } from './rate-table-builder.ts';
import type { PlanCharges, RateTable } from './rate-table.ts';

interface Rate {
  readonly prefix: string;
  readonly rate?: bigint;
  readonly fee?: bigint;
  readonly initial?: number;
  readonly increment?: number;
  readonly from?: number;
  readonly until?: number;
  readonly blocked?: boolean;
  readonly country?: number;
}

const columnsOf = (rates: readonly Rate[]): RateColumns => ({
  prefix: rates.map(({ prefix }) => prefix),
  ratePerMinNanos: rates.map(({ rate }) => rate ?? 100_000_000n),
  connectFeeNanos: rates.map(({ fee }) => fee ?? 0n),
  initialIncrementSec: rates.map(({ initial }) => initial ?? 30),
  incrementSec: rates.map(({ increment }) => increment ?? 6),
  validFromUs: rates.map(({ from }) => BigInt(from ?? 0)),
  validUntilUs: rates.map(({ until }) => BigInt(until ?? 0)),
  blocked: rates.map(({ blocked }) => blocked ?? false),
  countryPrefixId: rates.some(({ country }) => country !== undefined) ? rates.map(({ country }) => country ?? 0) : [],
  profiles: [],
  profile: [],
  timeZone: '',
});

const compiled = (rates: readonly Rate[]): RateTable => {
  const builder = new RateTableBuilder(rates.length);
  expect(builder.add(columnsOf(rates))).toEqual({ ok: true, value: rates.length });
  return builder.build();
};

describe('RateTable', () => {
  const NEW_RATE_AT = 1_113_559_200;
  const rates = compiled([
    { prefix: '34', rate: 780_000_000n, from: 1_108_070_635, until: NEW_RATE_AT },
    { prefix: '34', rate: 890_000_000n, from: NEW_RATE_AT },
    { prefix: '346', rate: 10_000_000n, from: 2_000_000_000 },
    { prefix: '34803', blocked: true },
  ]);

  it.each(
    table(`
      number       at          | prefix  rate
      34912345678  1108070634  | none    none
      34912345678  1108070635  | 34      780000000
      34912345678  1113559199  | 34      780000000
      34912345678  1113559200  | 34      890000000
      34612345678  1113559200  | 34      890000000
      34612345678  2000000000  | 346     10000000
      33123456789  1113559200  | none    none
    `),
  )('$number at $at is charged by prefix $prefix at $rate', ({ number, at, prefix, rate }) => {
    const row = rates.find(number ?? '', Number(at));
    expect(row < 0 ? 'none' : rates.prefixAt(row)).toBe(prefix);
    expect(row < 0 ? 'none' : String(rates.ratePerMinAt(row))).toBe(rate);
  });

  it('tells a blocked destination from one that costs nothing', () => {
    expect(rates.blockedAt(rates.find('34803123456', 1))).toBe(true);
    const free = compiled([{ prefix: '1', rate: 0n }]);
    expect(free.blockedAt(free.find('12125550100', 0))).toBe(false);
  });

  it('gives terms and validity back, and reads an increment that was left out as one second', () => {
    const one = compiled([{ prefix: '1', rate: 7n, fee: 3n, initial: 0, increment: 0, from: 5, until: 9 }]);
    expect(one.termsAt(0)).toEqual({ ratePerMinNanos: 7n, connectFeeNanos: 3n, initialIncrementSec: 0, incrementSec: 1 });
    expect(one.validityAt(0)).toEqual({ fromUs: 5, untilUs: 9 });
    expect(one.prefixLengthAt(0)).toBe(1);
  });

  it('charges what the terms of the rate charge, at any amount that it takes', () => {
    const amounts = fc.bigInt({ min: 0n, max: 2n ** 53n - 1n });
    const modes = fc.constantFrom('up' as const, 'down' as const, 'half_up' as const);
    fc.assert(
      fc.property(amounts, amounts, fc.nat(5000), fc.integer({ min: 0, max: 9 }), modes, (rate, fee, durationSec, decimals, mode) => {
        const one = compiled([{ prefix: '1', rate, fee }]);
        expect(one.chargeAt(0, durationSec, { decimals, mode })).toBe(charge(durationSec, one.termsAt(0), { decimals, mode }));
      }),
    );
  });

  it('holds a rate in 64 bytes or less', () => {
    const many = compiled(Array.from({ length: 20_000 }, (_, at) => ({ prefix: String(100_000 + at), fee: BigInt(at % 5), country: at })));
    expect(many.bytes / many.size).toBeLessThan(64);
    expect(many.countryPrefixIdAt(19_999)).toBe(19_999);
  });
});

describe('RateTableBuilder', () => {
  const refused = (rates: readonly Rate[], capacity = 10) => new RateTableBuilder(capacity).add(columnsOf(rates));

  it.each([
    { what: 'a prefix out of order', rates: [{ prefix: '35' }, { prefix: '34' }], reason: 'out of order' },
    { what: 'rates of one prefix out of order', rates: [{ prefix: '34', from: 5 }, { prefix: '34', from: 4 }], reason: 'out of order' },
    { what: 'a prefix that is no digits', rates: [{ prefix: '34x' }], reason: 'malformed' },
    { what: 'a negative rate', rates: [{ prefix: '34', rate: -1n }], reason: 'negative' },
    { what: 'an absurd fee', rates: [{ prefix: '34', fee: 2n ** 60n }], reason: 'beyond' },
    { what: 'an absurd increment', rates: [{ prefix: '34', increment: 4_000_000_000 }], reason: 'increment' },
    { what: 'a country prefix that is no row', rates: [{ prefix: '34', country: 2 ** 31 }], reason: 'number plan' },
    { what: 'more rates than announced', rates: [{ prefix: '34' }, { prefix: '35' }], capacity: 1, reason: 'announced' },
  ])('refuses $what', ({ rates, capacity, reason }) => {
    expect(refused(rates, capacity)).toMatchObject({ ok: false, refusal: { code: 'deck_malformed', reason: expect.stringContaining(reason) } });
  });

  it('refuses columns of unequal length', () => {
    for (const wrong of [{ blocked: [] }, { countryPrefixId: [1, 2] }]) {
      const columns = { ...columnsOf([{ prefix: '34' }]), ...wrong };
      expect(new RateTableBuilder(1).add(columns)).toMatchObject({ ok: false, refusal: { reason: 'columns of unequal length' } });
    }
  });

  it('takes a deck in chunks, and fewer rates than announced', () => {
    const builder = new RateTableBuilder(10);
    builder.add(columnsOf([{ prefix: '34' }]));
    builder.add(columnsOf([{ prefix: '346' }, { prefix: '35' }]));
    const chunks = builder.build();
    expect(chunks.size).toBe(3);
    expect(chunks.prefixAt(chunks.find('34650123456', 0))).toBe('346');
  });

  it('knows the country prefixes of those chunks that tell them', () => {
    const builder = new RateTableBuilder(10);
    for (const rates of [[{ prefix: '1' }], [{ prefix: '43', country: 7 }, { prefix: '44' }], [{ prefix: '45' }]]) builder.add(columnsOf(rates));
    const mixed = builder.build();
    expect([0, 1, 2, 3, 4].map((row) => mixed.countryPrefixIdAt(row))).toEqual([0, 7, 0, 0, 0]);
    expect(compiled([{ prefix: '1' }]).countryPrefixIdAt(0)).toBe(0);
  });
});

describe('rates with windows and further terms', () => {
  const peak: RateProfile = { window: { ...ANY_TIME, name: 'peak', weekdays: [1, 2, 3, 4, 5], fromSec: 8 * 3_600, untilSec: 20 * 3_600, weight: 10 }, furtherSteps: [], terms: {} };
  const further: RateProfile = {
    window: undefined, terms: { disconnectFeeNanos: 20_000_000n },
    furtherSteps: [{ fromSec: 60, rateNanos: 50_000_000n, perSec: 60, incrementSec: 1, entryFeeNanos: 0n }],
  };
  const builder = new RateTableBuilder(5);
  const columns = columnsOf([
    { prefix: '34', rate: 100_000_000n, initial: 1, increment: 1 }, { prefix: '34', rate: 50_000_000n, initial: 1, increment: 1 },
    { prefix: '346', rate: 80_000_000n, initial: 1, increment: 1 }, { prefix: '44', rate: 100_000_000n, initial: 60, increment: 60, fee: 10n }, { prefix: '49' },
  ]);
  builder.add({ ...columns, profiles: [peak, further], profile: [1, 0, 1, 2, 0], timeZone: 'Europe/Madrid' });
  const rates = builder.build();
  const us = (iso: string) => Date.parse(iso) * 1000;
  const charges: PlanCharges = { terms: { ...NO_FURTHER_TERMS, connectFeeNanos: 5n, taxPpm: 230_000 }, rounding: { decimals: 9, mode: 'half_up' }, windowByStart: false };

  it.each(table(`
    number       at                    | prefix  rate
    34912345678  2024-01-15T18:30:00Z  | 34      100000000
    34912345678  2024-01-15T19:00:00Z  | 34      50000000
    34612345678  2024-01-15T18:30:00Z  | 346     80000000
    34612345678  2024-01-15T19:00:00Z  | 34      50000000
    34612345678  2024-01-14T12:00:00Z  | 34      50000000
  `))('$number at $at is charged by prefix $prefix at $rate: a prefix counts while a window of it holds', ({ number = '', at = '', prefix, rate }) => {
    const row = rates.find(number, us(at));
    expect([rates.prefixAt(row), String(rates.ratePerMinAt(row))]).toEqual([prefix, rate]);
  });

  const scheduleAt = (number: string, at: string, windowByStart = false) => rates.scheduleAt(rates.find(number, us(at)), us(at), 3_600, { ...charges, windowByStart });

  it('split a call where another window begins, unless it keeps the one that it began in', () => {
    const windows = (byStart: boolean) => {
      const { segments } = scheduleAt('34912345678', '2024-01-15T18:59:30Z', byStart);
      return segments.map(({ fromSec, window, steps }) => `${fromSec} ${window} ${String(steps[0]?.rateNanos)}`);
    };
    expect(windows(false)).toEqual(['0 peak 100000000', '30  50000000']);
    expect(windows(true)).toEqual(['0 peak 100000000']);
  });

  it('keep a call at its rate where it crosses into one that is blocked', () => {
    const deck = new RateTableBuilder(2);
    deck.add({ ...columnsOf([{ prefix: '34', blocked: true }, { prefix: '34', rate: 100_000_000n, initial: 1, increment: 1 }]), profiles: [peak], profile: [0, 1] });
    const table = deck.build();
    const at = us('2024-01-15T19:59:30Z');
    expect(table.scheduleAt(table.find('34912345678', at), at, 60, charges).segments.map(({ fromSec, window }) => `${fromSec} ${window}`)).toEqual(['0 peak']);
    expect(table.blockedAt(table.find('34912345678', us('2024-01-15T20:00:00Z')))).toBe(true);
  });

  it('go on with the steps and terms that they state, and with the plan\'s for the rest', () => {
    const { segments, terms } = scheduleAt('44201234567', '2024-01-15T12:00:00Z');
    expect(segments[0]?.steps.map(({ fromSec, rateNanos }) => [fromSec, rateNanos])).toEqual([[0, 100_000_000n], [60, 50_000_000n]]);
    expect(terms).toMatchObject({ connectFeeNanos: 10n, disconnectFeeNanos: 20_000_000n, taxPpm: 230_000 });
    expect(scheduleAt('49301234567', '2024-01-15T12:00:00Z').terms).toBe(charges.terms);
  });

  it('refuse a profile that the chunk does not have, and a zone that nobody knows', () => {
    const fails = (more: Partial<RateColumns>) => new RateTableBuilder(1).add({ ...columnsOf([{ prefix: '1' }]), ...more });
    expect(fails({ profile: [1] })).toMatchObject({ refusal: { code: 'deck_malformed', reason: 'prefix 1 names a profile that its chunk does not have' } });
    expect(fails({ profile: [0, 0] })).toMatchObject({ refusal: { reason: 'columns of unequal length' } });
    expect(fails({ timeZone: 'Mars/Base' })).toMatchObject({ refusal: { reason: 'the time zone "Mars/Base" is unknown' } });
  });

  it('keep one profile for all rates that share it, over all chunks', () => {
    const many = new RateTableBuilder(2_000);
    const prefixes = Array.from({ length: 1_000 }, (_, at) => String(10_000 + at));
    const chunk = (prefix: string[]): RateColumns => {
      const plain = columnsOf(prefix.map((text) => ({ prefix: text, country: 1 })));
      return { ...plain, profiles: [further, peak], profile: prefix.map((_, at) => (at % 2) + 1) };
    };
    many.add(chunk(prefixes.slice(0, 500)));
    many.add(chunk(prefixes.slice(500)));
    expect(many.build().bytes / 1_000).toBeLessThan(64);
  });
});
