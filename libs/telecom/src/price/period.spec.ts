import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { periodAt, periodBounds } from './period.ts';
import type { Periods, PeriodUnit } from './period.ts';
import { zoneOf } from './zone.ts';

const us = (iso: string): number => Date.parse(iso) * 1000;
const isUnit = (text: string): text is PeriodUnit => ['once', 'day', 'week', 'month'].includes(text);
const periodsOf = (unit: string, zone: string, anchor: string): Periods => {
  const found = zoneOf(zone);
  if (!found.ok || !isUnit(unit)) throw new Error(`${unit} in ${zone} is no period`);
  return { unit, zone: found.value, anchorDay: us(`${anchor}T00:00:00Z`) / 86_400_000_000 };
};
const iso = (at: number): string => new Date(at / 1000).toISOString().replace('.000Z', 'Z');

describe('periods of a calendar', () => {
  it.each(table(`
    unit   zone                 anchor      at                    | number  from                  until
    day    UTC                  2026-01-01  2026-01-01T23:59:59Z  | 0       2026-01-01T00:00:00Z  2026-01-02T00:00:00Z
    day    Europe/Madrid        2026-03-29  2026-03-29T12:00:00Z  | 0       2026-03-28T23:00:00Z  2026-03-29T22:00:00Z
    day    Europe/Madrid        2026-03-29  2026-10-25T12:00:00Z  | 210     2026-10-24T22:00:00Z  2026-10-25T23:00:00Z
    week   Europe/Madrid        2001-01-01  2026-03-29T21:59:59Z  | 1316    2026-03-22T23:00:00Z  2026-03-29T22:00:00Z
    week   Europe/Madrid        2001-01-01  2026-03-29T22:00:00Z  | 1317    2026-03-29T22:00:00Z  2026-04-05T22:00:00Z
    month  Europe/Madrid        2026-01-01  2026-03-15T12:00:00Z  | 2       2026-02-28T23:00:00Z  2026-03-31T22:00:00Z
    month  Europe/Madrid        2026-01-01  2025-12-31T22:59:59Z  | -1      2025-11-30T23:00:00Z  2025-12-31T23:00:00Z
    month  UTC                  2026-01-31  2026-02-27T00:00:00Z  | 0       2026-01-31T00:00:00Z  2026-02-28T00:00:00Z
    month  UTC                  2026-01-31  2026-02-28T00:00:00Z  | 1       2026-02-28T00:00:00Z  2026-03-31T00:00:00Z
    month  UTC                  2026-01-31  2028-02-29T00:00:00Z  | 25      2028-02-29T00:00:00Z  2028-03-31T00:00:00Z
    month  UTC                  2026-01-15  2026-06-14T23:59:59Z  | 4       2026-05-15T00:00:00Z  2026-06-15T00:00:00Z
    day    America/Havana       2026-03-08  2026-03-08T12:00:00Z  | 0       2026-03-08T05:00:00Z  2026-03-09T04:00:00Z
    day    America/St_Johns     2009-11-01  2009-11-01T02:30:30Z  | 0       2009-11-01T02:30:00Z  2009-11-02T03:30:00Z
    day    America/St_Johns     2009-11-01  2009-11-01T03:00:00Z  | 0       2009-11-01T02:30:00Z  2009-11-02T03:30:00Z
    day    America/St_Johns     2009-11-01  2009-11-01T03:30:00Z  | 0       2009-11-01T02:30:00Z  2009-11-02T03:30:00Z
    day    Pacific/Apia         2011-12-29  2011-12-30T09:59:59Z  | 0       2011-12-29T10:00:00Z  2011-12-30T10:00:00Z
    day    Pacific/Apia         2011-12-29  2011-12-30T10:00:00Z  | 2       2011-12-30T10:00:00Z  2011-12-31T10:00:00Z
  `))('$at is in $unit $number from $anchor in $zone', ({ unit = '', zone = '', anchor = '', at = '', number, from, until }) => {
    const periods = periodsOf(unit, zone, anchor);
    const period = periodAt(periods, us(at));
    const { fromUs, untilUs } = periodBounds(periods, period);
    expect([period, iso(fromUs), iso(untilUs)]).toEqual([Number(number), from, until]);
  });

  it('come once where they do not come again', () => {
    const once = periodsOf('once', 'UTC', '2026-01-01');
    expect([periodAt(once, 0), periodBounds(once, 0)]).toEqual([0, { fromUs: -Infinity, untilUs: Infinity }]);
  });

  it('hold each instant in exactly one of them, however the clocks change', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Madrid', 'America/St_Johns', 'Australia/Lord_Howe', 'America/Havana', 'Pacific/Apia', 'Africa/Casablanca');
    const anchor = fc.integer({ min: 0, max: 25_000 });
    const at = fc.oneof(fc.integer({ min: us('2005-01-01T00:00:00Z'), max: us('2030-01-01T00:00:00Z') }), fc.integer({ min: us('2009-11-01T00:00:00Z'), max: us('2009-11-01T06:00:00Z') }));
    fc.assert(fc.property(zones, fc.constantFrom('day', 'week', 'month'), anchor, at, (zone, unit, anchorDay, instant) => {
      const periods = { ...periodsOf(unit, zone, '2026-01-01'), anchorDay };
      const period = periodAt(periods, instant);
      const { fromUs, untilUs } = periodBounds(periods, period);
      expect(fromUs <= instant && instant < untilUs).toBe(true);
      expect([periodAt(periods, fromUs), periodAt(periods, untilUs - 1), periodBounds(periods, period + 1).fromUs]).toEqual([period, period, untilUs]);
    }), { numRuns: 300 });
  });
});
