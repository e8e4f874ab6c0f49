import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { priceInRationals } from './price/price.ts';
import type { RateProfile } from './price/rate-profile.ts';
import { anyRounding, anySteps, anyTerms } from './price/schedule.fixture.ts';
import type { ChargeTerms } from './price/schedule.ts';
import type { TimeWindow } from './price/time-window.ts';
import type { RateColumns } from './rate-table-builder.ts';
import { RateTableBuilder } from './rate-table-builder.ts';
import type { PlanCharges } from './rate-table.ts';

const quarterSec = 900;

const anyWindow: fc.Arbitrary<TimeWindow | undefined> = fc.option(fc.record({
  name: fc.constantFrom('one', 'other'), weekdays: fc.constantFrom([], [1, 2, 3, 4, 5], [6, 7]), monthDays: fc.constantFrom([], [31]), months: fc.constant([]), years: fc.constant([]),
  fromSec: fc.nat(95).map((quarter) => quarter * quarterSec), untilSec: fc.nat(96).map((quarter) => quarter * quarterSec), weight: fc.nat(2),
}), { nil: undefined });

/** Of the terms of a plan those that a rate states itself. */
const ownTerms: fc.Arbitrary<Partial<ChargeTerms>> = fc.tuple(anyTerms, fc.subarray(['connectFeeNanos', 'minChargeNanos', 'taxPpm', 'pulses', 'maxCost'] as const))
  .map(([terms, names]) => Object.fromEntries(names.map((name) => [name, terms[name]])));

const anyProfile: fc.Arbitrary<RateProfile> = fc.record({
  window: anyWindow,
  // The first begins with the rate's own, or after it.
  furtherSteps: fc.oneof(fc.constant([]), anySteps, anySteps.map((steps) => steps.map((step) => ({ ...step, fromSec: step.fromSec + 45 })))),
  terms: ownTerms,
});

const anyRate = fc.record({
  prefix: fc.constantFrom('3', '34', '346'),
  rate: fc.oneof(fc.bigInt({ min: 0n, max: 2_000_000_000n }), fc.bigInt({ min: 0n, max: 2n ** 53n - 1n })),
  fee: fc.constantFrom(0n, 0n, 10_000_000n), initial: fc.constantFrom(0, 1, 30, 60), increment: fc.constantFrom(1, 6, 30, 60),
  until: fc.constantFrom(0n, 0n, 1n), blocked: fc.constantFrom(false, false, false, true), profile: fc.option(anyProfile, { nil: undefined, freq: 6 }),
});

type AnyRate = typeof anyRate extends fc.Arbitrary<infer R> ? R : never;

function tableOf(rates: readonly AnyRate[]): ReturnType<RateTableBuilder['build']> {
  const sorted = [...rates].sort((one, other) => (one.prefix < other.prefix ? -1 : Number(one.prefix > other.prefix)));
  const columns: RateColumns = {
    prefix: sorted.map(({ prefix }) => prefix), ratePerMinNanos: sorted.map(({ rate }) => rate), connectFeeNanos: sorted.map(({ fee }) => fee),
    initialIncrementSec: sorted.map(({ initial }) => initial), incrementSec: sorted.map(({ increment }) => increment),
    validFromUs: sorted.map(() => 0n), validUntilUs: sorted.map(({ until }) => until), blocked: sorted.map(({ blocked }) => blocked), countryPrefixId: [],
    profiles: sorted.map(({ profile }) => profile ?? { window: undefined, furtherSteps: [], terms: {} }), profile: sorted.map(({ profile }, at) => (profile === undefined ? 0 : at + 1)),
    timeZone: 'Europe/Madrid',
  };
  const builder = new RateTableBuilder(sorted.length);
  expect(builder.add(columns)).toMatchObject({ ok: true });
  return builder.build();
}

const anyPlan: fc.Arbitrary<PlanCharges> = fc.record({ terms: anyTerms, rounding: anyRounding, windowByStart: fc.boolean() });
/** Around a change of clocks, and a week of no such. */
const anyStartUs = fc.constantFrom('2024-10-26T20:00:00Z', '2024-03-30T22:00:00Z', '2024-01-12T10:00:00Z')
  .chain((from) => fc.nat(4 * 86_400).map((sec) => Date.parse(from) * 1_000 + sec * 1_000_000 + (sec % 3) * 400_000));

describe('the price of a call by a table of rates', () => {
  it('is that of its schedule, in rational arithmetic, whatever the rates, windows, steps and terms, and whatever was asked before', () => {
    const calls = fc.array(fc.record({ number: fc.constantFrom('34650', '34911', '3'), startUs: anyStartUs, durationSec: fc.oneof(fc.nat(700), fc.nat(20_000)) }), { minLength: 1, maxLength: 6 });
    const plans = fc.array(anyPlan, { minLength: 1, maxLength: 2 });
    fc.assert(fc.property(fc.array(anyRate, { minLength: 1, maxLength: 6 }), plans, calls, (rates, plan, asked) => {
      const table = tableOf(rates);
      for (const [at, { number, startUs, durationSec }] of asked.entries()) {
        const row = table.find(number, startUs);
        const charges = plan[at % plan.length];
        if (row < 0 || table.blockedAt(row) || charges === undefined) continue;
        const fresh = tableOf(rates);
        const schedule = fresh.scheduleAt(row, startUs, durationSec, charges);
        expect(table.priceAt(row, startUs, durationSec, charges)).toEqual(priceInRationals(schedule, durationSec));
        expect(table.scheduleAt(row, startUs, durationSec, charges)).toEqual(schedule);
        expect(fresh.find(number, startUs)).toBe(row);
      }
    }), { numRuns: 800 });
  });

  it('goes over to the rate that counts at each second, by a look at each', () => {
    fc.assert(fc.property(fc.array(anyRate, { minLength: 1, maxLength: 5 }), anyPlan, anyStartUs, (rates, plan, startUs) => {
      const table = tableOf(rates.map((rate) => ({ ...rate, prefix: '34' })));
      const first = table.find('34911', startUs);
      if (first < 0 || table.blockedAt(first)) return;
      const { segments } = table.scheduleAt(first, startUs, 20_000, { ...plan, windowByStart: false });
      for (let sec = 0; sec < 20_000; sec += 89) {
        const row = table.find('34911', startUs + sec * 1_000_000);
        // Where none counts, or one that is blocked, the one before goes on.
        if (row < 0 || table.blockedAt(row)) continue;
        const [there] = table.scheduleAt(row, startUs + sec * 1_000_000, 1, { ...plan, windowByStart: true }).segments;
        expect(segments.findLast(({ fromSec }) => fromSec <= sec)?.steps).toEqual(there?.steps);
      }
    }), { numRuns: 200 });
  });
});
