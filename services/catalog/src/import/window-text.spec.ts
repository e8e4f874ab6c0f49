import { describe, expect, it } from '@jest/globals';
import { ANY_TIME, type TimeWindow } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { windowsOfText, windowText } from './window-text.ts';

/** Windows as they are written again. */
const told = (text: string) => windowsOfText(text)?.map((window) => windowText(window) || 'any time').join(' or ') ?? 'none';

describe('a time window as text', () => {
  it.each(table<'text' | 'read'>(`
    text                                     | read
    -                                        | any time
    any                                      | any time
    24h                                      | any time
    mon-fri 08:00-20:00                      | mon-fri 08:00-20:00
    Monday - Friday, 8:00 - 20:00            | none
    Monday - Friday 8:00 - 20:00             | mon-fri 08:00-20:00
    08:00-20:00 Mon,Tue, wed                 | mon-wed 08:00-20:00
    fri-mon                                  | mon,fri-sun
    weekend                                  | sat-sun
    weekdays 07:30-07:30:15                  | mon-fri 07:30-07:30:15
    20:00-08:00                              | 20:00-08:00
    20:00-00:00                              | 20:00-24:00
    nov-feb                                  | jan-feb,nov-dec
    dec d24-26 2026-2028                     | dec d24-26 2026-2028
    2026-12-25,2027-01-01 *10                | dec d25 2026 *10 or jan d1 2027 *10
    mon-fri 20:00-08:00 or sat-sun           | mon-fri 20:00-08:00 or sat-sun
    peak: mon-fri 08:00-20:00                | peak: mon-fri 08:00-20:00
    off-peak: any                            | off-peak: any
    off-peak:                                | off-peak: any
    peak: mon or tue                         | peak: mon or peak: tue
    any *3                                   | any *3
    mon *0                                   | mon *0
    mon tue                                  | none
    08:00-20:00 21:00-22:00                  | none
    2026-12-25 dec                           | none
    2026-02-30                               | none
    24:00-08:00                              | none
    08:00-25:00                              | none
    08:60-09:00                              | none
    d0                                       | none
    d5-3                                     | none
    mo                                       | none
    mon-tue-wed                              | none
    lunch                                    | none
    mon or                                   | none
    *1000001                                 | none
    a;b: mon                                 | none
  `))('"$text" is $read', ({ text, read }) => {
    expect(told(text)).toBe(read);
  });

  const some = (min: number, max: number) => fc.uniqueArray(fc.integer({ min, max }), { maxLength: 5 }).map((values) => values.toSorted((one, other) => one - other));
  const anyWindow: fc.Arbitrary<TimeWindow> = fc.record({
    name: fc.constantFrom('', 'peak', 'Off-Peak', 'Sonn & Feiertag', '24h'), weekdays: some(1, 7), monthDays: some(1, 31), months: some(1, 12), years: some(1970, 9999),
    fromSec: fc.integer({ min: 0, max: 86_399 }), untilSec: fc.integer({ min: 1, max: 86_400 }), weight: fc.integer({ min: 0, max: 1_000_000 }),
  });

  it('is read again as it was, whatever window it is', () => {
    fc.assert(fc.property(anyWindow, (window) => {
      expect(windowsOfText(windowText(window))).toEqual([window]);
    }));
    expect(windowsOfText(windowText({ ...ANY_TIME, name: 'night', weight: 0 }))).toEqual([{ ...ANY_TIME, name: 'night' }]);
    expect(windowsOfText(windowText(undefined))).toEqual([undefined]);
  });
});
