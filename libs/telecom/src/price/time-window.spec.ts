import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { ANY_TIME, countsBefore, holds, localTimeOf, windowSpanAt } from './time-window.ts';
import type { TimeWindow } from './time-window.ts';
import { stretchesOf, WindowClock, type WindowedStretch } from './windowed.ts';
import type { Windows } from './windowed.ts';
import { UTC, zoneOf } from './zone.ts';
import type { Zone } from './zone.ts';

const us = (iso: string): number => Date.parse(iso) * 1000;
const zone = (name: string): Zone => {
  const found = zoneOf(name);
  if (!found.ok) throw new Error(found.refusal.code);
  return found.value;
};
const clock = (text: string): number => {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return (hours * 60 + minutes) * 60;
};
const window = (name: string, from: string, until: string, more: Partial<TimeWindow> = {}): TimeWindow =>
  ({ ...ANY_TIME, name, fromSec: clock(from), untilSec: clock(until), ...more });

/** Windows by their position in a list. */
function clocks(list: readonly TimeWindow[], there: Zone): Windows {
  const each = list.map((one) => new WindowClock(one, there));
  const windows = {
    sameUntilUs: Infinity,
    countingAt(atUs: number) {
      windows.sameUntilUs = Math.min(...each.map((clock) => clock.spanAt(atUs).untilUs));
      return each.reduce((best, { window: one }, at) => {
        const counting = each[best]?.window;
        return each[at]?.spanAt(atUs).holds === true && (counting === undefined || countsBefore(one, counting)) ? at : best;
      }, -1);
    },
  };
  return windows;
}
const windowAt = (windows: Windows, atUs: number): number => windows.countingAt(atUs);

const workdays = [1, 2, 3, 4, 5];
const offPeak = window('off-peak', '00:00', '24:00');
const peak = window('peak', '08:00', '20:00', { weekdays: workdays, weight: 10 });
const night = window('night', '22:00', '06:00', { weekdays: workdays, weight: 20 });
const christmas = window('christmas', '00:00', '24:00', { monthDays: [25, 26], months: [12], weight: 30 });
const once = window('once', '00:00', '24:00', { years: [2025], months: [1], monthDays: [1], weight: 40 });
const all = [offPeak, peak, night, christmas, once];

describe('the window that counts', () => {
  it.each(table(`
    zone            at                    | window
    Europe/Madrid   2024-01-15T18:30:00Z  | peak
    Europe/Madrid   2024-01-15T19:00:00Z  | off-peak
    Europe/Madrid   2024-01-15T07:00:00Z  | peak
    Europe/Madrid   2024-01-15T06:59:59Z  | off-peak
    Europe/Madrid   2024-07-15T06:00:00Z  | peak
    UTC             2024-07-15T06:00:00Z  | off-peak
    Europe/Madrid   2024-01-13T12:00:00Z  | off-peak
    Europe/Madrid   2024-01-12T23:00:00Z  | night
    Europe/Madrid   2024-01-13T04:59:59Z  | night
    Europe/Madrid   2024-01-13T05:00:00Z  | off-peak
    Europe/Madrid   2024-01-14T22:00:00Z  | off-peak
    Europe/Madrid   2024-12-25T12:00:00Z  | christmas
    Europe/Madrid   2024-12-24T23:00:00Z  | christmas
    Europe/Madrid   2024-12-26T22:59:59Z  | christmas
    Europe/Madrid   2024-12-26T23:00:00Z  | night
    Europe/Madrid   2025-01-01T12:00:00Z  | once
    Europe/Madrid   2026-01-01T12:00:00Z  | peak
    Asia/Kathmandu  2024-01-15T02:15:00Z  | peak
    Asia/Kathmandu  2024-01-15T02:14:59Z  | off-peak
  `))('in $zone at $at is $window', ({ zone: name = '', at = '', window: expected }) => {
    expect(all[windowAt(clocks(all, zone(name)), us(at))]?.name).toBe(expected);
  });

  it('is the later one of two that weigh the same, and the first of two that are alike', () => {
    const evening = window('evening', '18:00', '24:00', { weight: 10 });
    expect([windowAt(clocks([peak, evening], UTC), us('2024-01-15T19:00:00Z')), windowAt(clocks([evening, peak], UTC), us('2024-01-15T19:00:00Z'))]).toEqual([1, 0]);
    expect(windowAt(clocks([offPeak, { ...offPeak, name: 'again' }], UTC), 0)).toBe(0);
  });

  it('is none where none holds', () => {
    expect(windowAt(clocks([peak], UTC), us('2024-01-14T12:00:00Z'))).toBe(-1);
  });
});

/** The window that counts, by a look at each of them. */
function countingAt(windows: readonly TimeWindow[], there: Zone, atUs: number): number {
  let best = -1;
  for (const [at, one] of windows.entries()) {
    const before = windows[best];
    if (holds(one, localTimeOf(there, atUs)) && (before === undefined || countsBefore(one, before))) best = at;
  }
  return best;
}

function stretches(list: readonly TimeWindow[], there: Zone, startUs: number, durationSec: number): WindowedStretch[] {
  const windows = clocks(list, there);
  return stretchesOf(windows, windows.countingAt(startUs), startUs, durationSec);
}

const told = (name: string, start: string, durationSec: number, windows = all): string =>
  stretches(windows, zone(name), us(start), durationSec).map(({ fromSec, window: at }) => `${fromSec}:${windows[at]?.name ?? ''}`).join(' ');

describe('the stretches of a call', () => {
  it.each(table(`
    zone            start                        duration | stretches
    Europe/Madrid   2024-01-15T18:59:30Z         29       | 0:peak
    Europe/Madrid   2024-01-15T18:59:30Z         31       | 0:peak 30:off-peak
    Europe/Madrid   2024-01-15T18:59:30.400000Z  31       | 0:peak 30:off-peak
    Europe/Madrid   2024-01-15T18:59:30Z         40000    | 0:peak 30:off-peak 7230:night 36030:off-peak
    Europe/Madrid   2024-03-31T00:30:00Z         86400    | 0:off-peak
    America/Havana  2024-03-10T04:30:00Z         3600     | 0:off-peak
  `))('from $start for $duration s in $zone: $stretches', ({ zone: name = '', start = '', duration, stretches }) => {
    expect(told(name, start, Number(duration))).toBe(stretches);
  });

  it('are right where the clocks go forward: the hour that is not there is not waited for', () => {
    const early = [window('night', '00:00', '02:30', { weight: 1 }), window('day', '00:00', '24:00')];
    // 01:59:30 in Madrid; at 02:00 it is 03:00, so the night ends there.
    expect(told('Europe/Madrid', '2024-03-31T00:59:30Z', 3_600, early)).toBe('0:night 30:day');
  });

  it('are right where the clocks go back: the hour that comes twice counts twice', () => {
    const early = [window('night', '00:00', '02:30', { weight: 1 }), window('day', '00:00', '24:00')];
    // 02:29:30 for the first time; 02:30 comes 30 s later, at 03:00 it is 02:00 again, and 02:30 comes once more.
    expect(told('Europe/Madrid', '2024-10-27T00:29:30Z', 7_200, early)).toBe('0:night 30:day 1830:night 3630:day');
  });

  it('let the one before go on where none holds', () => {
    expect(told('UTC', '2024-01-15T19:59:00Z', 120, [peak])).toBe('0:peak');
  });

  it('agree with a look at every second', () => {
    const names = fc.constantFrom('UTC', 'Europe/Madrid', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    const anyWindow = fc.record({
      name: fc.constant(''), weekdays: fc.subarray([1, 2, 3, 4, 5, 6, 7]), monthDays: fc.constantFrom([], [1, 31], [27]), months: fc.constantFrom([], [3, 10]),
      years: fc.constant([]), fromSec: fc.nat(95).map((quarter) => quarter * 900), untilSec: fc.nat(96).map((quarter) => quarter * 900), weight: fc.nat(2),
    });
    const start = fc.integer({ min: us('2024-01-01T00:00:00Z'), max: us('2025-12-31T00:00:00Z') });
    const nearChange = fc.integer({ min: us('2024-10-26T20:00:00Z'), max: us('2024-10-27T04:00:00Z') });
    fc.assert(fc.property(names, fc.array(anyWindow, { maxLength: 4 }), fc.oneof(start, nearChange), fc.nat(15_000), (name, windows, startUs, durationSec) => {
      const list = [...windows, ANY_TIME];
      const there = zone(name);
      const found = stretches(list, there, startUs, durationSec);
      for (let sec = 0; sec < durationSec; sec += 97) {
        expect(found.findLast(({ fromSec }) => fromSec <= sec)?.window).toBe(countingAt(list, there, startUs + sec * 1_000_000));
      }
    }), { numRuns: 60 });
  });
});

describe('a span of a window', () => {
  it('is around its instant, and the window is the same all through it', () => {
    const names = fc.constantFrom('UTC', 'Europe/Madrid', 'America/St_Johns', 'Australia/Lord_Howe', 'Africa/Casablanca');
    const instant = fc.integer({ min: us('2024-01-01T00:00:00Z'), max: us('2025-12-31T00:00:00Z') });
    fc.assert(fc.property(names, fc.constantFrom(...all), instant, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (name, one, atUs, part) => {
      const { fromUs, untilUs, holds: does } = windowSpanAt(one, zone(name), atUs);
      const other = Number.isFinite(untilUs) ? Math.min(untilUs - 1, Math.floor(fromUs + (untilUs - fromUs) * part)) : atUs;
      expect([fromUs <= atUs, atUs < untilUs, holds(one, localTimeOf(zone(name), atUs)), holds(one, localTimeOf(zone(name), other))]).toEqual([true, true, does, does]);
    }), { numRuns: 300 });
  });

  it('is remembered by a clock, whatever it was asked before', () => {
    const clock = new WindowClock(peak, zone('Europe/Madrid'));
    const spanHas = (at: string) => clock.spanAt(us(at)).holds;
    expect(['2024-01-15T12:00:00Z', '2024-01-15T20:00:00Z', '2024-01-15T12:00:01Z', '2024-01-13T12:00:00Z', '2024-01-15T20:00:01Z'].map(spanHas))
      .toEqual([true, false, true, false, false]);
  });
});

describe('a zone', () => {
  it.each(table(`
    zone                 at                    | hour
    Europe/Madrid        2024-03-31T00:59:59Z  | 1
    Europe/Madrid        2024-03-31T01:00:00Z  | 3
    Europe/Madrid        2024-10-27T00:59:59Z  | 2
    Europe/Madrid        2024-10-27T01:00:00Z  | 2
    Australia/Lord_Howe  2024-04-06T15:00:00Z  | 1
    Europe/Vienna        2032-10-31T00:59:59Z  | 2
    Europe/Vienna        2032-10-31T01:00:00Z  | 2
    Europe/Vienna        2032-10-31T02:00:00Z  | 3
    Africa/Casablanca    2019-05-21T12:00:00Z  | 12
    Africa/Casablanca    2019-06-21T12:00:00Z  | 13
    Pacific/Fiji         2020-12-25T21:00:00Z  | 10
    Pacific/Apia         2011-12-30T09:59:59Z  | 23
    -                    2024-03-31T12:00:00Z  | 12
  `))('$zone shows $hour o\'clock at $at', ({ zone: name = '', at = '', hour }) => {
    expect(Math.floor(localTimeOf(zone(name), us(at)).secondOfDay / 3600)).toBe(Number(hour));
  });

  it('shows what the clocks there show, in any zone and year', () => {
    const clocks = Intl.supportedValuesOf('timeZone').map((timeZone) => ({ timeZone, shown: new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' }) }));
    fc.assert(fc.property(fc.constantFrom(...clocks), fc.integer({ min: 0, max: 2_500_000_000 }), ({ timeZone, shown }, sec) => {
      const { day, secondOfDay } = localTimeOf(zone(timeZone), sec * 1_000_000);
      expect([timeZone, new Date((day * 86_400 + secondOfDay) * 1000).toISOString().slice(0, 19)]).toEqual([timeZone, shown.format(sec * 1000).replace(' ', 'T')]);
    }), { numRuns: 500 });
  });

  it('is refused where nobody has heard of it', () => {
    expect(zoneOf('Europe/Atlantis')).toEqual({ ok: false, refusal: { code: 'time_zone_unknown', zone: 'Europe/Atlantis' } });
  });

  it('counts 1970-01-01 as a Thursday', () => {
    expect([4, 3, 5].map((weekday) => holds({ ...ANY_TIME, weekdays: [weekday] }, { day: 0, secondOfDay: 0 }))).toEqual([true, false, false]);
  });
});
